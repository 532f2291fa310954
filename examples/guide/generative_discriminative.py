"""Learn P(Y | X) and P(X | Y) from the same data.

    python examples/guide/generative_discriminative.py

Heights of two kinds of plants, in one dimension. A classifier learns how likely each
kind is at a given height. A conditional GAN learns how tall plants of a given kind are,
and generates new ones.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

CENTERS, STD = (-1.0, 1.0), 0.6
COLOURS = (style.OTHER, style.DISCRIMINATOR)
X = np.linspace(-3.5, 3.5, 281, dtype="float32")


def density(kind):
    bump = np.exp(-0.5 * ((X - CENTERS[kind]) / STD) ** 2)
    return bump / (STD * np.sqrt(2 * np.pi))


def plants(num_steps):
    return keras_gan.datasets.Mixture(
        [[center] for center in CENTERS],
        STD,
        batch_size=512,
        steps_per_epoch=num_steps,
        labels=True,
    )


def train_classifier(num_steps=300):
    """Train a discriminative model, and return P(Y = 1 | X)."""
    keras.utils.set_random_seed(0)
    classifier = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(32, "tanh"), keras.layers.Dense(1)]
    )
    classifier.compile(
        keras.optimizers.Adam(1e-2), keras.losses.BinaryCrossentropy(from_logits=True)
    )
    heights, kinds = plants(num_steps).arrays()
    classifier.fit(heights, kinds, batch_size=512, epochs=1, verbose=0)
    logits = classifier.predict(X[:, None], verbose=0)[:, 0]
    return 1 / (1 + np.exp(-logits))


def train_gan(num_steps=1500, num_plants=20_000):
    """Train a generative model; return samples of P(X | Y = 0) and P(X | Y = 1)."""
    keras.utils.set_random_seed(0)
    generator, discriminator = keras_gan.architectures.mlp(
        (1,), 4, num_classes=2, generator_units=(64, 64), discriminator_units=(64, 64)
    )
    gan = keras_gan.GAN(generator, discriminator, num_classes=2, seed=0)
    gan.compile(
        discriminator_optimizer=adam(num_steps),
        generator_optimizer=adam(num_steps),
        discriminator_penalties=[
            keras_gan.penalties.R1(1.0),
            keras_gan.penalties.R2(1.0),
        ],
        share_fakes=True,
        ema=keras_gan.EMA(half_life=100_000),
    )
    gan.fit(plants(num_steps), epochs=1, verbose=0)
    return [
        gan.generate(num_plants, seed=kind, labels=kind, batch_size=5000)[:, 0]
        for kind in (0, 1)
    ]


def adam(num_steps):
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)


def exact():
    """Return P(Y = 1 | X), by Bayes' rule."""
    return density(1) / (density(0) + density(1))


def draw(predicted, samples, path):
    figure = style.new_figure(9, 3.9)
    answers, heights = figure.subplots(1, 2)
    for axes in (answers, heights):
        style.tidy(axes)
        axes.set_xlabel("height X", fontsize=11, color=style.FAINT)
    style.set_titles(
        answers, "P(Y | X)", "Is a plant of this height of the second kind?"
    )
    answers.plot(X, exact(), color="#9ec4e4", linewidth=7, label="Bayes' rule")
    answers.plot(X, predicted, color=style.DISCRIMINATOR, label="classifier")
    answers.legend(frameon=False, fontsize=11, loc="upper left")
    style.set_titles(heights, "P(X | Y)", "How tall are plants of this kind?")
    for kind, (drawn, colour) in enumerate(zip(samples, COLOURS, strict=True)):
        label = f"G, kind {kind + 1}"
        heights.hist(
            drawn,
            90,
            range=(-3.5, 3.5),
            density=True,
            color=colour,
            alpha=0.5,
            label=label,
        )
        heights.plot(X, density(kind), color=colour)
    heights.set_yticks([])
    heights.set_ylim(0, 0.95)
    heights.legend(frameon=False, fontsize=11, ncols=2, loc="upper center")
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    predicted, samples = train_classifier(min(args.steps, 300)), train_gan(args.steps)
    gap = np.abs(predicted - exact()).max()
    print(f"classifier: largest gap to Bayes' rule {gap:.3f}")
    for kind, drawn in enumerate(samples):
        print(
            f"kind {kind + 1}: mean {drawn.mean():+.2f} (data {CENTERS[kind]:+.2f}), "
            f"standard deviation {drawn.std():.2f} (data {STD:.2f})"
        )
    draw(predicted, samples, args.output)
