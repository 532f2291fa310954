"""Measure the growth of resident memory in a long training run.

    python benchmarks/memory.py
    python benchmarks/memory.py --backend jax

For each backend, in a process of its own, trains a small DCGAN with a penalty, a moving
average, metrics and callbacks for 2,000 steps in 50 epochs, measures after every epoch,
and prints how much resident memory grew from the end of the warm-up (the first fifth
of the epochs) to the end. Less than 3% is the target.
"""

import json
import os
import subprocess
import sys
import tempfile

import click

BACKENDS = ("tensorflow", "jax", "torch")
LIMIT = 0.03


def resident_mib():
    """Return the resident memory of this process, in MiB."""
    with open("/proc/self/status", encoding="utf-8") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def train(num_epochs, steps_per_epoch):
    """Train, and return the resident memory at the end of every epoch."""
    import keras_gan

    import keras
    import numpy as np

    class Meter(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.mib = []

        def on_epoch_end(self, epoch, logs=None):
            self.mib.append(resident_mib())

    images = np.random.default_rng(0).integers(0, 256, (512, 28, 28, 1), "uint8")
    data = keras_gan.datasets.Batches(images, batch_size=16)
    gan = keras_gan.GAN(*keras_gan.architectures.dcgan((28, 28, 1), 8, width=8))
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    gan.compile(
        discriminator_penalties=[keras_gan.penalties.R1(1.0, interval=4)],
        ema=keras_gan.EMA(1_000),
        metrics=[keras_gan.metrics.FrechetDistance(extractor)],
        num_metric_images=256,
    )
    meter = Meter()
    with tempfile.TemporaryDirectory() as folder:
        gan.fit(
            data.with_steps_per_epoch(steps_per_epoch),
            epochs=num_epochs,
            validation_data=data,
            verbose=0,
            callbacks=[
                keras_gan.callbacks.SampleGrid(f"{folder}/samples"),
                keras_gan.callbacks.Checkpoint(f"{folder}/checkpoints", every=100),
                keras_gan.callbacks.CollapseWarning(),
                meter,
            ],
        )
    return meter.mib


def growth(mib):
    """Return the relative growth after the first fifth: medians of both ends."""
    rest = mib[len(mib) // 5 :]
    span = max(1, len(rest) // 8)
    start, end = (sorted(part)[span // 2] for part in (rest[:span], rest[-span:]))
    return end / start - 1


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--backend", "backends", multiple=True, type=click.Choice(BACKENDS))
@click.option("--epochs", default=50, show_default=True)
@click.option("--steps-per-epoch", default=40, show_default=True)
@click.option("--here", is_flag=True, hidden=True)
def main(backends, epochs, steps_per_epoch, here):
    if here:
        print(json.dumps(train(epochs, steps_per_epoch)))
        return
    for backend in backends or BACKENDS:
        command = [sys.executable, __file__, "--here", "--epochs", str(epochs)]
        command += ["--steps-per-epoch", str(steps_per_epoch)]
        found = subprocess.run(
            command,
            env=os.environ | {"KERAS_BACKEND": backend},
            check=True,
            capture_output=True,
            text=True,
        )
        mib = json.loads(found.stdout.splitlines()[-1])
        verdict = "met" if growth(mib) < LIMIT else "MISSED"
        print(
            f"{backend:10} {mib[len(mib) // 5]:6.0f} MiB after warm-up, {mib[-1]:6.0f} "
            f"at the end: {growth(mib):+.1%}  {verdict}"
        )


if __name__ == "__main__":
    main()
