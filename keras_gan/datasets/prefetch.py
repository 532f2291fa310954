"""Prepare the next batches in a thread during the training step."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Prefetcher:
    """Compute a function of the step ahead of time, in one thread.

    If another step is requested than the expected one, only time is lost, because the
    function is pure.

    Args:
        batch: Callable from a step to a batch.
        depth: Number of steps to compute ahead.
    """

    def __init__(self, batch: Callable[[int], Any], depth: int) -> None:
        self.batch = batch
        self.depth = depth
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
        self._pending = {}

    def __call__(self, step: int) -> Any:
        with self._lock:
            future = self._pending.pop(step, None)
            ahead = range(step + 1, step + 1 + self.depth)
            for stale in set(self._pending) - set(ahead):
                self._pending.pop(stale).cancel()
            if future is None:
                future = self._pool.submit(self.batch, step)
            for later in ahead:
                if later not in self._pending:
                    self._pending[later] = self._pool.submit(self.batch, later)
        return future.result()
