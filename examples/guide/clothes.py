"""Interpolate and sweep through the latents of a small clothes GAN.

    python examples/guide/clothes.py

Trains a small DCGAN on Fashion-MNIST for a minute or two. First two rows: spherical
interpolation from one latent to another. The other rows: one latent each, with a single
dimension changed from -3 to 3.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
import numpy as np


def train(num_steps=1500, width=16):
    keras.utils.set_random_seed(0)
    data = keras_gan.datasets.fashion_mnist(batch_size=64)
    generator, discriminator = keras_gan.architectures.dcgan(
        (28, 28, 1), latent_dim=8, width=width, kernel_size=4
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_penalties=[keras_gan.penalties.R1(1.0)],
        share_fakes=True,
        ema=keras_gan.EMA(half_life=10_000),
    )
    for epoch in range(2):
        gan.fit(
            data,
            steps_per_epoch=max(num_steps // 2, 1),
            initial_epoch=epoch,
            epochs=epoch + 1,
            verbose=0,
        )
    return gan


def walks_and_sweeps(gan, num_columns=13):
    latents = keras.ops.convert_to_numpy(gan.prior.sample(6, seed=3))
    walks = keras_gan.latents.interpolate(latents[0:2], latents[2:4], num_columns)
    values = np.linspace(-3, 3, num_columns)
    sweeps = [
        keras_gan.latents.sweep(latent, dimension, values)
        for latent in latents[4:6]
        for dimension in (0, 1)
    ]
    return np.concatenate([walks, *sweeps])


def mean_step(images, num_columns=13):
    """Return how much neighbours on a path differ, and how much its ends differ."""
    paths = images.reshape(-1, num_columns, *images.shape[1:])
    steps = np.abs(np.diff(paths, axis=1)).mean()
    ends = np.abs(paths[:, -1] - paths[:, 0]).mean()
    return steps, ends


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument(
        "--width", type=int, default=16, help="channels; more is slower"
    )
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    gan = train(args.steps, args.width)
    latents = walks_and_sweeps(gan)
    images = gan.synthesize(latents)
    steps, ends = mean_step(images)
    print(f"mean difference of neighbours {steps:.3f}, of a row's ends {ends:.3f}")
    large = images.repeat(2, axis=1).repeat(2, axis=2)  # (78, 56, 56, 1)
    keras_gan.plotting.image_grid(large, num_columns=13, path=args.output)
