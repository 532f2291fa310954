"""Progressive growing against the same networks at once, at equal time.

    python benchmarks/progressive.py
    python benchmarks/progressive.py --minutes 20 --seeds 3
    KERAS_BACKEND=jax python benchmarks/progressive.py --arrays fashion.npz

Fashion-MNIST at 32 x 32 pixels (a margin of two pixels all around), the networks of
`keras_gan.architectures.progressive`, one set of optimizers, loss and penalties, as in
the preset `progan_fashion_mnist`, but at constant rates. One run of each seed grows,
from 4 x 4 pixels on; the other trains the whole size from its first step. Both stop
after equally many minutes of training, measured without the time for evaluation.
Compiling counts: growing compiles four times.

A growing run has to know its schedule in images beforehand. A probe of a few steps at
each level measures how long they take, and the schedule gives every phase of a level
`--share` of the time that all phases but the last have.

The distance is Frechet's, over the features of `FashionMNISTClassifier`, of 10,000
generated images, margin cut off, from the 10,000 test images. Images of levels that are
smaller than the data are enlarged. It is measured after every tenth of the time, and
kept as a curve.

`--save-arrays` writes the data, training and test images, to a file, and `--arrays`
reads it: for a machine without the data set. Each run leaves a JSON file, a picture of
samples and a `.keras` file in `--output`, and is not repeated.
"""

import time
from pathlib import Path

import keras_gan
from keras_gan import architectures, datasets, losses, metrics, models, penalties

import click
import keras
import numpy as np

from tables import markdown
from tables.kept import Kept

MARGIN = 2
POINTS = 10  # of the curve
VARIANTS = ("growing", "whole size")
LATENT_DIM = 64
PROBE_STEPS = 8
WAIT_EVERY = 10  # steps


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--minutes", default=20.0, show_default=True, help="Of each run.")
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--variant", "variants", multiple=True, type=click.Choice(VARIANTS))
@click.option("--batch-size", default=32, show_default=True)
@click.option(
    "--recipe", default="r3gan", type=click.Choice(["r3gan", "r1", "wgan_gp"])
)
@click.option("--width", default=16, show_default=True, help="Channels, whole size.")
@click.option("--max-width", default=64, show_default=True)
@click.option("--rate", default=1e-2, show_default=True, help="Of G.")
@click.option("--discriminator-rate", default=5e-3, show_default=True)
@click.option("--output-activation", default="tanh", show_default=True)
@click.option("--share", default=0.6, show_default=True, help="Of the time, to grow.")
@click.option("--steps-per-execution", default=1, show_default=True)
@click.option("--num-evaluated", default=10_000, show_default=True)
@click.option("--arrays", type=Path, help="Read the data from this .npz file.")
@click.option("--save-arrays", type=Path, help="Write them to it, and stop.")
@click.option("--output", default="runs/progressive", show_default=True, type=Path)
def main(save_arrays, **options):
    if save_arrays is not None:
        train, test = load(None)
        np.savez_compressed(save_arrays, train=train, test=test)
        return
    compare(**options)


def compare(
    minutes, num_seeds, first_seed, variants, arrays, num_evaluated, output, **settings
):
    """Train and measure all runs, and print the table."""
    kept, rows, means = Kept(output), [], {}
    data = load(arrays)
    for variant in variants or VARIANTS:
        found = []
        for seed in range(first_seed, first_seed + num_seeds):
            name = f"{variant}-{seed}-{minutes:g}-{settings['recipe']}"
            name = name.replace(" ", "_")
            found.append(
                kept.result(
                    name,
                    lambda v=variant, s=seed, n=name: run(
                        v, s, data, 60 * minutes, num_evaluated, output / n, **settings
                    ),
                )
            )
            print(name, found[-1], flush=True)
        ends = [each["curve"][-1][1] for each in found]
        means[variant] = np.mean(ends)
        images = np.mean([each["images"] for each in found])
        rows.append(
            (
                variant,
                markdown.over_seeds(ends),
                f"{images:,.0f}",
                *(f"{np.mean(column):.2f}" for column in columns(found)),
            )
        )
    shares = [f"{(i + 1) / POINTS:.0%}" for i in range(POINTS)]
    heads = ("", "distance", "images", *(f"at {share}" for share in shares))
    text = markdown.table(heads, rows)
    if len(means) == 2:
        text += f"\n\nratio: {means['growing'] / means['whole size']:.2f}"
    (output / "progressive.md").write_text(text + "\n")
    print(text)


def columns(found):
    """Return the distances of all runs at each point of the curve."""
    return zip(*([value for _, value in each["curve"]] for each in found), strict=True)


def load(arrays):
    """Return training and test images, bytes of 32 x 32 pixels."""
    if arrays is not None:
        with np.load(arrays) as file:
            return file["train"], file["test"]
    return tuple(
        np.pad(
            datasets.fashion_mnist(split, shuffle=False, batch_size=1)
            .as_uint8()
            .arrays(),
            [(0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN), (0, 0)],
        )
        for split in ("train", "test")
    )


