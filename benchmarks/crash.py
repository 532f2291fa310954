"""Kill a run 20 times, restart it each time, and compare it with an undisturbed run.

    python benchmarks/crash.py --backend tensorflow --backend jax --backend torch

Trains a small DCGAN with every kind of state (dropout, batch normalisation, a
moving average, a random and a lazy penalty, shuffled data) in processes that are
killed with SIGKILL: every other one at a random moment, the rest while a
checkpoint is being written. Prints a table; exits with an error if the final weights
are not those of the undisturbed run.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import numpy as np

BACKENDS = ("tensorflow", "jax", "torch")
TOLERANCE = {"tensorflow": 0.0, "jax": 0.0, "torch": 1e-6}
EVERY = 2


@click.command()
@click.option("--backend", "backends", multiple=True, default=BACKENDS)
@click.option("--kills", default=20, show_default=True)
@click.option("--epochs", default=10, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Of the moments.")
@click.option("--worker", hidden=True, help="Be the run, with this folder.")
def main(backends, kills, epochs, seed, worker):
    """Kill runs at random moments, and check that nothing is lost."""
    if worker:
        train(Path(worker), epochs)
        return
    click.echo(
        "| backend | kills | while writing | half-written files left | lives | steps "
        "repeated | final weights bit-equal | max difference |"
    )
    click.echo("|---|---|---|---|---|---|---|---|")
    equal = [attack(backend, kills, epochs, seed) for backend in backends]
    if not all(equal):
        sys.exit("Some final weights differ from those of the undisturbed run.")


def attack(backend, kills, epochs, seed):
    """Return one line of the table."""
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        alone, killed = Path(folder, "alone"), Path(folder, "killed")
        seconds = live(backend, alone, epochs)
        planned = (alone / "steps").read_text().count("\n")
        most = max(1, int(1.2 * planned / kills))
        done = writing = halves = lives = 0
        while done < kills:
            lives += 1
            during_write = done % 2 == 1
            moment = draw.randint(1, most), draw.uniform(0, seconds / planned)
            code = live(backend, killed, epochs, moment, during_write)
            if code == 0:
                raise click.ClickException(
                    f"The run was over after {done} kills: raise `--epochs`."
                )
            done += 1
            writing += during_write
            halves += any(killed.glob("checkpoints/.*.partial*"))
        live(backend, killed, epochs)
        with np.load(alone / "end.npz") as a, np.load(killed / "end.npz") as b:
            assert sorted(a) == sorted(b)
            differences = [difference(a[name], b[name]) for name in a]
        steps = (killed / "steps").read_text().count("\n")
    largest = max(differences)
    click.echo(
        f"| {backend} | {kills} | {writing} | {halves} | {lives + 1} | "
        f"{steps - planned} of {planned} | {'yes' if largest == 0 else 'no'} | "
        f"{largest:.1e} |"
    )
    return largest <= TOLERANCE[backend]


def live(backend, folder, epochs, moment=None, during_write=False):
    """One process: the seconds from its first step, or, if killed, its exit code.

    Args:
        moment: tuple of the steps that it may take and the seconds after them.
        during_write: whether to kill it while it writes a checkpoint.
    """
    folder.mkdir(exist_ok=True)
    command = [sys.executable, __file__, "--worker", str(folder)]
    process = subprocess.Popen(
        [*command, "--epochs", str(epochs)],
        env={**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "2"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    num_steps, seconds = moment or (1, 0)
    for _ in range(num_steps):
        process.stdout.readline()
    if moment is None:
        first = time.perf_counter()
        process.communicate()
        if process.returncode:
            raise click.ClickException(f"The run left with {process.returncode}.")
        return time.perf_counter() - first
    time.sleep(seconds)
    while during_write and process.poll() is None:
        if any(folder.glob("checkpoints/.*.partial*")):
            break
    process.kill()
    process.communicate()
    return process.returncode


def difference(a, b):
    a, b = a.astype("float64"), b.astype("float64")
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(a)), initial=0))


def train(folder, epochs):
    """Train. The same call starts a run and resumes it."""
    import keras_gan

    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()

    class Steps(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            print("step", flush=True)
            with open(folder / "steps", "a") as file:
                file.write("step\n")

    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).uniform(-1, 1, (512, 28, 28, 1))
    data = keras_gan.datasets.Batches(
        images.astype("float32"), batch_size=16, shuffle=True
    )
    generator, _ = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    discriminator = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 4, strides=2, padding="same"),
            keras.layers.LeakyReLU(0.2),
            keras.layers.Dropout(0.3, seed=5),
            keras.layers.Flatten(),
            keras.layers.Dense(1),
        ]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    penalties = keras_gan.penalties
    gan.compile(
        discriminator_penalties=[
            penalties.GradientPenalty(0.1),
            penalties.R1(0.1, interval=3),
        ],
        ema=keras_gan.EMA(100),
    )
    checkpoint = keras_gan.callbacks.Checkpoint(folder / "checkpoints", every=EVERY)
    gan.fit(data, epochs=epochs, verbose=0, callbacks=[Steps(), checkpoint])
    variables = gan.checkpoint_variables()
    np.savez(
        folder / "end.npz",
        **{n: keras.ops.convert_to_numpy(v) for n, v in variables.items()},
    )


if __name__ == "__main__":
    main()
