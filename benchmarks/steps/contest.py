"""Contestants in processes of their own, taking turns."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent


@dataclass(frozen=True)
class Entry:
    """Who takes part, and with what.

    Args:
        name: str, for the tables.
        module: str, the file of this folder that builds it.
        backend: str, the Keras backend of its process.
        algorithm: str, by which its FLOP are counted; None for the peak.
        size: int, the side of the images.
        batch_size: int.
        dtype: `"float32"` or `"mixed_bfloat16"`.
        options: dict, arguments for the module's `build`.
    """

    name: str
    module: str
    backend: str
    algorithm: str | None
    size: int
    batch_size: int
    dtype: str = "float32"
    options: dict = field(default_factory=dict)


class Process:
    """One contestant: started, told to run rounds, ended."""

    def __init__(self, entry):
        self.entry = entry
        self.rounds = []
        self.log = tempfile.TemporaryFile("w+")
        spec = {
            key: getattr(entry, key)
            for key in ("module", "size", "batch_size", "dtype", "options")
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "steps.worker", json.dumps(spec)],
            cwd=BENCHMARKS,
            env={
                **os.environ,
                "KERAS_BACKEND": entry.backend,
                "TF_CPP_MIN_LOG_LEVEL": "2",
                "TF_FORCE_GPU_ALLOW_GROWTH": "true",
                "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.start = self._answer()

    def run(self, num_steps):
        """One round; its answer is kept."""
        print(num_steps, file=self.process.stdin, flush=True)
        self.rounds.append(self._answer())
        return self.rounds[-1]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            self.log.seek(0)
            raise RuntimeError(
                f"{self.entry.name} ended with code {code}:\n{self.log.read()[-4000:]}"
            )
        return json.loads(line)

    @property
    def step_seconds(self):
        """The seconds of a step (for a peak, its rate), a round each."""
        return [r["seconds"] / r["num_steps"] for r in self.rounds]


def hold(entries, num_rounds, round_seconds, say=print):
    """Start all contestants, then let them take turns.

    Args:
        entries: list of `Entry`. The first is the one that the number of steps
            in a round is taken from.
        num_rounds: int.
        round_seconds: float, how long a round of the first should be.
        say: function of a str, told what goes on.

    Returns:
        A list of ended `Process`es.
    """
    processes = []
    with contextlib.ExitStack() as stack:
        for entry in entries:
            process = Process(entry)
            stack.callback(process.close)
            processes.append(process)
            say(
                f"  {entry.name}: first step {process.start['first_step_seconds']:.1f} s"
            )
        trial = processes[0].run(1)
        num_steps = max(2, round(round_seconds / trial["seconds"]))
        processes[0].rounds.clear()
        for number in range(num_rounds):
            say(f"  round {number + 1} of {num_rounds}, {num_steps} steps each")
            shift = number % len(processes)
            for process in processes[shift:] + processes[:shift]:
                time.sleep(0.3)  # until the last one's threads are asleep
                process.run(num_steps)
    return processes


def ratios(process, other):
    """How many times faster than another, round by round."""
    return [
        there / here
        for here, there in zip(process.step_seconds, other.step_seconds, strict=True)
    ]


def median_and_spread(values):
    """`(median, lowest, highest)`."""
    return statistics.median(values), min(values), max(values)