def run(variant, seed, data, seconds, num_evaluated, path, **settings):
    """Train for so many seconds, and measure after every tenth of them."""
    train, test = data
    schedule = None
    if variant == "growing":
        schedule = plan(train, seconds, settings)
        print(variant, seed, schedule, flush=True)
    gan = build(train, seed, schedule, settings)
    batches = datasets.Batches(train, batch_size=settings["batch_size"], seed=seed)
    real = cropped(test)
    distance = metrics.FrechetDistance(metrics.FashionMNISTClassifier())

    def evaluate():
        sampler = Cropped(gan.sampler_for_metrics())
        found = metrics.measure(
            [distance], real, sampler, num_evaluated, seed=0, verbose=0
        )
        (value,) = (v for k, v in found.items() if k.endswith("frechet_distance"))
        return float(value)

    clock = Clock(seconds, evaluate)
    gan.fit(
        batches.with_steps_per_epoch(10**6 // settings["steps_per_execution"]),
        epochs=1,
        verbose=0,
        callbacks=[clock],
    )
    clock.finish()
    keras_gan.plotting.image_grid(
        gan.sampler_for_metrics().generate(64, seed=0), path=f"{path}.png"
    )
    gan.save(f"{path}.keras")
    return {
        "curve": clock.curve,
        "images": clock.num_steps * settings["batch_size"],
        "schedule": schedule,
        "backend": keras.backend.backend(),
    }


class Clock(keras.callbacks.Callback):
    """Stop after some seconds of training; measure after every tenth of them.

    Args:
        seconds: float.
        evaluate: function of nothing, whose time does not count.
    """

    def __init__(self, seconds, evaluate):
        super().__init__()
        self.seconds, self.evaluate = seconds, evaluate
        self.curve, self.num_steps = [], 0

    def on_train_begin(self, logs=None):
        self.start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.num_steps = batch + 1
        if self.num_steps % WAIT_EVERY == 0:
            float(logs["d_loss"])  # waits for what is still computed
        due = self.seconds * (len(self.curve) + 1) / POINTS
        if time.perf_counter() - self.start < due:
            return
        float(logs["d_loss"])
        passed = time.perf_counter() - self.start
        self.measure(passed)
        self.start = time.perf_counter() - passed
        self.model.stop_training = len(self.curve) == POINTS

    def measure(self, passed):
        self.curve.append([passed, self.evaluate()])
        print(f"{passed:.0f} s: {self.curve[-1][1]:.2f}", flush=True)

    def finish(self):
        """Repeat the last value where a run was too slow for all points."""
        while len(self.curve) < POINTS:
            self.measure(self.seconds)


class Cropped:
    """A sampler whose images lose their margin.

    Args:
        sampler: what to draw from.
    """

    num_classes = None

    def __init__(self, sampler):
        self.sampler = sampler

    def generate(self, *args, **kwargs):
        return cropped(self.sampler.generate(*args, **kwargs))


def cropped(images):
    return images[:, MARGIN:-MARGIN, MARGIN:-MARGIN]


def build(train, seed, schedule, settings):
    """Return a compiled model: one that grows by a schedule, or of the whole size."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    growing = schedule is not None
    pair = architectures.progressive(
        train.shape[1:],
        LATENT_DIM,
        width=settings["width"],
        max_width=settings["max_width"],
        growing=growing,
        output_activation=settings["output_activation"],
    )
    model = models.ProgressiveGAN if growing else keras_gan.GAN
    gan = model(*pair, seed=seed)
    loss, weighed = recipe(settings["recipe"])
    gan.compile(
        adam(settings["discriminator_rate"]),
        adam(settings["rate"]),
        loss=loss,
        discriminator_penalties=weighed,
        ema=keras_gan.EMA(10_000),
        steps_per_execution=settings["steps_per_execution"],
        **(schedule or {}),
    )
    return gan


def recipe(name):
    """Return the loss and the penalties of a recipe."""
    if name == "r3gan":
        return "relativistic_pairing", [penalties.R1(0.1), penalties.R2(0.1)]
    if name == "r1":
        return "non_saturating", [penalties.R1(0.5)]
    return losses.Wasserstein(drift=0.001), [penalties.GradientPenalty(10.0)]


def adam(rate):
    return keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99, epsilon=1e-8)


def plan(train, seconds, settings):
    """Return a schedule that gives the levels below the last a share of the time.

    All phases but the last, which lasts to the end, have equally many images; the time
    of a step at each level is measured.
    """
    long = {"fade_images": 10**6, "stable_images": 10**6}
    gan = build(train, 0, long, settings)
    images, per_image = train[: settings["batch_size"]], []
    for level in range(gan.growth.num_levels):
        gan.growth.images_seen.assign(gan.growth.start(level))
        gan.train_on_batch(images)  # compiles
        start = time.perf_counter()
        for _ in range(PROBE_STEPS):
            gan.train_on_batch(images)
        per_image.append((time.perf_counter() - start) / PROBE_STEPS / len(images))
    # Level 0 has one phase, the others two, of which the last one's second is open.
    seconds_of_a_phase = per_image[0] + 2 * sum(per_image[1:-1]) + per_image[-1]
    num_images = int(settings["share"] * seconds / seconds_of_a_phase)
    return {"fade_images": num_images, "stable_images": num_images}


if __name__ == "__main__":
    main()
