"""How long a checkpoint takes, beside a training step of the same DCGAN.

python benchmarks/saves.py
"""

import tempfile
import time

import click
import keras
import numpy as np

import keras_gan
from keras_gan import checkpoints


@click.command()
@click.option("--batch-size", default=64, show_default=True)
@click.option("--steps", default=6, show_default=True)
def main(batch_size, steps):
    """Train with a save after every step, and print the medians."""
    click.echo(
        "| images | file | a save | a step | a look at the checksum, and reading |"
    )
    click.echo("|---|---|---|---|---|")
    for shape in ((28, 28, 1), (64, 64, 3)):
        click.echo(measure(shape, batch_size, steps))


class Timed(keras_gan.callbacks.Checkpoint):
    def __init__(self, directory):
        super().__init__(directory, every=1)
        self.saves, self.steps = [], []

    def on_train_batch_begin(self, batch, logs=None):
        self.begun = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(time.perf_counter() - self.begun)
        super().on_train_batch_end(batch, logs)

    def save(self, is_best=False):
        begun = time.perf_counter()
        path = super().save(is_best)
        self.saves.append(time.perf_counter() - begun)
        return path


def measure(shape, batch_size, steps):
    gan = keras_gan.GAN(*keras_gan.architectures.dcgan(shape), seed=0)
    gan.compile(ema=keras_gan.EMA(10_000))
    images = np.random.default_rng(0).uniform(-1, 1, (batch_size * steps, *shape))
    data = keras_gan.datasets.Batches(images.astype("float32"), batch_size=batch_size)
    with tempfile.TemporaryDirectory() as folder:
        timed = Timed(folder)
        gan.fit(data, verbose=0, callbacks=[timed])
        path = checkpoints.listed(folder)[-1]
        begun = time.perf_counter()
        checkpoints.read(checkpoints.latest(folder))
        reading = time.perf_counter() - begun
        size = path.stat().st_size
    return (
        f"| {shape[0]} x {shape[1]} x {shape[2]} | {size / 1e6:.1f} MB | "
        f"{np.median(timed.saves):.2f} s | {np.median(timed.steps):.2f} s | "
        f"{reading:.2f} s |"
    )


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    main()
