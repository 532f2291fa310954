"""Compare the speed of a training step with other training loops.

    python benchmarks/train_step.py --quick
    python benchmarks/train_step.py --json steps.json --markdown steps.md
    python benchmarks/train_step.py --part peers --contestant loop --contestant ours

Every program trains equal networks on equal batches: the TensorFlow tutorial's
loop, keras.io's recipe and PyTorch's example, each written anew from its published
algorithm (see the files in `steps/`), and `keras_gan.GAN` through `fit`. Each runs
in a process of its own. All are started and warmed up first; then they run in turn,
one at a time, for several rounds. A figure is the median over the rounds, with the
lowest and the highest in brackets; a ratio is taken within each round first.

GFLOP/s count what the algorithm needs (`steps/flops.py`), and the peak is the best
convolution of the same rounds (`steps/peak.py`). Memory is the largest resident
memory of the process, imports included, or the device's where there is one.

At 64 px the networks are those of `keras_gan.architectures.dcgan`; at every other
size those of the tutorial. Without TensorFlow, only JAX and torch are compared.
"""

import importlib.util
import json
import statistics
import time
from dataclasses import asdict
from pathlib import Path

import click

from steps import entries, imports, linear, report, targets
from steps.report import replace_file, say
from steps.rounds import first_steps, hold

BACKENDS = ("tensorflow", "jax", "torch")
COMPARISONS = ("peers", "bf16", "variants", "backends")
PARTS = (*COMPARISONS, "sizes", "first-steps", "imports")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--quick", is_flag=True, help="Few programs, within five minutes.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS))
@click.option(
    "--contestant",
    "chosen",
    multiple=True,
    type=click.Choice([*entries.PROGRAMS, "peak"]),
    help="The programs to compare; all, by default.",
)
@click.option("--size", "sizes", multiple=True, type=int, default=(28, 64))
@click.option("--batch-size", "batches", multiple=True, type=int, default=(256, 64))
@click.option("--backend", "backends", multiple=True, type=click.Choice(BACKENDS))
@click.option("--rounds", type=int, default=5)
@click.option("--seconds", default=3.0, help="How long a program's round takes.")
@click.option("--json", "json_path", type=click.Path(path_type=Path))
@click.option("--markdown", "markdown_path", type=click.Path(path_type=Path))
def main(quick, parts, chosen, sizes, batches, backends, rounds, seconds, **paths):
    start = time.perf_counter()
    installed = tuple(name for name in BACKENDS if importlib.util.find_spec(name))
    backends = tuple(name for name in installed if not backends or name in backends)
    parts = parts or PARTS
    if quick:
        sizes, batches, rounds, seconds = (28,), (256,), min(rounds, 5), 1.0
        comparisons = ("quick",)
    else:
        comparisons = tuple(name for name in COMPARISONS if name in parts)
    run = Run()
    run.write("# One training step\n", report.machine())
    if entries.emulates_bfloat16():
        run.write("Nothing ran in bfloat16, which this processor only emulates.")
    for size in sizes:
        for batch_size in batches:
            for name in comparisons:
                field = entries.comparison(name, size, batch_size, backends, chosen)
                run.comparison(name, field, rounds, seconds)
    if "sizes" in parts:
        run.sizes(entries.sizes(backends, quick), min(rounds, 3), min(seconds, 2))
    if "first-steps" in parts and "tensorflow" in backends:
        run.first_steps(num_times=2 if quick else 5)
    if "imports" in parts:
        run.imports(backends[:1] if quick else backends, num_times=3 if quick else 7)
    minutes, rest = divmod(round(time.perf_counter() - start), 60)
    run.write("## Targets\n", report.targets(run.targets))
    run.write(f"All of it took {minutes} min {rest} s.")
    run.save(paths["json_path"], paths["markdown_path"])


class Run:
    """The measurements so far, printed as they come."""

    def __init__(self):
        self.text = []
        self.targets = []
        self.figures = {"machine": report.machine(), "comparisons": []}

    def write(self, *paragraphs):
        self.text.append("\n".join(paragraphs))
        print(self.text[-1], end="\n\n", flush=True)

    def comparison(self, name, field, rounds, seconds):
        if not any(entry.algorithm for entry in field):
            return
        title = f"{field[0].size} px, batch {field[0].batch_size}: {name}"
        say(title)
        results = hold(field, rounds, seconds, say)
        self.figures["comparisons"].append(
            {"name": name, "results": [asdict(result) for result in results]}
        )
        missing = len(field) - len(results)
        note = [f"\nLeft out, because they failed: {missing}."] if missing else []
        self.write(f"## {title}\n", report.comparison(results), *note)
        self.targets += targets.of_comparison(results)

    def sizes(self, field, rounds, seconds):
        say("cost against size")
        results = hold(field, rounds, seconds, say)
        self.figures["sizes"] = [asdict(result) for result in results]
        for title, size_of, chosen in (
            (
                "Cost against the batch",
                lambda entry: entry.batch_size,
                [r for r in results if r.entry.size == 28],
            ),
            (
                "Cost against the pixels",
                lambda entry: entry.size**2,
                [r for r in results if r.entry.batch_size == 128],
            ),
        ):
            places = [size_of(result.entry) for result in chosen]
            times = [statistics.median(result.step_seconds) for result in chosen]
            memory = [report.memory_mib(result) for result in chosen]
            lines = linear.fit(places, times), linear.fit(places, memory)
            self.write(f"## {title}\n", report.sizes(chosen, *lines, size_of))
            self.targets += targets.of_lines(
                (f"{title.lower()}, {what}", line)
                for what, line in zip(("time", "memory"), lines, strict=True)
            )

    def first_steps(self, num_times):
        say("first steps")
        field = [entries.PROGRAMS[key] for key in ("loop", "ours")]
        loop, ours = first_steps(field, num_times, say)
        self.figures["first_steps"] = {"loop": loop, "ours": ours}
        rows = [
            (entry.name, report.spread(own, "{:.2f}"))
            for entry, own in zip(field, (loop, ours), strict=True)
        ]
        self.write("## First step\n", report.table(("", "seconds"), rows))
        self.targets += targets.of_first_steps(loop, ours)

    def imports(self, backends, num_times):
        rows = []
        for backend in backends:
            say(f"imports on {backend}")
            keras, ours = imports.measure(backend, num_times)
            rows.append((backend, f"{keras:.2f}", f"{ours:.2f}"))
            self.figures.setdefault("imports", {})[backend] = [keras, ours]
            self.targets += targets.of_import(backend, ours)
        heads = ("", "`import keras`, s", "then `import keras_gan`, s")
        self.write("## Import\n", report.table(heads, rows))

    def save(self, json_path, markdown_path):
        self.figures["targets"] = [
            {**asdict(target), "is_met": target.is_met} for target in self.targets
        ]
        if json_path:
            replace_file(json_path, json.dumps(self.figures, indent=1) + "\n")
        if markdown_path:
            replace_file(markdown_path, "\n\n".join(self.text) + "\n")


if __name__ == "__main__":
    main()
