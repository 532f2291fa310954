"""Train only D, on two known densities: it becomes p / (p + q).

    python examples/guide/optimal_discriminator.py

The data follow p, two bumps. The generator follows q, one bump, and never moves.
What D learns can then be compared with the formula.
"""

import argparse
import math
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

# p: two Gaussians of this width. q: G(z) = SHIFT + SPREAD * z, for a normal z.
CENTERS, WIDTH = (-1.2, 1.6), 0.5
SHIFT, SPREAD = 0.4, 1.0


def normal(x, mean, std):
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * math.sqrt(2 * math.pi))


def p(x):
    return np.mean([normal(x, center, WIDTH) for center in CENTERS], axis=0)


def q(x):
    return normal(x, SHIFT, SPREAD)


def support(num_points=400):
    """Return the points where p + q is at least 5% of its maximum."""
    x = np.linspace(-6, 6, 10 * num_points)
    density = p(x) + q(x)
    x = x[density > 0.05 * density.max()]
    return np.linspace(x[0], x[-1], num_points)


def jensen_shannon():
    x = np.linspace(-8, 8, 20_001)
    middle = np.maximum((p(x) + q(x)) / 2, 1e-300)
    divergences = [
        np.trapezoid(each * np.log(np.maximum(each, 1e-300) / middle), x)
        for each in (p(x), q(x))
    ]
    return sum(divergences) / 2


def train(num_steps=1500):
    """Return D, as a function from points to probabilities, and the last V(D, G)."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    generator.set_weights([np.array([[SPREAD]]), np.array([SHIFT])])
    discriminator = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(64, "silu"),
            keras.layers.Dense(64, "silu"),
            keras.layers.Dense(1),
        ]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    rate = keras.optimizers.schedules.CosineDecay(1e-2, num_steps)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(rate),
        generator_optimizer=keras.optimizers.SGD(0.0),  # G does not move.
        loss="minimax",
    )
    epochs = 2 if num_steps > 1 else 1
    data = keras_gan.datasets.Mixture(
        [[center] for center in CENTERS],
        WIDTH,
        batch_size=2048,
        steps_per_epoch=num_steps // epochs,
    )
    history = gan.fit(data, epochs=epochs, verbose=0).history

    def probability(x):
        logits = discriminator(np.float32(x)[:, None])
        return keras.ops.convert_to_numpy(keras.ops.sigmoid(logits))[:, 0]

    return probability, -history["d_loss"][-1]


def draw(x, learned, path):
    figure = style.new_figure(8, 5.4)
    densities, output = figure.subplots(2, sharex=True, height_ratios=(1, 1.4))
    for axes in (densities, output):
        style.tidy(axes)
    densities.plot(x, p(x), color=style.DATA, label="p, the data")
    densities.plot(x, q(x), color=style.GENERATOR, label="q, the generator")
    style.set_titles(densities, "Two known densities", "The generator does not move")
    best = p(x) / (p(x) + q(x))
    output.plot(x, best, color="#9ec4e4", linewidth=7, label="p / (p + q)")
    output.plot(x, learned, color=style.DISCRIMINATOR, label="D(x), trained")
    output.axhline(0.5, color=style.FAINT, linewidth=1, linestyle="dashed")
    output.set_ylim(0, 1)
    style.set_titles(output, "The discriminator", "It never sees p or q, only points")
    output.set_xlabel("x", fontsize=11, color=style.FAINT)
    for axes in (densities, output):
        axes.legend(
            frameon=False, fontsize=11, loc="center left", bbox_to_anchor=(1, 0.5)
        )
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    discriminator, value = train(args.steps)
    x = support()
    learned = discriminator(x)
    gap = np.abs(learned - p(x) / (p(x) + q(x))).max()
    print(f"largest gap between D(x) and p / (p + q) on the support: {gap:.3f}")
    print(f"V(D, G), measured: {value:.3f}")
    print(f"2 JS(p, q) - log 4, computed: {2 * jensen_shannon() - math.log(4):.3f}")
    draw(x, learned, args.output)
