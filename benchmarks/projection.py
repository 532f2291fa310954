"""Project pictures into the latents of shipped generators, and follow directions.

    python benchmarks/projection.py
    python benchmarks/projection.py --presets dcgan_mnist --pictures 16
    python benchmarks/projection.py --directions-only --ship savedmodels

For each preset, pictures of two kinds go through `keras_gan.latents.project`:

- `own`: samples of the generator itself. Their latents exist. The target is that 95%
  come back at 30 dB or more;
- `test`: test images, which no latent need have. Their errors say what the generator
  cannot draw. Their pictures are in `--output`: a test image over its projection.

Then directions of the slant and the thickness of digits are found on `dcgan_mnist`, by
`keras_gan.latents.from_attributes`, and measured on latents of another seed: each moves
by an amount drawn from [-3, 3]. Spearman's correlation is that of the amount and the
change of the moment, over all latents: near 1 for the moment of the direction, and near
0 for the other. The slant is mu_11 / mu_02, and the thickness the ink m_00, as in
`benchmarks/codes.py`. The directions of `closed_form` are measured in the same way.
`--ship` writes the generator anew, with the fitted directions, to where
`keras_gan.from_preset` and servers find it.
"""

import json
import time
from pathlib import Path

import keras_gan
from keras_gan import datasets, latents, plotting, presets

import click
import numpy as np
from scipy.stats import spearmanr

from codes import moments
from tables import markdown
from tables.kept import Kept

PRESETS = "dcgan_mnist,dcgan_fashion_mnist,r3gan_fashion_mnist"
COLUMNS = ("5%", "25%", "50%", "75%", "95%")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--presets", "names", default=PRESETS, show_default=True)
@click.option("--pictures", "num_pictures", default=100, show_default=True)
@click.option("--steps", default=600, show_default=True)
@click.option("--starts", default=4, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--directions-only", is_flag=True)
@click.option("--ship", type=Path, help="A folder of trained generators.")
@click.option("--output", default="runs/projection", show_default=True, type=Path)
def main(names, num_pictures, steps, starts, seed, directions_only, ship, output):
    kept, rows = Kept(output), []
    for name in [] if directions_only else names.split(","):
        for kind in ("own", "test"):
            run = f"{name}-{kind}-{num_pictures}-{steps}-{starts}-{seed}"
            found = kept.result(
                run,
                lambda name=name, kind=kind: projected(
                    name, kind, num_pictures, steps, starts, seed, output
                ),
            )
            percentiles = (f"{value:.1f}" for value in found["percentiles"])
            share, seconds = f"{found['share']:.2f}", f"{found['seconds']:.1f}"
            rows.append((f"{name}, {kind}", share, *percentiles, seconds))
            print(rows[-1], flush=True)
    heads = ("PSNR, dB", "at 30 dB or more", *COLUMNS, "s a picture")
    print(markdown.table(heads, rows) if rows else "")
    table = [
        (name, *(f"{value:+.2f}" for value in found.values()))
        for name, found in followed(output, ship).items()
    ]
    print(markdown.table(("direction", "slant", "thickness"), table))


def projected(name, kind, num_pictures, steps, starts, seed, output):
    """Return how near the projections of pictures come, and draw some."""
    sampler = keras_gan.from_preset(name)
    if kind == "own":
        pictures = sampler.generate(num_pictures, seed=1_000 + seed)
    else:
        load = datasets.fashion_mnist if "fashion" in name else datasets.mnist
        data = load("test")
        chosen = np.random.default_rng(seed).permutation(len(data.images))
        pictures = data.images[chosen[:num_pictures]]
    start = time.perf_counter()
    found = latents.project(
        sampler, pictures, "z", steps, starts, seed=seed, verbose=True
    )
    seconds = time.perf_counter() - start
    order = np.argsort(found.psnr)  # from the worst to the best, in equal steps
    shown = order[np.linspace(0, len(order) - 1, min(16, len(order))).astype(int)]
    targets = plotting.to_uint8(pictures[shown])
    pairs = np.concatenate([targets, plotting.to_uint8(found.images[shown])])
    plotting.image_grid(pairs, len(shown), path=output / f"{name}-{kind}.png")
    return {
        "share": float(np.mean(found.psnr >= 30)),
        "percentiles": np.percentile(found.psnr, (5, 25, 50, 75, 95)).tolist(),
        "seconds": seconds / len(pictures),
        "psnr": found.psnr.tolist(),
    }


def followed(output, ship, name="dcgan_mnist"):
    """Return how the slant and the thickness of digits follow directions."""
    sampler = keras_gan.from_preset(name)
    attributes = {
        quality: lambda images, quality=quality: moments(images)[quality]
        for quality in ("slant", "thickness")
    }
    by_fit = latents.from_attributes(sampler, attributes, num_samples=20_000)
    by_weights = latents.closed_form(sampler, 4)
    output.mkdir(parents=True, exist_ok=True)
    by_fit.save(output / "directions.npz")
    plotting.direction_grid(
        sampler, by_fit, sampler.prior.sample(4, seed=2), path=output / "fitted.png"
    )
    plotting.direction_grid(sampler, by_weights, path=output / "closed_form.png")
    if ship is not None:
        sampler.latent_directions = by_fit
        write(sampler, ship, name)
    return {**measured(sampler, by_fit), **measured(sampler, by_weights)}


def write(sampler, folder, name):
    """Replace a trained generator, with what its model card says of its training."""
    card = folder / name / "1" / "assets.extra" / "model_card.json"
    known = json.loads(card.read_text())
    facts = {key: known[key] for key in ("data", "training", "metrics", "licence")}
    preset = presets.get(name)
    presets.save_trained(sampler, preset, folder, overwrite=True, **facts)


def measured(sampler, directions, num_latents=5_000, seed=1):
    """Return Spearman's correlation of amounts and changes, by direction and moment."""
    points = np.asarray(sampler.prior.sample(num_latents, seed=seed))
    amounts = np.random.default_rng(seed).uniform(-3, 3, num_latents)
    before, found = moments(sampler.synthesize(points)), {}
    for name in directions.names:
        moved = sampler.synthesize(directions.edit(points, name, amounts))
        found[name] = {
            quality: float(spearmanr(amounts, after - before[quality]).statistic)
            for quality, after in moments(moved).items()
        }
    return found


if __name__ == "__main__":
    main()
