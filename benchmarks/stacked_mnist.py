"""A thousand modes: how many does a generator find on Stacked MNIST?

    python benchmarks/stacked_mnist.py
    python benchmarks/stacked_mnist.py --recipe R3GAN --seeds 1
    python benchmarks/stacked_mnist.py --images 500000

PacGAN's protocol (Lin et al. 2017, arXiv:1712.04086): 128,000 training images, each
three random digits in the three channels; 26,000 generated images, classified channel
by channel; a mode counts with one image; KL is that of the generated distribution over
the modes from the uniform one, in nats. The classifier is the package's own.

Each run leaves a file in `--output`, and a run that has one is not repeated; one that
was stopped goes on from its last checkpoint.
"""

import time
from pathlib import Path

import click
import keras
from tables import markdown
from tables.kept import Kept

from keras_gan import callbacks, metrics, plotting, presets

PACGAN = presets.get("pacgan_stacked_mnist")
RECIPES = {
    "DCGAN": PACGAN.adapted(arguments={"num_packed": 1}),
    "PacGAN, packed by 2": PACGAN,
    "narrow DCGAN, R1": presets.get("dcgan_stacked_mnist"),
    "WGAN-GP": presets.get("wgan_gp_fashion_mnist").adapted(
        image_shape=(28, 28, 3),
        dataset="stacked_mnist",
        metrics=PACGAN.metrics,
        num_images=5 * PACGAN.num_images,
    ),
    "R3GAN": presets.get("r3gan_stacked_mnist"),
}

PUBLISHED = [
    ("published: DCGAN (PacGAN's paper)", "78.9", "4.50"),
    ("published: WGAN-GP", "959", "0.73"),
    ("published: PacGAN2", "1000", "0.06"),
    ("published: StyleGAN2", "940", "0.42"),
    ("published: R3GAN", "1000", "0.029"),
]


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--recipe", "recipes", multiple=True, type=click.Choice(list(RECIPES)))
@click.option("--seeds", "num_seeds", default=1, show_default=True)
@click.option("--images", "num_images", type=int, help="Generated for one step of G.")
@click.option("--precision", type=click.Choice(["float32", "bf16"]), default="float32")
@click.option("--output", default="runs/stacked_mnist", show_default=True, type=Path)
def main(recipes, num_seeds, num_images, precision, output):
    if precision == "bf16":
        keras.config.set_dtype_policy("mixed_bfloat16")
    kept, rows = Kept(output), []
    for recipe in recipes or RECIPES:
        preset, found = shortened(RECIPES[recipe], num_images), []
        for seed in range(num_seeds):
            name = f"{recipe}-{seed}-{preset.num_images}".replace(" ", "")
            folder = output / name
            found.append(
                kept.result(name, lambda p=preset, s=seed, f=folder: run(p, s, f))
            )
            print(name, found[-1], flush=True)
        rows.append(
            (
                recipe,
                markdown.over_seeds((f["modes"] for f in found), "{:.0f}"),
                markdown.over_seeds((f["reverse_kl"] for f in found), "{:.3f}"),
                f"{preset.num_images:,}",
                markdown.over_seeds((f["seconds"] / 60 for f in found), "{:.0f}"),
            )
        )
    heads = ("", "modes of 1,000", "KL, nats", "images", "minutes")
    text = markdown.table(heads, [*rows, *((*row, "", "") for row in PUBLISHED)])
    (output / "stacked_mnist.md").write_text(text + "\n")
    print(text)


def shortened(preset, num_images):
    """A critic of five steps takes five times the images for one of the generator."""
    if num_images is None:
        return preset
    k = preset.turns.get("discriminator_steps", 1)
    return preset.adapted(num_images=k * num_images)


def run(preset, seed, folder):
    """Train, look, and count the modes."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    gan = preset.build(seed)
    clock = Clock(folder / "seconds")
    gan.fit(
        preset.load_data(seed=seed),
        epochs=10,
        steps_per_epoch=preset.num_steps // 10,
        verbose=0,
        callbacks=[callbacks.Checkpoint(folder / "checkpoints", every=500), clock],
    )
    plotting.image_grid(gan.generate(64, seed=seed), path=folder / "grid.png")
    coverage = metrics.measure(
        preset.make_metrics(), None, gan, num_images=26_000, seed=seed, verbose=0
    )
    found = {key.split("/")[-1].split(".")[-1]: v for key, v in coverage.items()}
    return {**found, "seconds": clock.seconds()}


class Clock(keras.callbacks.Callback):
    """The seconds of training, over all starts of a run."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def seconds(self):
        return float(self.path.read_text()) if self.path.exists() else 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        passed = self.seconds() + time.perf_counter() - self.start
        self.path.write_text(str(passed))


if __name__ == "__main__":
    main()
