"""Batching of concurrent requests."""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import time

import numpy as np

from .budget import Share
from .errors import ServingError
from .json_tensors import text_size


class Batcher:
    """A queue that shares the calls of a signature among concurrent requests.

    While a call runs, requests for the same signature wait. The next call takes some
    rows of each, in turn, so that a short request is answered soon however long the
    others are. If a call fails, its requests are tried one by one, so that a wrong
    request fails alone. A request that was cancelled leaves the queue.

    Args:
        max_rows: int, the rows of one call.
        delay: float, seconds to wait for more requests.
        max_request_rows: int, the rows of one request.
        count_run: a function of a model's name and seconds, called after each call.
    """

    def __init__(
        self,
        max_rows: int = 64,
        delay: float = 0.001,
        max_request_rows: int = 4096,
        count_run=lambda model, seconds: None,
    ):
        self.max_rows = max_rows
        self.delay = delay
        self.max_request_rows = max_request_rows
        self.count_run = count_run
        self._queues = collections.defaultdict(collections.deque)
        self._workers = {}
        self._threads = concurrent.futures.ThreadPoolExecutor(4, "serving")

    async def run(self, signature, inputs: dict, share: Share | None = None) -> dict:
        """Compute the outputs of a signature, in a batch with other requests.

        Args:
            signature: a `Signature`.
            inputs: dict from name to array.
            share: the `Share` that holds the answer's bytes; None for no limit.

        Returns:
            A dict from name to array.

        Raises:
            ServingError: if the request cannot be answered.
        """
        grow = share.grow if share else lambda size: None
        if not signature.is_batched:
            outputs = await self._call(signature, inputs)
            grow(sum(map(text_size, outputs.values())))
            return outputs
        num_rows = len(next(iter(inputs.values())))
        if num_rows > self.max_request_rows:
            raise ServingError(
                f"A request may have {self.max_request_rows} rows. Received: "
                f"{num_rows}. Split it."
            )
        if share:
            share.check(num_rows * signature.row_size)
        return await self._submit(signature, _Job(inputs, num_rows, grow))

    def num_waiting(self) -> int:
        """Return the rows in the queues."""
        return sum(
            job.num_rows - job.start for queue in self._queues.values() for job in queue
        )

    def close(self):
        """Stop the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _submit(self, signature, job):
        # Free sizes, such as the height of an image, must agree within a batch.
        key = signature, tuple(array.shape[1:] for array in job.inputs.values())
        self._queues[key].append(job)
        if key not in self._workers:
            self._workers[key] = asyncio.create_task(self._answer_queue(key))
        return await job.future

    async def _answer_queue(self, key):
        try:
            await asyncio.sleep(self.delay)
            while self._queues[key]:
                await self._answer(key[0], self._take(self._queues[key]))
        finally:
            del self._workers[key], self._queues[key]

    def _take(self, queue):
        """Take an equal part of each job from the queue: `(job, start, stop)`."""
        part, free, taken = max(1, self.max_rows // len(queue)), self.max_rows, []
        while queue and (free or not taken):
            job = queue.popleft()
            if job.future.done():
                continue
            start, job.start = job.start, min(job.start + min(part, free), job.num_rows)
            taken.append((job, start, job.start))
            free -= job.start - start
            if job.start < job.num_rows:
                queue.append(job)
        return taken

    async def _answer(self, signature, taken):
        if not taken:
            return
        try:
            rows = [job.rows(start, stop) for job, start, stop in taken]
            outputs = await self._call(signature, _concatenate(rows))
        except Exception as error:
            if len(taken) == 1:
                taken[0][0].fail(error)
                return
            for part in taken:
                if not part[0].future.done():
                    await self._answer(signature, [part])
            return
        offset = 0
        for job, start, stop in taken:
            end = offset + stop - start
            job.receive({k: v[offset:end] for k, v in outputs.items()}, start, stop)
            offset = end

    async def _call(self, signature, inputs):
        loop, start = asyncio.get_running_loop(), time.perf_counter()
        outputs = await loop.run_in_executor(self._threads, signature, inputs)
        self.count_run(signature.model, time.perf_counter() - start)
        return outputs


class _Job:
    """A request in a queue, and what was computed of it."""

    def __init__(self, inputs, num_rows, grow):
        self.inputs = inputs
        self.num_rows = num_rows
        self.grow = grow
        self.start = self.num_done = 0
        self.outputs = {}
        self.future = asyncio.get_running_loop().create_future()

    def rows(self, start, stop):
        if stop - start == self.num_rows:
            return self.inputs
        return {name: array[start:stop] for name, array in self.inputs.items()}

    def receive(self, outputs, start, stop):
        """Keep the outputs of some rows; the last ones end the job."""
        if self.future.done():
            return
        try:
            self._keep(outputs, start, stop)
        except Exception as error:
            self.fail(error)
            return
        self.num_done += stop - start
        if self.num_done == self.num_rows:
            self.future.set_result(self.outputs)

    def _keep(self, outputs, start, stop):
        self.grow(sum(map(text_size, outputs.values())))
        if stop - start == self.num_rows:
            self.outputs = outputs
            return
        if not self.outputs:
            self.outputs = {
                name: np.empty((self.num_rows, *array.shape[1:]), array.dtype)
                for name, array in outputs.items()
            }
        for name, array in outputs.items():
            self.outputs[name][start:stop] = array

    def fail(self, error):
        if not self.future.done():
            self.future.set_exception(error)


def _concatenate(parts):
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
