"""Generate by class: a conditional DCGAN on Fashion-MNIST.

    python examples/conditional_gan.py

Writes `runs/conditional_gan/classes.png`, ten pictures of each class. Mirza and
Osindero 2014, "Conditional Generative Adversarial Nets", arXiv:1411.1784.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, help="fewer, for a quick try")
parser.add_argument("--width", type=int, default=32, help="channels; 64 is slower")
parser.add_argument("--output", type=Path, default=Path("runs/conditional_gan"))
args = parser.parse_args()

keras.utils.set_random_seed(0)
dataset = keras_gan.datasets.fashion_mnist(batch_size=128, labels=True)

generator, discriminator = keras_gan.architectures.dcgan(
    (28, 28, 1), latent_dim=64, num_classes=10, width=args.width
)
gan = keras_gan.GAN(generator, discriminator, num_classes=10)
gan.compile(share_fakes=True, ema=keras_gan.EMA(half_life=20_000))
gan.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)

classes = np.repeat(np.arange(10), 10)
images = gan.generate(100, seed=0, labels=classes)
keras_gan.plotting.image_grid(images, num_columns=10, path=args.output / "classes.png")
print(f"One class a row: {args.output / 'classes.png'}")
