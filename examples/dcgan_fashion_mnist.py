"""Train a DCGAN on Fashion-MNIST, plot samples, and export it for a server.

    python examples/dcgan_fashion_mnist.py
    python examples/dcgan_fashion_mnist.py --minutes 30
    python examples/dcgan_fashion_mnist.py --epochs 10

It takes ten minutes unless told otherwise: the first steps are timed, and the length of
the training follows. Writes into `runs/dcgan_fashion_mnist`:
    samples/step_00010.png ...  the same latents after 10, 30, 100 ... steps
    samples/epoch_0001.png ...  and after every epoch
    history.png                 the losses, and D(x) and D(G(z)) around 1/2
    walk.gif                    a walk through latent space
    gan.keras                   both networks and all training state
    savedmodel/1                the generator, for TensorFlow Serving
"""

import argparse
from pathlib import Path

import keras_gan

import keras

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--minutes", type=float, default=10)
parser.add_argument("--epochs", type=int, help="train so many, in place of --minutes")
parser.add_argument("--steps-per-epoch", type=int, default=468)
parser.add_argument("--width", type=int, default=32, help="channels; 64 is slower")
parser.add_argument("--output", type=Path, default=Path("runs/dcgan_fashion_mnist"))
args = parser.parse_args()

dataset = keras_gan.datasets.fashion_mnist(batch_size=128)
keras.config.set_dtype_policy(keras_gan.precision.choose())  # what is faster here


def make_gan(num_steps):
    keras.utils.set_random_seed(0)
    # Three extra convolutions in G and one in D, on maps of 7 x 7, cost little and gain
    # more than twice the width. The R1 penalty needs a discriminator without batch
    # normalisation, and keeps D(x) and D(G(z)) near 1/2.
    generator, discriminator = keras_gan.architectures.dcgan(
        image_shape=(28, 28, 1),
        latent_dim=64,
        width=args.width,
        kernel_size=4,
        discriminator_batch_norm=False,
        num_extra_convs=(3, 1),
    )
    gan = keras_gan.GAN(generator, discriminator)
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)  # down to 0
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99),
        generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99),
        loss="non_saturating",
        discriminator_penalties=[keras_gan.penalties.R1(weight=0.1)],
        share_fakes=True,
        ema=keras_gan.EMA(half_life=20_000),
    )
    return gan


if args.epochs:
    epochs, steps_per_epoch = args.epochs, args.steps_per_epoch
else:
    num_steps = keras_gan.runs.steps_in(args.minutes, make_gan, dataset)
    epochs, steps_per_epoch = keras_gan.runs.epochs_of(num_steps)
    print(f"{num_steps:,} steps of 128 images fit into {args.minutes:g} minutes here.")

gan = make_gan(epochs * steps_per_epoch)
samples = keras_gan.callbacks.SampleGrid(
    args.output / "samples", early_steps=(10, 30, 100, 300)
)
history = gan.fit(
    dataset.with_steps_per_epoch(steps_per_epoch), epochs=epochs, callbacks=[samples]
)

keras_gan.plotting.plot_history(history, args.output / "history.png")

keys = gan.prior.sample(6, seed=1)
latents = keras_gan.latents.walk(keys, num_steps=12, loop=True)
keras_gan.plotting.animate(gan.synthesize(latents), args.output / "walk.gif")

gan.save(args.output / "gan.keras")
version = gan.export(args.output / "savedmodel", version=1, overwrite=True)
print(f"A server can load {version}; the pictures are in {args.output / 'samples'}.")
