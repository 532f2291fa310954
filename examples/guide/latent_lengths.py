"""Plot the lengths of latents: almost all are near sqrt(latent_dim).

    python examples/guide/latent_lengths.py

Left: the lengths of samples of the normal prior. Right: the length along two paths from
one sample to another, the straight line and the arc.
"""

import argparse
import math
from pathlib import Path

from keras_gan.latents import interpolate, priors
from keras_gan.plotting import style

import keras
import numpy as np

DIMENSIONS = {2: style.OTHER, 16: style.DISCRIMINATOR, 128: style.GENERATOR}


def lengths(latent_dim, num_samples=20_000):
    latents = priors.Normal(latent_dim).sample(num_samples, seed=0)
    return np.linalg.norm(keras.ops.convert_to_numpy(latents), axis=1)


def paths(latent_dim=128, num_steps=41):
    start, end = priors.Normal(latent_dim).sample(2, seed=0)
    return {
        method: np.linalg.norm(interpolate(start, end, num_steps, method), axis=1)
        for method in ("spherical", "linear")
    }


def draw(path):
    figure = style.new_figure(9, 3.9)
    shells, along = figure.subplots(1, 2)
    for axes in (shells, along):
        style.tidy(axes)

    style.set_titles(
        shells, "Lengths of z", "20,000 draws, in units of the square root"
    )
    for latent_dim, colour in DIMENSIONS.items():
        unit = lengths(latent_dim) / math.sqrt(latent_dim)
        label = f"{latent_dim} dimensions"
        shells.hist(
            unit,
            120,
            range=(0, 2.5),
            density=True,
            color=colour,
            alpha=0.75,
            label=label,
        )
    shells.legend(frameon=False, fontsize=11)
    shells.set_yticks([])
    shells.set_xlabel(r"$\|z\| / \sqrt{d}$", fontsize=11, color=style.FAINT)

    style.set_titles(along, "Two paths", "128 dimensions, from one draw to another")
    for (method, length), colour in zip(
        paths().items(), (style.GENERATOR, style.OTHER), strict=True
    ):
        position = np.linspace(0, 1, len(length))
        along.plot(position, length, color=colour, linewidth=2, label=method)
    along.axhline(math.sqrt(128), color=style.FAINT, linewidth=1, linestyle="dashed")
    along.set_ylim(0, 14)
    along.set_xlabel("position on the path", fontsize=11, color=style.FAINT)
    along.set_ylabel(r"$\|z\|$", fontsize=11, color=style.FAINT)
    along.legend(frameon=False, fontsize=11, loc="lower right")
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    for latent_dim in DIMENSIONS:
        unit = lengths(latent_dim) / math.sqrt(latent_dim)
        low, high = np.quantile(unit, [0.025, 0.975])
        print(
            f"{latent_dim:3} dimensions: 95% of |z| / sqrt(d) in {low:.2f}-{high:.2f}"
        )
    for method, length in paths().items():
        print(f"shortest |z| on the {method} path: {length.min():.1f}")
    draw(args.output)
