"""Generate by class: each label of a ring gets the points of its own mode.

python examples/guide/conditional.py
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np


def train(num_steps=2000):
    keras.utils.set_random_seed(0)
    data = keras_gan.datasets.ring(
        std=0.08, batch_size=512, steps_per_epoch=num_steps, labels=True
    )
    generator, discriminator = keras_gan.architectures.mlp(
        (2,), 2, num_classes=8, generator_units=(64, 64), discriminator_units=(64, 64)
    )
    gan = keras_gan.GAN(generator, discriminator, num_classes=8, seed=0)
    gan.compile(
        discriminator_optimizer=adam(num_steps),
        generator_optimizer=adam(num_steps),
        discriminator_penalties=[
            keras_gan.penalties.R1(0.1),
            keras_gan.penalties.R2(0.1),
        ],
        share_fakes=True,
    )
    gan.fit(data, epochs=1, verbose=0)
    labels = np.arange(4000) % 8
    return data, labels, gan.generate(4000, seed=0, labels=labels)


def adam(num_steps):
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5)


def share_right(centers, labels, fakes):
    """Return the share of points that are nearest to the mode of their label."""
    distances = np.linalg.norm(fakes[:, None] - centers, axis=-1)  # (fakes, modes)
    return np.mean(distances.argmin(axis=1) == labels)


def draw(data, labels, fakes, path):
    from matplotlib import colormaps

    figure = style.new_figure(9, 4.4)
    real, asked = figure.subplots(1, 2)
    points, modes = data[0]
    for axes, title, subtitle, x, y in (
        (real, "Data", "points and their labels", points, modes),
        (asked, "Generated", "coloured by the label asked for", fakes, labels),
    ):
        style.tidy(axes)
        style.set_titles(axes, title, subtitle)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xlim(-1.5, 1.5)
        axes.set_ylim(-1.5, 1.5)
        x, y = x[:1600], y[:1600]
        axes.scatter(*x.T, s=5, color=colormaps["Dark2"](y % 8), linewidths=0)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    data, labels, fakes = train(args.steps)
    right = share_right(data.centers, labels, fakes)
    print(f"points nearest to the mode that was asked for: {right:.1%}")
    draw(data, labels, fakes, args.output)
