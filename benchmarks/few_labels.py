"""Errors of a classifier with few labels: six ways, several seeds, paired.

    python benchmarks/few_labels.py --labels 20 --labels 50 --seeds 5

Runs examples/augment_a_classifier.py for each number of labels and each seed, which
chooses the labels. Prints the errors on Fashion-MNIST's test images, and how many
fewer they are than those of `classical`, which has shifts, flips, zooms and erased
parts alone. All ways of a seed know the same labels, so their differences are
taken seed by seed; the interval is Student's, 95%.

A finished seed is kept, and not trained again.
"""

import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from keras_gan.files import write_text

import click
import numpy as np
from scipy import stats

from steps.report import machine
from tables import markdown
from tables.kept import Kept

EXAMPLE = Path(__file__).parent.parent / "examples" / "augment_a_classifier.py"
COUNT = click.IntRange(1)
WAYS = (
    "classical",
    "generated",
    "pseudo_labels",
    "discriminator",
    "two_classifiers",
    "semi_supervised",
)


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--labels", multiple=True, type=COUNT, default=[20], show_default=True)
@click.option("--seeds", type=COUNT, default=5, show_default=True)
@click.option("--epochs", type=COUNT, default=20, show_default=True)
@click.option("--steps-per-epoch", type=COUNT, default=100, show_default=True)
@click.option("--batch-size", type=COUNT, default=64, show_default=True)
@click.option("--width", type=COUNT, default=16, show_default=True)
@click.option(
    "--precision",
    type=click.Choice(["float32", "mixed_bfloat16", "mixed_float16"]),
    default="float32",
    show_default=True,
)
@click.option("--output", type=Path, default="runs/few_labels", show_default=True)
def main(labels, seeds, output, **settings):
    kept = Kept(output)
    print(machine(), flush=True)
    for number in labels:
        found = []
        for seed in range(seeds):
            name = f"labels_{number}_seed_{seed}"
            run = partial(train, number, seed, output / name, settings)
            found.append(kept.result(name, run))
            print(name, found[-1], flush=True)
        text = table(number, found)
        write_text(output / f"labels_{number}.md", text + "\n")
        print(text, flush=True)


def train(labels, seed, folder, settings):
    """Run the example, and return the accuracies of its ways and its seconds."""
    options = {"labels": labels, "seed": seed, "output": folder, **settings}
    arguments = [
        word
        for name, value in options.items()
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    start = time.perf_counter()
    with open(f"{folder}.log", "w") as log:
        command = [sys.executable, str(EXAMPLE), *arguments]
        if subprocess.run(command, stdout=log, stderr=log, check=False).returncode:
            raise click.ClickException(f"{EXAMPLE.name} failed; see {log.name}.")
    seconds = round(time.perf_counter() - start)
    return json.loads((folder / "accuracy.json").read_text()) | {"seconds": seconds}


def fewer_errors(classical, other):
    """Return the mean share of errors that are fewer, and half of its 95% interval.

    One seed has no interval: None.

    Args:
        classical: array (seeds,), errors of the way that is compared with.
        other: array (seeds,), errors of another way for the same labels.
    """
    shares = 1 - np.asarray(other) / np.asarray(classical)
    if len(shares) < 2:
        return float(shares.mean()), None
    spread = stats.sem(shares) * stats.t.ppf(0.975, len(shares) - 1)
    return float(shares.mean()), float(spread)


def table(labels, found):
    """Return the errors of each way over seeds, beside those of the first."""
    errors = {way: [1 - each[way] for each in found] for way in WAYS}
    rows = []
    for way, values in errors.items():
        mean, spread = fewer_errors(errors["classical"], values)
        interval = "" if spread is None else f" ± {spread:.1%}"
        change = "" if way == "classical" else f"{mean:.1%}{interval}"
        rows.append([way, markdown.over_seeds(values, "{:.1%}"), change])
    title = f"{labels} labels a class, {len(found)} seeds"
    return markdown.table([title, "errors", "fewer than classical"], rows)


if __name__ == "__main__":
    main()
