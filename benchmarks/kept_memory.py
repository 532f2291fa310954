"""Time training steps with the memory that they free kept, and given back, in turn.

    python benchmarks/kept_memory.py
    KERAS_BACKEND=torch python benchmarks/kept_memory.py --preset r3gan_emoji_64

`keras_gan` lets the allocator of glibc keep what a step frees for the next one;
KERAS_GAN_KEEP_MEMORY=0 leaves it as it is, and the system clears the same pages again
and again. Each preset trains by `fit` on its data, in a process of its own for each
setting, in turn and one at a time, for several rounds. Printed are the medians of the
milliseconds of a step, the ratio taken within each round first, the share of processor
time that the system takes, and the largest resident memory, imports included.
"""

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time

from keras_gan import models, presets
from keras_gan._allocator import OF_GLIBC, VARIABLE

import click
import keras

from tables import markdown

PRESETS = ("dcgan_fashion_mnist", "r3gan_fashion_mnist", "r3gan_emoji_64")
SETTINGS = {"given back": "0", "kept": "1"}
WARM_UP = 3  # steps
HEADS = (
    "a step of",
    "given back, ms",
    "kept, ms",
    "ratio",
    "system's share, given back",
    "kept",
    "memory given back, MiB",
    "kept",
)


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", "names", multiple=True, type=click.Choice(presets.names()))
@click.option("--num-steps", default=20, show_default=True, help="Of a round.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--batch-size", type=int, help="That of the preset by default.")
@click.option("--alone", is_flag=True, hidden=True, help="One round in this process.")
def main(names, num_steps, rounds, batch_size, alone):
    if alone:
        print(json.dumps(measured(names[0], num_steps, batch_size)))
        return
    rows = []
    for name in names or PRESETS:
        found = {setting: [] for setting in SETTINGS}
        for _ in range(rounds):
            for setting, value in SETTINGS.items():
                found[setting].append(started(name, num_steps, batch_size, value))
        rows.append((f"`{name}`", *figures(found)))
        print(*rows[-1], flush=True)
    print(markdown.table(HEADS, rows))


def figures(found):
    """Return the cells of a preset's row."""

    def medians(key, form):
        for runs in found.values():
            yield form.format(statistics.median(run[key] for run in runs))

    pairs = zip(*found.values(), strict=True)
    ratios = [kept["ms"] / given_back["ms"] for given_back, kept in pairs]
    ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return (
        *medians("ms", "{:,.0f}"),
        ratio,
        *medians("system", "{:.0%}"),
        *medians("memory", "{:,.0f}"),
    )


def started(name, num_steps, batch_size, value):
    """Return what a process measures with a value of KERAS_GAN_KEEP_MEMORY."""
    command = [sys.executable, __file__, "--alone", "--preset", name]
    command += ["--num-steps", str(num_steps)]
    if batch_size is not None:
        command += ["--batch-size", str(batch_size)]
    others = (*OF_GLIBC, "GLIBC_TUNABLES")  # would decide instead of it
    environment = {k: v for k, v in os.environ.items() if k not in others}
    said = subprocess.run(
        command,
        env={**environment, VARIABLE: value},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return json.loads(said.splitlines()[-1])


class Clock(keras.callbacks.Callback):
    """Note the times of the process after every step."""

    def on_train_begin(self, logs=None):
        self.times, self.seconds = [], []

    def on_train_batch_end(self, batch, logs=None):
        float(next(iter(logs.values())))  # waits for it
        self.times.append(os.times())
        self.seconds.append(time.perf_counter())


def measured(name, num_steps, batch_size):
    """Train a preset, and return what its steps took in this process."""
    preset = presets.get(name)
    model = getattr(models, preset.model).from_preset(preset, load_weights=False)
    sizes = {} if batch_size is None else {"batch_size": batch_size}
    data = preset.load_data(**sizes).with_steps_per_epoch(WARM_UP + num_steps)
    clock = Clock()
    model.fit(data, verbose=0, callbacks=[clock])
    before, after = clock.times[WARM_UP - 1], clock.times[-1]
    user, system = after.user - before.user, after.system - before.system
    ends = clock.seconds[WARM_UP - 1 :]
    seconds = [end - start for start, end in itertools.pairwise(ends)]
    return {
        "ms": 1e3 * statistics.median(seconds),
        "system": system / (user + system),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
    }


if __name__ == "__main__":
    main()
