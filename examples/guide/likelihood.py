"""A GAN and a VAE with one generator: the same measures, and a density of one of them.

    python examples/guide/likelihood.py

Eight modes on a ring. The density of the data is known, and their mean log-density the
most that any model reaches. A VAE states a lower bound of its own; a GAN states none.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import architectures, models
from keras_gan.plotting import style

import keras
import numpy as np

UNITS, LATENT_DIM = (128, 128), 2


def ring(num_steps, batch_size=256):
    return keras_gan.datasets.ring(
        std=0.05, batch_size=batch_size, steps_per_epoch=num_steps, seed=0
    )


def train_gan(num_steps):
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(
        architectures.mlp_generator((2,), LATENT_DIM, None, UNITS),
        architectures.mlp_discriminator((2,), discriminator_units=UNITS),
        seed=0,
    )
    gan.compile(
        adam(num_steps, 0.5),
        adam(num_steps, 0.5),
        loss="relativistic_pairing",
        discriminator_penalties=[
            keras_gan.penalties.R1(0.1),
            keras_gan.penalties.R2(0.1),
        ],
    )
    gan.fit(ring(num_steps), epochs=1, verbose=0)
    return gan


def train_vae(num_steps):
    keras.utils.set_random_seed(0)
    vae = models.VAE(
        architectures.mlp_vae_encoder((2,), LATENT_DIM, UNITS),
        architectures.mlp_generator((2,), LATENT_DIM, None, UNITS),
        likelihood=keras_gan.likelihoods.Gaussian(0.2),
        seed=0,
    )
    vae.compile(adam(num_steps, 0.9))
    vae.fit(ring(num_steps), epochs=1, verbose=0)
    return vae


def adam(num_steps, beta_1):
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=beta_1)


def log_density(points, data):
    """Return the log-density of the data's distribution, in nats."""
    squares = np.square(points[:, None] - np.asarray(data.centers)[None]).sum(-1)
    logs = -0.5 * squares / data.std**2 - np.log(2 * np.pi * data.std**2)
    return np.logaddexp.reduce(logs, axis=1) - np.log(len(data.centers))


def measured(points, data):
    coverage = keras_gan.metrics.MixtureCoverage(data.centers, data.std)
    coverage.update_fake(points)
    return coverage.result()


def draw(panels, path):
    figure = style.new_figure(9, 3.3)
    for axes, (name, points, words) in zip(
        figure.subplots(1, len(panels)), panels, strict=True
    ):
        style.tidy(axes)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xlim(-1.7, 1.7)
        axes.set_ylim(-1.7, 1.7)
        axes.set_xticks([])
        axes.set_yticks([])
        color = "#999999" if name == "Data" else style.GENERATOR
        axes.scatter(*points[:1500].T, s=3, color=color, linewidths=0)
        style.set_titles(axes, name, words)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--points", type=int, default=2000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    data = ring(1, batch_size=args.points)
    points = data[0]
    gan, vae = train_gan(args.steps), train_vae(args.steps)
    means = vae.generate(args.points, seed=0)
    # A draw from p(x | z) is its mean with the noise that the likelihood learned.
    scale = float(np.exp(keras.ops.convert_to_numpy(vae.likelihood.log_scale)))
    noise = np.random.default_rng(0).normal(0, scale, means.shape)
    drawn = {
        "Data": (points, f"{log_density(points, data).mean():.2f}"),
        "GAN": (gan.generate(args.points, seed=0), "not stated"),
        "VAE": (means + noise, f">= {vae.bound(points, samples=200).mean():.2f}"),
    }
    print(f"{'':6}{'modes':>6}{'within 3 std':>14}{'log p(x), nats':>16}")
    panels = []
    for name, (made, nats) in drawn.items():
        found = measured(made, data)
        modes, good = f"{found['modes']:.0f}", f"{found['high_quality']:.1%}"
        print(f"{name:6}{modes:>6}{good:>14}{nats:>16}")
        panels.append((name, made, f"log p(x): {nats}"))
    draw(panels, args.output)
