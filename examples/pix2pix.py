"""Draw clothes from their outlines: pix2pix on pairs.

    python examples/pix2pix.py

Writes into `runs/pix2pix`:
    samples/epoch_0001.png ...  the outline, what is drawn from it, and the real one
    gan.keras                   both networks and all training state
    translated.png              outlines of the test set, and three drawings of each

Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial Networks",
arXiv:1611.07004.
"""

import argparse
from pathlib import Path

import keras_gan

import keras
import numpy as np

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--steps-per-epoch", type=int, default=300)
parser.add_argument("--width", type=int, default=16, help="channels; 64 is published")
parser.add_argument("--output", type=Path, default=Path("runs/pix2pix"))
args = parser.parse_args()

keras.utils.set_random_seed(0)


def outlines_and_pictures(split):
    """Fashion-MNIST on 64 x 64 pixels, and where its levels change."""
    images = keras_gan.datasets.fashion_mnist(split).images[:20_000]
    images = np.pad(images, [(0, 0), (2, 2), (2, 2), (0, 0)])
    images = images.repeat(2, axis=1).repeat(2, axis=2)
    levels = images.astype("int16")
    down = np.abs(np.diff(levels, axis=1, prepend=0))
    right = np.abs(np.diff(levels, axis=2, prepend=0))
    return (np.maximum(down, right) > 80) * np.uint8(255), images


dataset = keras_gan.datasets.pairs(*outlines_and_pictures("train"), batch_size=16)
test = keras_gan.datasets.pairs(*outlines_and_pictures("test"), batch_size=16)

# With 64 pixels the U-Net has six halvings, and dropout, its only noise, on one.
networks = keras_gan.architectures.pix2pix((64, 64, 1), width=args.width, field=34)
gan = keras_gan.models.Pix2Pix(*networks, seed=0)
gan.compile(metrics=[keras_gan.metrics.L1(), keras_gan.metrics.PSNR()])
gan.fit(
    dataset,
    epochs=args.epochs,
    steps_per_epoch=args.steps_per_epoch,
    callbacks=[keras_gan.callbacks.TranslationGrid(args.output / "samples", test)],
)
print(gan.evaluate(test, num_images=1000, verbose=0))

gan.save(args.output / "gan.keras")
outlines = test[0][0][:8]
drawings = [gan.translate(outlines, dropout=True, seed=seed) for seed in range(3)]
columns = np.stack([outlines, *drawings], axis=1)  # (8, 4, 64, 64, 1)
keras_gan.plotting.image_grid(
    columns.reshape(-1, 64, 64, 1), num_columns=4, path=args.output / "translated.png"
)
print(f"An outline and three drawings a row: {args.output / 'translated.png'}")
