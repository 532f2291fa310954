"""Draw directions that are found in a trained GAN, and where pictures are.

    python examples/guide/directions.py

Left: the slant and the thickness of three digits, a row each, from -3 to 3. Right: test
images of clothes, and below each the nearest image that another generator can draw.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import datasets, latents, plotting
from keras_gan.plotting import style

import numpy as np


def moments(images):
    """Return the slant and the thickness of digits, from the moments of their ink."""
    ink = (np.asarray(images, "float64")[..., 0] + 1) / 2  # (n, height, width)
    y, x = np.mgrid[: ink.shape[1], : ink.shape[2]]
    mass = ink.sum(axis=(1, 2)) + 1e-9
    x = x - (ink * x).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    y = y - (ink * y).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    slant = (ink * x * y).sum(axis=(1, 2)) / ((ink * y * y).sum(axis=(1, 2)) + 1e-9)
    return {"slant": slant, "thickness": mass}


def draw(panels, path):
    figure = style.new_figure(7.5, 3.4)
    for axes, (title, words, grid) in zip(figure.subplots(1, 2), panels, strict=True):
        axes.imshow(np.squeeze(grid), cmap="gray", interpolation="nearest")
        axes.axis("off")
        style.set_titles(axes, title, words)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--pictures", type=int, default=9)
    parser.add_argument("--steps", type=int, default=600)
    args = parser.parse_args()

    sampler = keras_gan.from_preset("dcgan_mnist")
    attributes = {
        name: lambda images, name=name: moments(images)[name]
        for name in ("slant", "thickness")
    }
    directions = latents.from_attributes(sampler, attributes, num_samples=args.images)
    keys = sampler.prior.sample(3, seed=2)
    sweeps = plotting.direction_grid(sampler, directions, keys)
    middle = np.asarray(sampler.prior.sample(1_000, seed=3))
    for name in directions.names:
        ends = [
            moments(sampler.synthesize(directions.edit(middle, name, amount)))
            for amount in (-3, 3)
        ]
        slants, inks = ([each[m].mean() for each in ends] for m in attributes)
        print(
            f"{name} from -3 to 3: mean slant {slants[0]:+.2f} to {slants[1]:+.2f}, "
            f"ink {inks[0]:.0f} to {inks[1]:.0f}"
        )
    sampler = keras_gan.from_preset("dcgan_fashion_mnist")
    pictures = datasets.fashion_mnist("test").images[: args.pictures]
    found = latents.project(sampler, pictures, steps=args.steps)
    print(f"projections: PSNR {found.psnr.min():.1f} to {found.psnr.max():.1f} dB")
    pairs = np.concatenate([pictures, plotting.to_uint8(found.images)])
    order = np.arange(len(pairs)).reshape(2, -1)
    num_columns = 3  # three pairs a row: the picture over its projection
    rows = [order[:, i : i + num_columns] for i in range(0, len(pictures), num_columns)]
    grid = plotting.image_grid(pairs[np.concatenate(rows).ravel()], num_columns)
    panels = [("Directions", "slant and thickness of three digits", sweeps)]
    panels += [("Projections", "each below its test image", grid)]
    draw(panels, args.output)
