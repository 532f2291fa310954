"""Run programs in processes of their own, one after the other in rounds."""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from steps import flops, nets

BENCHMARKS = Path(__file__).parent.parent
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2"}
SHARE_THE_GPU = {
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}


@dataclass(frozen=True)
class Entry:
    """One program and its settings.

    Args:
        key: str, its name on the command line.
        name: str, for the tables.
        module: str, the file of this folder that builds it.
        backend: str, the Keras backend of its process.
        algorithm: str, whose FLOP are counted; None for the peak.
        size: int, the side of the images.
        batch_size: int.
        dtype: `"float32"` or `"mixed_bfloat16"`.
        matmul: `"tf32"` or `"float32"`, how a GPU multiplies float32; None is TF32.
        options: dict, further arguments for the module's `build`.
        variables: dict, of the environment of its process.
    """

    key: str
    name: str
    module: str
    backend: str
    algorithm: str | None
    size: int = 28
    batch_size: int = 256
    dtype: str = "float32"
    matmul: str | None = None
    options: dict = field(default_factory=dict)
    variables: dict = field(default_factory=dict)

    @property
    def flop(self):
        """Return the FLOP of one step."""
        if self.algorithm is None:
            return flops.PEAK
        return flops.of_step(nets.of_size(self.size), self.algorithm, self.batch_size)


@dataclass(frozen=True)
class Result:
    """The measurements of one program.

    Args:
        entry: `Entry`.
        step_seconds: list of float, the mean time of a step in each round.
        first_step_seconds: float, tracing and compiling included.
        peak_bytes: int, the largest resident memory of its process.
        peak_device_bytes: int, of an accelerator's memory; 0 where there is none.
        idle_cpu: float, the largest share of a core that it used while it waited.
        device: str, what it computed on.
    """

    entry: Entry
    step_seconds: list
    first_step_seconds: float
    peak_bytes: int
    peak_device_bytes: int = 0
    idle_cpu: float = 0.0
    device: str = "CPU"

    @property
    def rates(self):
        """Return the FLOP a second of each round."""
        return [self.entry.flop / seconds for seconds in self.step_seconds]

    def times_faster_than(self, other):
        """Return the ratio of images a second to another program, for each round."""
        images = self.entry.batch_size / other.entry.batch_size
        pairs = zip(self.step_seconds, other.step_seconds, strict=True)
        return [images * theirs / own for own, theirs in pairs]

    def shares_of(self, peaks):
        """Return the share of the best peak, for each round."""
        best = map(max, zip(*(peak.rates for peak in peaks), strict=True))
        return [rate / top for rate, top in zip(self.rates, best, strict=True)]


def environment(backend):
    """The environment of a process that works in the folder of the benchmarks.

    A relative folder in PYTHONPATH, such as ".", is that of this process.
    """
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    paths = os.pathsep.join(os.path.abspath(path) for path in paths if path)
    changes = {"KERAS_BACKEND": backend, "PYTHONPATH": paths}
    return os.environ | changes | QUIET | SHARE_THE_GPU


class Process:
    """The process of one program.

    Args:
        entry: `Entry`.
        waits: bool, whether it waits for a line before its first step, after an
            answer of its own.
    """

    def __init__(self, entry, waits=False):
        self.entry = entry
        self.rounds = []
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115, closed by `close`
        keys = ("module", "size", "batch_size", "dtype", "matmul", "options")
        spec = {key: getattr(entry, key) for key in keys}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "steps.worker", json.dumps(spec | {"waits": waits})],
            cwd=BENCHMARKS,
            env=environment(entry.backend) | entry.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def answer(self, limit=None):
        """Wait for the next line.

        Args:
            limit: float, for how many seconds at most; None for ever.

        Raises:
            TimeoutError: if it does not come in time.
            RuntimeError: if the process ended instead, with its last output.
        """
        if not select.select([self.process.stdout], [], [], limit)[0]:
            raise TimeoutError(f"no answer within {limit:.0f} s")
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        code = self.process.wait()
        self.log.seek(0)
        said = self.log.read().strip()[-3000:]
        raise RuntimeError(f"{self.entry.name} ended with code {code}:\n{said}")

    def run(self, num_steps, limit=None):
        """Run one round of so many steps; return the answer."""
        self.tell(num_steps)
        return self.answer(limit)

    def tell(self, line):
        print(line, file=self.process.stdin, flush=True)

    def kill(self):
        """End the process now; `close` is still to be called."""
        self.process.kill()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def hold(entries, num_rounds, round_seconds, say):
    """Start all programs one after another, then run them in turn, round by round.

    Args:
        entries: list of `Entry`.
        num_rounds: int.
        round_seconds: float. Each runs as many steps a round as take about so
            long, and two at least.
        say: function of a str, called with the progress.

    Returns:
        A list of `Result`s, without programs that failed to start, which `say` gets.

    Raises:
        RuntimeError: if no program starts.
    """
    with contextlib.ExitStack() as stack:
        started = []
        for entry in entries:
            process = Process(entry)
            stack.callback(process.close)
            try:
                process.start = process.answer()
            except RuntimeError as error:
                say(f"  left out: {error}")
                continue
            started.append(process)
            seconds = process.start["first_step_seconds"]
            say(f"  {entry.name}, {entry.dtype}: first step {seconds:.2f} s")
        if not started:
            raise RuntimeError("No program has started; see above.")
        for process in started:
            seconds = process.run(1)["seconds"]
            process.num_steps = max(2, round(round_seconds / seconds))
        for number in range(num_rounds):
            say(f"  round {number + 1} of {num_rounds}")
            first = number % len(started)
            for process in started[first:] + started[:first]:
                time.sleep(0.25)  # until the last one's threads are asleep
                process.rounds.append(process.run(process.num_steps))
    return [_result(process) for process in started]


def first_steps(entries, num_times, say):
    """Return the seconds of the first step of each, in fresh processes."""
    seconds = [[] for _ in entries]
    for _ in range(num_times):
        for entry, own in zip(entries, seconds, strict=True):
            process = Process(entry)
            with contextlib.closing(process):
                own.append(process.answer()["first_step_seconds"])
            say(f"  {entry.name}: {own[-1]:.2f} s")
    return seconds


def _result(process):
    rounds, start = process.rounds, process.start
    return Result(
        entry=process.entry,
        step_seconds=[each["seconds"] / each["num_steps"] for each in rounds],
        first_step_seconds=start["first_step_seconds"],
        peak_bytes=rounds[-1]["peak_bytes"],
        peak_device_bytes=rounds[-1]["peak_device_bytes"],
        idle_cpu=max(each["idle_cpu"] for each in rounds),
        device=start["device"],
    )
