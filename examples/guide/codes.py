"""Draw what the codes of the trained InfoGAN do.

    python examples/guide/codes.py

Each row has one category. Left: noise and numbers are drawn anew in each column. The
others: one of the numbers goes from -1 to 1, and all else stays.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import plotting
from keras_gan.plotting import style

import numpy as np
from keras import ops


def numbers_of(prior):
    """Return the names of the codes that are numbers."""
    return [name for name in prior.codes if name != "category"]


def sweeps(sampler, num_columns):
    """Return the panels: `(10 * num_columns, 28, 28, 1)` each."""
    rows = np.repeat(np.arange(10), num_columns)
    values = np.tile(np.linspace(-1, 1, num_columns), 10)
    panels = [sampler.generate(len(rows), seed=1, codes={"category": rows})]
    latents = ops.convert_to_numpy(sampler.prior.sample(1, seed=2))
    latents = np.repeat(latents, len(rows), axis=0)
    numbers = numbers_of(sampler.prior)
    for name in numbers:
        codes = {"category": rows, **dict.fromkeys(numbers, 0.0), name: values}
        panels.append(sampler.synthesize(sampler.prior.set_codes(latents, **codes)))
    return panels


def draw(panels, numbers, num_columns, path):
    figure = style.new_figure(1.6 * len(panels), 3.5)
    titles = [("Category", "a row each")]
    titles += [(name, "from -1 to 1") for name in numbers]
    columns = figure.subplots(1, len(panels))
    for axes, panel, words in zip(columns, panels, titles, strict=True):
        grid = plotting.image_grid(plotting.to_uint8(panel), num_columns)
        axes.imshow(np.squeeze(grid), cmap="gray", interpolation="nearest")
        axes.axis("off")
        style.set_titles(axes, *words)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    parser.add_argument("--columns", type=int, default=5)
    args = parser.parse_args()

    sampler = keras_gan.from_preset("infogan_mnist")
    panels = sweeps(sampler, args.columns)
    numbers = numbers_of(sampler.prior)
    for name, panel in zip(numbers, panels[1:], strict=True):
        ink = (panel.reshape(10, args.columns, -1).mean(axis=2) + 1) / 2
        print(
            f"{name}: share of ink {ink[:, 0].mean():.3f} at -1, "
            f"{ink[:, -1].mean():.3f} at 1"
        )
    draw(panels, numbers, args.columns, args.output)
