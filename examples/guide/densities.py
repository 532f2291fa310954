"""Compare an explicit and an implicit density on two bumps with a gap between.

    python examples/guide/densities.py

A single Gaussian, fitted by maximum likelihood, has a formula for its density and
is wrong. A generator has no formula, only samples, and learns the gap.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

CENTERS, STD = (-1.5, 1.5), 0.4
EDGES = np.linspace(-4, 4, 101)


def two_bumps(num_steps, batch_size=512):
    centers = [[center] for center in CENTERS]
    return keras_gan.datasets.Mixture(
        centers, STD, batch_size, steps_per_epoch=num_steps
    )


def train(num_steps=2000):
    keras.utils.set_random_seed(0)
    generator, discriminator = keras_gan.architectures.mlp(
        (1,), 1, generator_units=(64, 64), discriminator_units=(64, 64)
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile(
        discriminator_optimizer=adam(num_steps),
        generator_optimizer=adam(num_steps),
        discriminator_penalties=[
            keras_gan.penalties.R1(2.0),
            keras_gan.penalties.R2(2.0),
        ],
        share_fakes=True,
        ema=keras_gan.EMA(half_life=100_000),
    )
    gan.fit(two_bumps(num_steps), epochs=1, verbose=0)
    return gan


def adam(num_steps):
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)


def share_in_gap(x):
    return np.mean(np.abs(x) < 0.5)


def draw(data, gaussian, gan, fakes, path):
    figure = style.new_figure(10, 3.9)
    explicit, function, implicit = figure.subplots(1, 3)
    for axes in (explicit, function, implicit):
        style.tidy(axes)
    for axes in (explicit, implicit):
        axes.hist(data, EDGES, density=True, color="#cccccc", label="data")
        axes.set_yticks([])
        axes.set_ylim(0, 0.95)
        axes.set_xlabel("x", fontsize=11, color=style.FAINT)

    mean, std = gaussian
    curve = np.exp(-0.5 * ((EDGES - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))
    style.set_titles(explicit, "Explicit", "a formula for p(x)")
    explicit.plot(EDGES, curve, color=style.OTHER, linewidth=2, label="best Gaussian")

    z = np.linspace(-3, 3, 241, dtype="float32")
    style.set_titles(function, "The generator", "a function, from z to x")
    function.plot(
        z, gan.synthesize(z[:, None])[:, 0], color=style.GENERATOR, linewidth=2
    )
    function.set_xlabel("z", fontsize=11, color=style.FAINT)
    function.set_ylabel("G(z)", fontsize=11, color=style.FAINT)

    style.set_titles(implicit, "Implicit", "draws, and no formula")
    height, _ = np.histogram(fakes, EDGES, density=True)
    implicit.stairs(
        height, EDGES, color=style.GENERATOR, linewidth=2, label="G(z), z normal"
    )
    for axes in (explicit, implicit):
        axes.legend(frameon=False, fontsize=10.5, loc="upper center", ncols=2)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    data = two_bumps(1, batch_size=50_000)[0][:, 0]
    gaussian = data.mean(), data.std()  # the maximum of the likelihood
    gan = train(args.steps)
    fakes = gan.generate(50_000, seed=0, batch_size=10_000)[:, 0]
    drawn = np.random.default_rng(0).normal(*gaussian, 50_000)
    for name, points in (("data", data), ("Gaussian", drawn), ("GAN", fakes)):
        print(f"share of {name:8} in the gap, |x| < 0.5: {share_in_gap(points):.1%}")
    draw(data, gaussian, gan, fakes, args.output)
