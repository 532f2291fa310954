"""Time programs one after another, each in a process with limits of time.

The processes that come next are built while others compile, and may then compile side
by side. While one is timed, no other works.
"""

import contextlib
import time
from collections import deque
from dataclasses import dataclass

from steps.rounds import Process

SPENT = "the budget is spent"


@dataclass(frozen=True)
class Limits:
    """How long it may all take.

    Args:
        budget: float, the seconds for all programs together.
        each: float, the seconds that a program may take to be built, then for its
            first step, and then for each round.
        window: float, about how long a round takes.
        num_windows: int, the rounds of a program.
        together: int, how many programs may compile at the same time.
    """

    budget: float = 3600.0
    each: float = 300.0
    window: float = 1.0
    num_windows: int = 3
    together: int = 1


class OneByOne:
    """Measure programs in the order of their importance.

    Args:
        limits: `Limits`.
        say: function of a str, called with the progress.
    """

    def __init__(self, limits, say):
        self.limits = limits
        self.say = say
        self.end = time.perf_counter() + limits.budget

    def measure(self, entries):
        """Yield `(entry, figures)` for each program as soon as it is known.

        The figures are those of `steps.worker`, with `step_seconds`, the mean time of a
        step in each round; or a str that says why there are none.
        """
        entries, ready, wave = deque(entries), deque(), deque()
        try:
            while entries or ready:
                yield from self._start(entries, ready)
                wave, ready = ready, deque()
                yield from self._start(entries, ready)  # built while the others compile
                yield from self._first_steps(wave)
                yield from self._wait(ready)
                while wave:
                    found = self._timed(wave[0])
                    yield wave.popleft().entry, found
        finally:
            for process in (*wave, *ready):
                _end(process)

    def _start(self, entries, ready):
        """Start as many processes as may compile side by side."""
        while entries and len(ready) < self.limits.together:
            entry = entries.popleft()
            if self._seconds_left() <= 0:
                yield entry, f"not begun: {SPENT}"
                continue
            ready.append(Process(entry, waits=True))

    def _wait(self, processes):
        """Wait until all are built; drop those that fail."""
        for process in tuple(processes):
            if not hasattr(process, "start"):
                found = self._ask(process, "building")
                if isinstance(found, str):
                    processes.remove(process)
                    yield process.entry, found
                else:
                    process.start = found

    def _first_steps(self, wave):
        """Run the first step of each; drop those that fail."""
        yield from self._wait(wave)
        for process in wave:
            process.tell("first step")
        for process in tuple(wave):
            found = self._ask(process, "its first step")
            if isinstance(found, str):
                wave.remove(process)
                yield process.entry, found
                continue
            process.start |= found
            seconds = process.start["first_step_seconds"]
            self.say(f"  {_described(process.entry)}: first step {seconds:.1f} s")

    def _timed(self, process):
        """Return the figures of a program that is warm, and end it."""
        period, rounds = process.start["period"], []
        answer = self._ask(process, "the first round", period)
        for number in range(self.limits.num_windows):
            if isinstance(answer, str):
                break
            seconds = answer["seconds"] / answer["num_steps"]
            steps = max(1, round(self.limits.window / seconds / period)) * period
            answer = self._ask(process, f"round {number + 1}", steps)
            rounds.append(answer)
        if isinstance(answer, str):
            return answer
        _end(process)
        step_seconds = [each["seconds"] / each["num_steps"] for each in rounds]
        return {**process.start, **answer, "step_seconds": step_seconds}

    def _ask(self, process, what, num_steps=None):
        """Return an answer; end the process and say why where there is none."""
        limit = min(self.limits.each, self._seconds_left())
        try:
            if num_steps is not None:
                process.tell(num_steps)
            return process.answer(max(limit, 0.0))
        except TimeoutError:
            over = f"{what} took more than {limit:.0f} s"
            why = f"{what}: {SPENT}" if self._seconds_left() <= 0 else over
        except (BrokenPipeError, RuntimeError) as error:
            why = f"{what}: {error}"
        _end(process)
        return why

    def _seconds_left(self):
        return self.end - time.perf_counter()


def _end(process):
    process.kill()
    with contextlib.suppress(BrokenPipeError):
        process.close()


def _described(entry):
    return f"{entry.name}, {entry.dtype}, {entry.matmul or 'default'}"
