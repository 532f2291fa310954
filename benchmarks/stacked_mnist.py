"""Count the modes, of a thousand, that generators find on Stacked MNIST.

    python benchmarks/stacked_mnist.py
    python benchmarks/stacked_mnist.py --recipe R3GAN --seeds 1
    python benchmarks/stacked_mnist.py --images 500000
    python benchmarks/stacked_mnist.py --recipe R3GAN --ship savedmodels

PacGAN's protocol (Lin et al. 2017, arXiv:1712.04086): 128,000 training images, each
three random digits in the three channels; 26,000 generated images, classified channel
by channel; a mode counts with one image; KL is that of the generated distribution over
the modes from the uniform one, in nats. The classifier is the package's own.

Each run leaves a folder in `--output`. A finished run is not repeated; a stopped run is
resumed from its last checkpoint. `--ship` writes the best seed of the
recipes that are presets to where `keras_gan.from_preset` finds it.
"""

import json
from pathlib import Path

from keras_gan import plotting, presets

import click

from tables import gallery, markdown, runs
from tables.kept import Kept

PACGAN = presets.get("pacgan_stacked_mnist")
RECIPES = {
    "DCGAN": PACGAN.replace(arguments={"num_packed": 1}),
    "PacGAN, packed by 2": PACGAN,
    "narrow DCGAN, R1": presets.get("dcgan_stacked_mnist"),
    "WGAN-GP": presets.get("wgan_gp_fashion_mnist").replace(
        image_shape=(28, 28, 3),
        dataset="stacked_mnist",
        metrics=PACGAN.metrics,
        num_images=2_500_000,  # for 500,000 of the generator's
    ),
    "R3GAN": presets.get("r3gan_stacked_mnist"),
}

PUBLISHED = [
    ("published: DCGAN (PacGAN's paper)", "78.9", "4.50"),
    ("published: WGAN-GP", "959", "0.73"),
    ("published: PacGAN2", "1000", "0.06"),
    ("published: StyleGAN2", "940", "0.42"),
    ("published: R3GAN", "1000", "0.029"),
]


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--recipe", "recipes", multiple=True, type=click.Choice(list(RECIPES)))
@click.option("--seeds", "num_seeds", default=1, show_default=True)
@click.option("--images", "num_images", type=int, help="Generated for one step of G.")
@runs.precision_option
@click.option("--output", default="runs/stacked_mnist", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the generators of presets.")
def main(recipes, num_seeds, num_images, precision, output, ship):
    kept, rows = Kept(output), []
    for recipe in recipes or RECIPES:
        preset, found = shortened(RECIPES[recipe], num_images), []
        for seed in range(num_seeds):
            folder = output / folder_name(recipe, preset, seed)
            found.append(
                kept.result(
                    folder.name,
                    lambda f=folder, p=preset, s=seed: coverage(f, p, s, precision),
                )
            )
            print(folder.name, found[-1], flush=True)
        if ship is not None and preset == presets.get(preset.name):
            best = min(range(num_seeds), key=lambda s: found[s]["reverse_kl"])
            runs.save_trained(output / folder_name(recipe, preset, best), ship)
            gallery.write(ship)
        rows.append(
            (
                recipe,
                markdown.over_seeds((f["modes"] for f in found), "{:.0f}"),
                markdown.over_seeds((f["reverse_kl"] for f in found), "{:.3f}"),
                f"{preset.num_images:,}",
                markdown.over_seeds((f["seconds"] / 60 for f in found), "{:.0f}"),
            )
        )
    heads = ("", "modes of 1,000", "KL, nats", "images", "minutes")
    text = markdown.table(heads, [*rows, *((*row, "", "") for row in PUBLISHED)])
    (output / "stacked_mnist.md").write_text(text + "\n")
    print(text)


def shortened(preset, num_images):
    """Return a shorter preset; k steps of the critic need k times the images."""
    if num_images is None:
        return preset
    k = preset.compile.get("discriminator_steps", 1)
    return preset.replace(num_images=k * num_images)


def folder_name(recipe, preset, seed):
    return f"{recipe}-{seed}-{preset.num_images}".replace(" ", "")


def coverage(folder, preset, seed, precision):
    """Train, and return the number of modes at the end."""
    run = runs.trained(folder, preset, seed, precision, num_evaluated=26_000)
    found = json.loads((folder / "metrics.json").read_text())["metrics"]
    found = {key.split("/")[-1].split(".")[-1]: v for key, v in found.items()}
    plotting.image_grid(run.restore().generate(64, seed=seed), path=folder / "grid.png")
    return {**found, "seconds": runs.seconds(folder)}


if __name__ == "__main__":
    main()
