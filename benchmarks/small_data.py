"""Measure the effect of augmentation on 3,400 emoji of 64 x 64 pixels.

    python benchmarks/small_data.py
    python benchmarks/small_data.py --preset stylegan2_emoji_64 --variant augmented
    python benchmarks/small_data.py --images 100000 --seeds 1
    python benchmarks/small_data.py --ship savedmodels

Trains a preset with its augmentation and without, on equally many images from equal
seeds. Then 10,000 generated images of each are compared with the training images, as
is usual if data are few (Karras et al. 2020, arXiv:2006.06676), and with the test
images, a tenth of the glyphs, which were not trained on: too few for a distance that
means much alone, but a generator that has memorised the training images is farther from
them than from the training images. The features are those of
`keras_gan.metrics.EmojiClassifier`. Of a generator with a mapping network the path
lengths in z and in w are measured too, and `mixing.png` is drawn.

"Checkerboard" is the share of the images' power that alternates from pixel to pixel,
in ten thousandths. Two variants are the augmented R3GAN with other patches: "patches"
stay as they are trained, where the preset finishes them by
`keras_gan.architectures.smooth_patches`; "smooth patches" overlap in training too.

`nearest.png` shows the generated images that are most similar to a training image,
each beside it. Runs are kept in `--output`: a stopped run is resumed, and the folder
of a finished run is needed only by `--ship`. That writes the best generator of the
preset, if it was trained as long as the preset says, to where `keras_gan.from_preset`
finds it.

It trains with the backend that `KERAS_BACKEND` names. For a machine that cannot
download the drawings, write them to a file elsewhere, and take it along:

    python benchmarks/small_data.py --save-arrays emoji.npz
    KERAS_BACKEND=jax python benchmarks/small_data.py --arrays emoji.npz
"""

import shutil
from pathlib import Path

from keras_gan import datasets, metrics, plotting, presets
from keras_gan.datasets.downloads import keras_home
from keras_gan.datasets.emoji import VERSION
from keras_gan.validation.networks import has_w

import click
import numpy as np

from tables import gallery, markdown, runs
from tables.kept import Kept

