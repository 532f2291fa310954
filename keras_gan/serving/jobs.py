"""Requests that wait for their rows to be computed, and the queue of them."""

from __future__ import annotations

import asyncio
import collections

import numpy as np

from .json_tensors import text_size

# Rows of a short request. Such requests come first, and are always taken: the number
# of connections bounds them, and a server that is full of long ones goes on to serve
# them.
SHORT = 4


class Job:
    """A request in a queue, and what was computed of it.

    Args:
        inputs: dict from name to array.
        num_rows: int.
        grow: a function of a number of bytes, called before they are kept.
    """

    def __init__(self, inputs: dict, num_rows: int, grow):
        self.inputs = inputs
        self.num_rows = num_rows
        self.grow = grow
        self.num_taken = self.num_done = 0
        self.outputs = {}
        self.future = asyncio.get_running_loop().create_future()

    def rows(self, start: int, stop: int) -> dict:
        """Return the inputs of some rows."""
        if stop - start == self.num_rows:
            return self.inputs
        return {name: array[start:stop] for name, array in self.inputs.items()}

    def receive(self, outputs: dict, start: int, stop: int):
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

    def fail(self, error: Exception):
        """End the job with an error."""
        if not self.future.done():
            self.future.set_exception(error)


class JobQueue:
    """The jobs that wait for one signature."""

    def __init__(self):
        self.short, self.long = collections.deque(), collections.deque()

    def __bool__(self):
        return bool(self.short or self.long)

    def append(self, job: Job):
        """Put a job at the end."""
        (self.short if job.num_rows <= SHORT else self.long).append(job)

    def num_rows(self) -> int:
        """Return the rows that wait."""
        return sum(job.num_rows - job.num_taken for job in (*self.short, *self.long))

    def take(self, max_rows: int) -> list[tuple[Job, int, int]]:
        """Take rows for one call, as `(job, start, stop)`.

        Short jobs come first, and leave half of the call to the long ones, which
        share it equally.
        """
        reserved = max_rows // 2 if self.long else 0
        taken = _take(self.short, max_rows - reserved)
        taken += _take(self.long, max_rows - _num_rows(taken))
        return taken + _take(self.short, max_rows - _num_rows(taken))


def _take(jobs, max_rows):
    free, taken = max_rows, []
    part = max(1, max_rows // max(1, len(jobs)))
    while jobs and free > 0:
        job = jobs.popleft()
        if job.future.done():  # cancelled, or failed
            continue
        start = job.num_taken
        job.num_taken = stop = min(start + part, start + free, job.num_rows)
        taken.append((job, start, stop))
        free -= stop - start
        if stop < job.num_rows:
            jobs.append(job)
    return taken


def _num_rows(taken):
    return sum(stop - start for _, start, stop in taken)
