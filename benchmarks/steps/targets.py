"""Targets for a training step, and whether they are met."""

import statistics
from dataclasses import dataclass

from steps.entries import BF16


@dataclass(frozen=True)
class Target:
    """One target.

    Args:
        text: str, what is measured.
        bound: float.
        value: float, as measured.
        at_least: whether the value must be the bound or more, else less.
        form: str, how both are written.
    """

    text: str
    bound: float
    value: float
    at_least: bool = True
    form: str = "{:.2f}"

    @property
    def is_met(self):
        if self.at_least:
            return self.value >= self.bound
        return self.value <= self.bound

    def row(self):
        """Return `(what, target, measured, outcome)` for a table."""
        target = "at least " if self.at_least else "at most "
        return (
            self.text,
            target + self.form.format(self.bound),
            self.form.format(self.value),
            "met" if self.is_met else "**MISSED**",
        )


def of_comparison(results):
    """Return the targets of one comparison."""
    by_key = {(r.entry.key, r.entry.dtype): r for r in results}
    entry = results[0].entry
    where = f"{entry.size} px, batch {entry.batch_size}"
    on_gpu = entry.backend != "tensorflow" and results[0].device != "CPU"
    ratios = [
        ("ours", "float32", "loop", "float32", 1.0),
        ("ours", BF16, "loop", "float32", 1.5),
        ("ours", "float32", "keras-io", "float32", 1.7),
        ("ours", "float32", "torch", "float32", 1.2),
    ]
    if on_gpu:
        ratios += [
            ("ours-jax", dtype, "torch", dtype, 1.0) for dtype in ("float32", BF16)
        ]
    for key, dtype, other_key, other_dtype, bound in ratios:
        ours, theirs = by_key.get((key, dtype)), by_key.get((other_key, other_dtype))
        if ours and theirs:
            text = f"{where}: {described(ours.entry)} over {described(theirs.entry)}"
            ratio = statistics.median(ours.times_faster_than(theirs))
            yield Target(text, bound, ratio)

    peaks = [r for r in results if (r.entry.key, r.entry.dtype) == ("peak", "float32")]
    ours = by_key.get(("ours", "float32"))
    if ours and peaks and entry.batch_size >= 256:
        share = statistics.median(ours.shares_of(peaks))
        text = f"{where}: share of the convolution peak, float32"
        yield Target(text, 0.7, share, form="{:.0%}")


def of_lines(lines):
    """Return the targets on cost by size, from `(what, Line)` pairs."""
    for what, line in lines:
        text = f"{what}: largest deviation from a line"
        yield Target(text, 0.15, line.deviation, at_least=False, form="{:.0%}")


def of_first_steps(loop, ours):
    """Return the target on the first step, from two lists of seconds."""
    ratio = statistics.median(ours) / statistics.median(loop)
    yield Target("first step over the loop's", 1.3, ratio, at_least=False)


def of_import(backend, seconds):
    """Return the target on the import."""
    text = f"seconds of `import keras_gan` after `import keras`, {backend}"
    yield Target(text, 0.5, seconds, at_least=False)


def described(entry):
    """Return a program's name, with its dtype if that is not float32."""
    return entry.name + (", bf16" if entry.dtype == BF16 else "")
