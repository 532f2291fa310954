"""Batching of concurrent requests."""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures

import numpy as np

from .errors import ServingError


class Batcher:
    """A queue that joins concurrent requests for one call of a signature.

    While a call runs, requests for the same signature wait, and the next call
    takes them together. If a call fails, its requests are tried one by one, so
    that a wrong request fails alone.

    Args:
        max_rows: int, the rows of one call; longer requests are split.
        delay: float, seconds to wait for more requests.
        max_request_rows: int, the rows of one request.
    """

    def __init__(
        self, max_rows: int = 64, delay: float = 0.001, max_request_rows: int = 4096
    ):
        self.max_rows = max_rows
        self.delay = delay
        self.max_request_rows = max_request_rows
        self._queues = collections.defaultdict(collections.deque)
        self._workers = {}
        self._threads = concurrent.futures.ThreadPoolExecutor(4, "serving")

    async def run(self, signature, inputs: dict) -> dict:
        """Compute the outputs of a signature, in a batch with other requests.

        Args:
            signature: a `Signature`.
            inputs: dict from name to array.

        Returns:
            A dict from name to array.

        Raises:
            ServingError: if the request cannot be answered.
        """
        if not signature.is_batched:
            return await self._call(signature, inputs)
        num_rows = len(next(iter(inputs.values())))
        if num_rows > self.max_request_rows:
            raise ServingError(
                f"A request may have {self.max_request_rows} rows. Received: "
                f"{num_rows}. Split it."
            )
        parts = [
            {k: v[start : start + self.max_rows] for k, v in inputs.items()}
            for start in range(0, num_rows, self.max_rows)
        ]
        answers = await asyncio.gather(
            *(self._submit(signature, part) for part in parts or [inputs])
        )
        return answers[0] if len(answers) == 1 else _concatenate(answers)

    def close(self):
        """Stop the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _submit(self, signature, inputs):
        future = asyncio.get_running_loop().create_future()
        # Free sizes, such as the height of an image, must agree within a batch.
        key = signature, tuple(array.shape[1:] for array in inputs.values())
        self._queues[key].append((inputs, future))
        if key not in self._workers:
            self._workers[key] = asyncio.create_task(self._answer_queue(key))
        return await future

    async def _answer_queue(self, key):
        try:
            await asyncio.sleep(self.delay)
            while self._queues[key]:
                await self._answer(key[0], self._take(self._queues[key]))
        finally:
            del self._workers[key], self._queues[key]

    def _take(self, queue):
        taken, num_rows = [], 0
        while queue:
            size = len(next(iter(queue[0][0].values())))
            if taken and num_rows + size > self.max_rows:
                break
            taken.append(queue.popleft())
            num_rows += size
        return [(i, future) for i, future in taken if not future.cancelled()]

    async def _answer(self, signature, taken):
        if not taken:
            return
        try:
            outputs = await self._call(signature, _concatenate([i for i, _ in taken]))
        except Exception as error:
            if len(taken) == 1:
                _set(taken[0][1], error=error)
                return
            for request in taken:
                await self._answer(signature, [request])
            return
        start = 0
        for inputs, future in taken:
            stop = start + len(next(iter(inputs.values())))
            _set(future, {k: v[start:stop] for k, v in outputs.items()})
            start = stop

    async def _call(self, signature, inputs):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, signature, inputs)


def _concatenate(parts):
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _set(future, result=None, error=None):
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
