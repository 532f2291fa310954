"""Watch a GAN learn eight points on a ring, in about a minute.

    python examples/mixture_of_gaussians.py

Writes into `runs/mixture_of_gaussians`:
    samples/epoch_0001.png ...  real points, generated points, and where D says real
    history.png                 the losses, and D(x) and D(G(z)) around 1/2
"""

import argparse
from pathlib import Path

import keras
import numpy as np

import keras_gan

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, default=1500)
parser.add_argument("--output", type=Path, default=Path("runs/mixture_of_gaussians"))
args = parser.parse_args()

keras.utils.set_random_seed(0)
dataset = keras_gan.datasets.ring(batch_size=256, steps_per_epoch=args.steps_per_epoch)

generator, discriminator = keras_gan.architectures.mlp((2,), latent_dim=2)
gan = keras_gan.GAN(generator, discriminator)


def falling_rate():
    num_steps = args.epochs * args.steps_per_epoch
    return keras.optimizers.schedules.CosineDecay(2e-3, num_steps)


gan.compile(
    discriminator_optimizer=keras.optimizers.Adam(falling_rate(), beta_1=0.5),
    generator_optimizer=keras.optimizers.Adam(falling_rate(), beta_1=0.5),
    loss="non_saturating",
    ema=keras_gan.EMA(half_life=20_000),
)
history = gan.fit(
    dataset,
    epochs=args.epochs,
    callbacks=[
        keras_gan.callbacks.SampleScatter(
            args.output / "samples",
            real=dataset[0],
            discriminator=lambda points: keras.ops.sigmoid(discriminator(points)),
        )
    ],
)
keras_gan.plotting.plot_history(history, args.output / "history.png")

points = gan.generate(2500, seed=0)
distances = np.linalg.norm(points[:, None] - dataset.centers, axis=-1)
near = distances.min(axis=1) < 3 * dataset.std
modes = len(set(distances.argmin(axis=1)[near]))
print(f"{modes} of 8 modes found; {near.mean():.1%} of the points within 3 std of one.")
