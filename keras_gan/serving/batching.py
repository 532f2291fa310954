"""Batching of concurrent requests."""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import contextlib
import time

import numpy as np

from .budget import Share, busy
from .errors import ServingError
from .jobs import SHORT, Job, JobQueue
from .json_tensors import text_size

# A call of slow rows has fewer of them, so that it lasts no longer than this.
SECONDS = 0.5


class Batcher:
    """A queue that shares the calls of a signature among concurrent requests.

    While a call runs, requests for the same signature wait. The next call takes some
    rows of each, so that a short request is answered soon however long the others are.
    If a call fails, its requests are tried one by one, so that a wrong request fails
    alone. A request that was cancelled leaves the queue.

    Args:
        max_rows: int, the rows of one call.
        delay: float, seconds to wait for more requests.
        max_request_rows: int, the rows of one request.
        max_long: int, the requests of more than `SHORT` rows at a time.
        count_run: a function of a model's name and seconds, called after each call.
    """

    def __init__(
        self,
        max_rows: int = 64,
        delay: float = 0.001,
        max_request_rows: int = 4096,
        max_long: int = 128,
        count_run=lambda model, seconds: None,
    ):
        self.max_rows = max_rows
        self.delay = delay
        self.max_request_rows = max_request_rows
        self.max_long, self.num_long = max_long, 0
        self.count_run = count_run
        self._queues = collections.defaultdict(JobQueue)
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
            outputs = await self.run_alone(signature, inputs)
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
        with self._long() if num_rows > SHORT else contextlib.nullcontext():
            return await self._submit(signature, Job(inputs, num_rows, grow))

    async def run_alone(self, signature, inputs: dict) -> dict:
        """Compute the outputs of a signature in one call of its own.

        Args:
            signature: a `Signature`.
            inputs: dict from name to array.

        Raises:
            ServingError: if it cannot be computed, or too many long requests are.
        """
        with self._long():
            outputs, _ = await self._call(signature, inputs)
            return outputs

    @contextlib.contextmanager
    def _long(self):
        """Count a long request, or refuse it."""
        if self.num_long >= self.max_long:
            raise busy(f"has {self.num_long} long requests in work")
        self.num_long += 1
        try:
            yield
        finally:
            self.num_long -= 1

    def num_waiting(self) -> int:
        """Return the rows in the queues."""
        return sum(queue.num_rows() for queue in self._queues.values())

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
        signature, queue, max_rows = key[0], self._queues[key], self.max_rows
        try:
            await asyncio.sleep(self.delay)
            while queue:
                seconds = await self._answer(signature, queue.take(max_rows))
                if seconds > SECONDS:
                    max_rows = max(2, max_rows // 2)
                elif seconds < SECONDS / 4:
                    max_rows = min(self.max_rows, max_rows * 2)
        finally:
            del self._workers[key], self._queues[key]

    async def _answer(self, signature, taken):
        """Compute rows, hand them out, and return the seconds of the call."""
        if not taken:
            return 0.0
        try:
            rows = [job.rows(start, stop) for job, start, stop in taken]
            outputs, seconds = await self._call(signature, _concatenate(rows))
        except Exception as error:
            if len(taken) == 1:
                taken[0][0].fail(error)
                return 0.0
            for part in taken:
                if not part[0].future.done():
                    await self._answer(signature, [part])
            return 0.0
        offset = 0
        for job, start, stop in taken:
            end = offset + stop - start
            job.receive({k: v[offset:end] for k, v in outputs.items()}, start, stop)
            offset = end
        return seconds

    async def _call(self, signature, inputs):
        loop, start = asyncio.get_running_loop(), time.perf_counter()
        outputs = await loop.run_in_executor(self._threads, signature, inputs)
        seconds = time.perf_counter() - start
        self.count_run(signature.model, seconds)
        return outputs, seconds


def _concatenate(parts):
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
