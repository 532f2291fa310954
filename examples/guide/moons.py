"""Few labels and many points: what a GAN adds to a classifier, and from what.

    python examples/guide/moons.py

Two classes, each a half moon. Three points of each have a label. A classifier learns
from these six; another from points of a conditional GAN that has seen the same six; and
the discriminator of a semi-supervised GAN sees the other points too, without labels.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import architectures, datasets, models
from keras_gan.plotting import style

import keras
import numpy as np

UNITS, NUM_POINTS, PER_CLASS = (128, 128), 2000, 3
COLOURS = (style.OTHER, style.DISCRIMINATOR)
EDGE = 1.05
GRID = np.stack(np.meshgrid(*[np.linspace(-EDGE, EDGE, 120, dtype="float32")] * 2), -1)


def moons(num_points, seed):
    """Return points of two half moons, one inside the other, and their classes."""
    rng = np.random.default_rng(seed)
    classes = np.arange(num_points) % 2
    angle = rng.uniform(0, np.pi, num_points)
    points = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], -1)
    points *= (1 - 2 * classes)[:, None]
    points += rng.normal(0, 0.07, points.shape)
    return (0.6 * points).astype("float32"), classes.astype("int32")


def adam(beta_1=0.5):
    rate = keras.optimizers.schedules.CosineDecay(2e-3, args.steps)
    return keras.optimizers.Adam(rate, beta_1=beta_1)


def batches(points, classes, batch_size=128):
    """Return batches of points with labels, however few these are."""
    rows = np.arange(args.steps * batch_size) % len(points)
    return datasets.Batches(points[rows], classes[rows], batch_size=batch_size)


def from_labels(points, classes):
    """Train a classifier on what has a label."""
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(units, "relu") for units in UNITS]
    network = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(adam(0.9), loss)
    network.fit(batches(points, classes), epochs=1, verbose=0)
    return lambda x: network.predict(x, verbose=0, batch_size=2000).argmax(axis=1)


def from_generated(points, classes):
    """Train a classifier on what a conditional GAN makes of what has a label."""
    keras.utils.set_random_seed(0)
    networks = architectures.mlp((2,), 4, 2, UNITS, UNITS)
    gan = keras_gan.GAN(*networks, num_classes=2, seed=0)
    gan.compile(adam(), adam(), discriminator_penalties=[keras_gan.penalties.R1(0.1)])
    gan.fit(batches(points, classes), epochs=1, verbose=0)
    labels = np.arange(1000) % 2
    made = gan.generate(1000, seed=0, labels=labels)
    return from_labels(made, labels.astype("int32")), made


def from_all(points, few):
    """Train a discriminator on all points, of which few have a label."""
    keras.utils.set_random_seed(0)
    generator, discriminator = architectures.mlp((2,), 4, None, UNITS, UNITS)
    discriminator = architectures.semi_supervised_discriminator(discriminator, 2)
    gan = models.SemiSupervisedGAN(generator, discriminator, seed=0)
    gan.compile(adam(), adam(), loss_weight=1.0)
    data = datasets.PartlyLabelled(points, few, batch_size=128)
    epochs = -(-args.steps // len(data))
    gan.fit(data, epochs=epochs, steps_per_epoch=min(args.steps, len(data)), verbose=0)
    return lambda x: gan.classify(x, batch_size=2000).argmax(axis=1)


def draw(panels, known, path):
    figure = style.new_figure(9, 3.5)
    for axes, (name, words, points, names) in zip(
        figure.subplots(1, len(panels)), panels, strict=True
    ):
        style.tidy(axes)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xticks([])
        axes.set_yticks([])
        regions = names(GRID.reshape(-1, 2)).reshape(GRID.shape[:2])
        axes.contourf(
            *np.moveaxis(GRID, -1, 0), regions, [-0.5, 0.5, 1.5], colors=COLOURS,
            alpha=0.18,
        )  # fmt: skip
        axes.scatter(*points.T, s=3, color="#999999", linewidths=0)
        for each, colour in enumerate(COLOURS):
            labelled = known[0][known[1] == each]
            axes.scatter(*labelled.T, s=60, color=colour, edgecolors="white")
        style.set_titles(axes, name, words)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1, help="of the choice of labels")
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    points, classes = moons(NUM_POINTS, seed=0)
    few = datasets.hide_labels(classes, PER_CLASS, seed=args.seed)
    known = points[few >= 0], few[few >= 0]
    tested, right = moons(10_000, seed=1)
    taught, made = from_generated(*known)
    panels = []
    for name, names, shown in [
        ("6 labels", from_labels(*known), points[:0]),
        ("6 labels, and G", taught, made),
        ("6 labels, all points", from_all(points, few), points),
    ]:
        errors = np.mean(names(tested) != right)
        print(f"{name:22}{errors:6.1%} of the test points named wrong")
        panels.append((name, f"errors: {errors:.1%}", shown, names))
    draw(panels, known, args.output)
