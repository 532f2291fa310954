"""Turn sneakers into ankle boots and back: a CycleGAN without pairs.

    python examples/cyclegan.py

Writes into `runs/cyclegan`:
    samples/epoch_0001.png ...  both directions: the picture, its translation, and back
    gan.keras                   all networks and all training state
    savedmodel/1                sneakers to boots, for a server

Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
Adversarial Networks", arXiv:1703.10593.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--steps-per-epoch", type=int, default=300)
parser.add_argument("--width", type=int, default=16, help="channels; 64 is published")
parser.add_argument("--output", type=Path, default=Path("runs/cyclegan"))
args = parser.parse_args()

keras.utils.set_random_seed(0)


def pictures_of(kind, split):
    """Fashion-MNIST of one class, on 32 x 32 pixels."""
    data = keras_gan.datasets.fashion_mnist(split, labels=True)
    images = data.images[data.labels == kind]
    return np.pad(images, [(0, 0), (2, 2), (2, 2), (0, 0)])


SNEAKER, BOOT = 7, 9
dataset = keras_gan.datasets.unpaired(
    pictures_of(SNEAKER, "train"),
    pictures_of(BOOT, "train"),
    batch_size=4,
    augment=keras_gan.datasets.horizontal_flip,
)

# A field of 16 pixels is half of the picture: larger ones know it by heart.
networks = keras_gan.architectures.cyclegan(
    (32, 32, 1), num_blocks=3, width=args.width, field=16
)
gan = keras_gan.models.CycleGAN(*networks, seed=0)

num_steps = args.epochs * args.steps_per_epoch
rate = keras_gan.optimizers.ConstantThenLinear(
    2e-4, constant_images=num_steps // 2, linear_images=num_steps - num_steps // 2
)
gan.compile(
    generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
    discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
)
test = keras_gan.datasets.unpaired(
    pictures_of(SNEAKER, "test"), pictures_of(BOOT, "test"), batch_size=8
)
gan.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.TranslationGrid(args.output / "samples", test)],
)

gan.save(args.output / "gan.keras")
gan.export(args.output / "savedmodel", direction="a_to_b")
print(f"Look at {args.output / 'samples'}. Serve: keras-gan serve {args.output}")
