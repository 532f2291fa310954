"""Train StyleGAN2 on Fashion-MNIST, and change pictures in w.

    python examples/stylegan2_fashion_mnist.py

Writes samples of every epoch, `path.png` (straight lines in w), `mixing.png` (shapes
from the top row, the rest from the left column) and the model. The networks are
StyleGAN2's, and the recipe is for short training: docs/stylegan2.md has the published
one too. Karras et al. 2019, "Analyzing and Improving the Image Quality of StyleGAN",
arXiv:1912.04958.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import latents, plotting

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, help="fewer, for a quick try")
parser.add_argument("--width", type=int, default=32, help="channels of the last stage")
parser.add_argument("--output", type=Path, default=Path("runs/stylegan2"))
args = parser.parse_args()


data = keras_gan.datasets.fashion_mnist(batch_size=32)
num_steps = args.epochs * (args.steps_per_epoch or len(data))


def falling(rate):
    """Adam whose learning rate is 0 at the end of the training."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, num_steps)
    return keras.optimizers.Adam(schedule, beta_1=0.0, beta_2=0.99)


keras.utils.set_random_seed(0)
networks = keras_gan.architectures.stylegan2(
    (28, 28, 1),
    latent_dim=64,
    w_dim=128,
    width=args.width,
    max_width=4 * args.width,
    num_mapping_layers=2,
    noise="none",
    output_activation="tanh",
)
gan = keras_gan.GAN(*networks)
gan.compile(
    discriminator_optimizer=falling(0.005),
    generator_optimizer=falling(0.02),
    loss="relativistic_pairing",
    discriminator_penalties=[keras_gan.penalties.R1(0.1), keras_gan.penalties.R2(0.1)],
    ema=keras_gan.EMA(20_000, ramp_up=0.05),
)
gan.fit(
    data,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)

w = gan.map(gan.prior.sample(8, seed=0))
path = latents.interpolate(w[:4], w[4:], num_steps=9, method="linear")
plotting.image_grid(gan.synthesize(w=path), 9, path=args.output / "path.png")
rows, columns = gan.prior.sample(4, seed=1), gan.prior.sample(8, seed=2)
plotting.style_mixing(gan, rows, columns, (0, 1), path=args.output / "mixing.png")
gan.save(args.output / "gan.keras")

spread = np.std([gan.generate(64, 0, truncation_psi=psi) for psi in (1.0, 0.5)], axis=1)
spread = spread.mean(axis=(1, 2, 3))
print(f"Pixels vary by {spread[0]:.2f}, and by {spread[1]:.2f} with a psi of 0.5")