PRESETS = (
    *("r3gan_emoji_64", "stylegan2_emoji_64", "fastgan_emoji_64"),
    *("projected_emoji_64", "projected_fastgan_emoji_64"),
)
VARIANTS = ("augmented", "not augmented")
# What becomes of R3GAN's patches.
PATCHES = {
    "patches": {"finish": None},
    "smooth patches": {"finish": None, "arguments": {"smooth_patches": True}},
}
DRAWINGS = keras_home() / "keras_gan" / f"emoji-datasource-google-{VERSION}.npz"


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", "name", default=PRESETS[0], type=click.Choice(PRESETS))
@click.option("--images", "num_images", type=int, help="Default: as the preset says.")
@runs.precision_option
@click.option(
    "--variant", "variants", multiple=True, type=click.Choice([*VARIANTS, *PATCHES])
)
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--num-evaluated", default=10_000, show_default=True)
@click.option("--output", default="runs/small_data", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the generator of the preset.")
@click.option("--arrays", type=Path, help="Take the drawings from this file.")
@click.option("--save-arrays", type=Path, help="Only write the drawings to this file.")
def main(
    name,
    num_images,
    precision,
    variants,
    num_seeds,
    first_seed,
    num_evaluated,
    output,
    ship,
    arrays,
    save_arrays,
):
    if save_arrays is not None:
        load("train")  # downloads them where they are missing
        shutil.copyfile(DRAWINGS, save_arrays)
        return
    if arrays is not None:
        DRAWINGS.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(arrays, DRAWINGS)
    preset = preset_of(name)
    kept, extractor, rows = Kept(output), metrics.EmojiClassifier(), []
    rows.append(row_of_test_images(kept.result("test", lambda: held_out(extractor))))
    for variant in variants or VARIANTS:
        trained = preset.replace(num_images=num_images or preset.num_images)
        if variant == "not augmented":
            trained = trained.replace(compile={"augment": None})
        trained = trained.replace(**PATCHES.get(variant, {}))
        stem, found = f"{name}-{variant.replace(' ', '_')}", []
        for seed in range(first_seed, first_seed + num_seeds):
            folder = output / f"{stem}-{seed}-{trained.num_images}"
            arguments = folder, trained, seed, precision, extractor, num_evaluated
            found.append(kept.result(folder.name, lambda a=arguments: run(*a)))
            print(folder.name, found[-1], flush=True)
        if ship is not None and trained == preset:
            best = min(range(num_seeds), key=lambda s: found[s]["train"])
            best = f"{stem}-{first_seed + best}-{preset.num_images}"
            runs.save_trained(output / best, ship)
            gallery.write(ship)
        rows.append(row(variant, trained.num_images, found))
    heads = ("", "images", "to training images", "to test images", "authentic")
    text = markdown.table((*heads, "copies", "checkerboard", "minutes"), rows)
    (output / f"{name}.md").write_text(text + "\n")
    print(text)


def preset_of(name):
    """Return the preset to train."""
    return presets.get(name)


def row_of_test_images(found):
    """Return the row that the others are to be read beside."""
    authentic, copies = (f"{found[name]:.0%}" for name in ("authenticity", "copies"))
    distance, board = (f"{found[name]:.2f}" for name in ("train", "checkerboard"))
    return ("the test images", "", distance, "", authentic, copies, board, "")


def row(variant, num_images, found):
    """Return a row of the table, over the seeds."""

    def over_seeds(name, form="{:.2f}"):
        return markdown.over_seeds((each[name] for each in found), form)

    return (
        variant,
        f"{num_images:,}",
        over_seeds("train"),
        over_seeds("test"),
        over_seeds("authenticity", "{:.0%}"),
        over_seeds("copies", "{:.0%}"),
        over_seeds("checkerboard"),
        over_seeds("minutes", "{:.0f}"),
    )


def load(split):
    """Images, as bytes."""
    data = datasets.emoji(split=split, shuffle=False, batch_size=1)
    return data.as_uint8().arrays()


def run(folder, preset, seed, precision, extractor, num_evaluated):
    """Train, and measure: distances to both splits, and the nearest training images."""
    settings = {"num_evaluated": num_evaluated}
    gan = runs.trained(folder, preset, seed, precision, **settings).restore()
    train, test = load("train"), load("test")

    def measured(metric, images, num_images):
        found = metrics.measure([metric], images, gan, num_images, seed=0, verbose=0)
        return {name.split("/")[-1]: float(value) for name, value in found.items()}

    distances = [
        measured(metrics.FrechetDistance(extractor), images, num_evaluated)
        for images in (train, test)
    ]
    neighbours = metrics.NearestNeighbours(extractor)
    likeness = measured(neighbours, train, min(1_000, num_evaluated))
    pairs = neighbours.pairs(32)
    pairs = pairs.reshape(-1, *pairs.shape[2:])
    plotting.image_grid(pairs, num_columns=16, path=folder / "nearest.png")
    plotting.image_grid(gan.generate(100, seed=0), path=folder / "grid.png")
    train, test = (found["frechet_distance"] for found in distances)
    minutes = runs.seconds(folder) / 60
    board = checkerboard(gan.generate(1_000, seed=0))
    found = {"train": train, "test": test, "checkerboard": board, "minutes": minutes}
    found |= likeness
    return found | (
        path_lengths(gan, extractor, folder) if has_w(gan.generator) else {}
    )


def path_lengths(gan, extractor, folder):
    """Measure the path lengths in z and in w, and draw a table of mixed styles."""
    rows, columns = gan.prior.sample(4, seed=0), gan.prior.sample(8, seed=1)
    plotting.style_mixing(gan, rows, columns, path=folder / "mixing.png")
    found = {}
    for space in ("z", "w"):
        metric = metrics.PerceptualPathLength(extractor, space=space)
        metric.update_sampler(gan.sampler, seed=0, batch_size=128)
        found[f"path_length_in_{space}"] = float(metric.result()["path_length"])
    return found


def held_out(extractor):
    """How far the test images are from the training images."""
    measures = [
        metrics.FrechetDistance(extractor),
        metrics.NearestNeighbours(extractor),
    ]
    result = metrics.compare(load("train"), load("test"), measures, verbose=0)
    found = {name.split("/")[-1]: float(value) for name, value in result.items()}
    board = checkerboard(load("test").astype("float32"))
    return {"train": found.pop("frechet_distance"), "checkerboard": board, **found}


def checkerboard(images):
    """Return the share of images' power that alternates from pixel to pixel, x 10^4."""
    centred = images - images.mean(axis=(1, 2), keepdims=True)
    power = np.square(np.abs(np.fft.fft2(centred, axes=(1, 2)))).sum(axis=-1)
    middle = images.shape[1] // 2
    alternating = power[:, [middle, middle, 0], [middle, 0, middle]].sum(axis=1)
    return float(1e4 * np.mean(alternating / power.sum(axis=(1, 2))))


if __name__ == "__main__":
    main()
