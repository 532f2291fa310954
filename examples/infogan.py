"""Train an InfoGAN on digits, and draw what its codes do.

    python examples/infogan.py

Writes into `runs/infogan`:
    samples/epoch_0001.png ...  samples after every epoch
    categories.png              one row for each category, its noise drawn anew
    code_1.png, code_2.png      one row for each category, from upright to slanted and
                                from thin to bold
    gan.keras                   both networks and all training state
    savedmodel/1                the generator for a server: a slider for each code

Chen et al. 2016, "InfoGAN: Interpretable Representation Learning by Information
Maximizing Generative Adversarial Nets", arXiv:1606.03657.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, default=250)
parser.add_argument("--width", type=int, default=16, help="channels; 64 is published")
parser.add_argument("--data-dir", help="a folder with MNIST")
parser.add_argument("--output", type=Path, default=Path("runs/infogan"))
args = parser.parse_args()

# Of fewer images a batch does not tell how often two categories come together.
BATCH_SIZE = 200

keras.utils.set_random_seed(0)
dataset = keras_gan.datasets.mnist(batch_size=BATCH_SIZE, data_dir=args.data_dir)

# 62 numbers of noise, a category of ten, and two numbers from -1 to 1.
prior = keras_gan.latents.default_codes()
generator, discriminator = keras_gan.architectures.infogan(
    (28, 28, 1), prior.latent_dim, prior.code_dim, args.width, units=16 * args.width
)
gan = keras_gan.models.InfoGAN(generator, discriminator, prior, seed=0)

# A digit that is moved, turned or stretched a little has the category that it had,
changes = keras_gan.augment.RandomAugment(
    1.0,
    ["scale", "rotation", "anisotropic_scale", "fractional_shift"],
    strengths={"scale": 0.15, "rotation": 0.08, "fractional_shift": 0.06},
)
category = keras_gan.invariance.CategoryInvariance(changes)

# and one that is slanted or made bolder has numbers that say so. The categories come
# first: this rises, and what generated images say of the numbers falls, until halfway.
half = args.epochs * args.steps_per_epoch * BATCH_SIZE // 2
numbers = keras_gan.invariance.NumberEquivariance(
    {"code_1": "slant", "code_2": "thickness"},
    weight=keras_gan.optimizers.CosineBurnIn(0.0, 2.0, half, BATCH_SIZE),
    fakes_weight=keras_gan.optimizers.CosineBurnIn(1.0, 0.0, half, BATCH_SIZE),
)

gan.compile(
    discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
    generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
    invariance=[category, numbers],
    share_fakes=True,
    ema=keras_gan.EMA(half_life=10_000),
)
gan.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)

categories, values = np.repeat(np.arange(10), 10), np.tile(np.linspace(-1, 1, 10), 10)
images = gan.generate(100, seed=0, codes={"category": categories})
keras_gan.plotting.image_grid(images, 10, path=args.output / "categories.png")

# The same noise in each row, so that nothing but the number changes.
latents = np.repeat(keras.ops.convert_to_numpy(prior.sample(10, seed=0)), 10, axis=0)
for name in ("code_1", "code_2"):
    changed = prior.set_codes(latents, **{"category": categories, name: values})
    images = gan.synthesize(changed)
    keras_gan.plotting.image_grid(images, 10, path=args.output / f"{name}.png")

gan.save(args.output / "gan.keras")
gan.export(args.output / "savedmodel")
print(f"Look at {args.output}. Serve: keras-gan serve {args.output}")
