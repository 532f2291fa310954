"""Train a VAE on digits, and draw what it makes of them.

    python examples/vae.py

Writes into `runs/vae`:
    samples/epoch_0001.png ...  samples after every epoch
    reconstructed.png           test digits above, and below what their latents make
    between.png                 from one digit to another, along latents
    vae.keras                   both networks and all training state

The bound of log p(x) is printed, in nats an image.

Kingma and Welling 2013, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import architectures, datasets, latents, models, plotting

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, default=600)
parser.add_argument("--width", type=int, default=16, help="channels at 14 x 14")
parser.add_argument("--data-dir", help="a folder with MNIST")
parser.add_argument("--output", type=Path, default=Path("runs/vae"))
args = parser.parse_args()

keras.utils.set_random_seed(0)
# Black and white: a pixel is white with the probability of its grey, drawn in every
# pass anew.
dataset = datasets.mnist(batch_size=100, data_dir=args.data_dir, augment="binarize")
test = datasets.mnist("test", data_dir=args.data_dir).images
test = datasets.binarize(test, 0)

encoder, generator = architectures.vae((28, 28, 1), latent_dim=32, width=args.width)
vae = models.VAE(encoder, generator, likelihood="bernoulli", seed=0)
num_steps = args.epochs * args.steps_per_epoch
rate = keras.optimizers.schedules.CosineDecay(1e-3, num_steps)
vae.compile(keras.optimizers.Adam(rate))
vae.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.SampleGrid(args.output / "samples")],
)

shown = test[:10]
pair = np.concatenate([shown / 127.5 - 1, vae.reconstruct(shown)])
plotting.image_grid(pair, 10, path=args.output / "reconstructed.png")

ends = vae.encode(test[:2])
path = latents.interpolate(*ends, 10)
plotting.image_grid(vae.synthesize(path), 10, path=args.output / "between.png")

vae.save(args.output / "vae.keras")
for samples in (1, 50):
    bound = vae.bound(test[:100], samples=samples).mean()
    print(f"log p(x) of test digits: at least {bound:.2f} nats, by {samples} samples")
