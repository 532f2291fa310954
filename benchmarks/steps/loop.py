"""Time a hand-written loop."""

import time


class Loop:
    """A program that runs its own loop.

    Args:
        steps: function of an int: runs so many steps and waits for the last.
    """

    def __init__(self, steps):
        self.steps = steps

    def first_step(self):
        self.steps(1)

    def round(self, num_steps):
        """Return the seconds of some steps, and their number; one more runs before."""
        self.steps(1)
        start = time.perf_counter()
        self.steps(num_steps)
        return time.perf_counter() - start, num_steps
