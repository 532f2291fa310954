"""Train presets from scratch, several seeds each, and measure them.

    python benchmarks/image_quality.py
    python benchmarks/image_quality.py --preset dcgan_mnist --seeds 1
    python benchmarks/image_quality.py --ship savedmodels

Each run is `keras-gan train PRESET --seed S`, with its folder in `--output`: a finished
run is not repeated, and a stopped run is resumed. The metrics are
those of the preset: 10,000 generated images against the 10,000 test images. The rows
"training images" are the values of 10,000 real images. Of conditional presets the table
has the share of generated images that the classifier assigns to the right class.

`--ship` writes the best seed of each preset to where `keras_gan.from_preset` finds it,
and the page that shows them.
"""

import json
import subprocess
import sys
from pathlib import Path

from keras_gan import datasets, metrics, presets
from keras_gan.runs import Run

import click
import numpy as np

from tables import gallery, markdown, runs
from tables.kept import Kept

DATASETS = {
    "mnist": metrics.MNISTClassifier,
    "fashion_mnist": metrics.FashionMNISTClassifier,
}
NAMES = [name for name in presets.names() if presets.get(name).dataset in DATASETS]


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", "names", multiple=True, type=click.Choice(NAMES))
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--images", "num_images", help="Training images, as for keras-gan train.")
@runs.precision_option
@click.option("--output", default="runs/image_quality", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the best generator of each.")
def main(names, num_seeds, num_images, precision, output, ship):
    kept, rows = Kept(output), []
    for dataset in dict.fromkeys(presets.get(n).dataset for n in names or NAMES):
        real = kept.result(f"real-{dataset}", lambda d=dataset: training_images(d))
        rows.append(row(f"training images of `{dataset}`", [real], ""))
    for name in names or NAMES:
        found = []
        for seed in range(num_seeds):
            folder = output / f"{name}-{seed}"
            arguments = name, seed, folder, num_images, precision
            found.append(kept.result(folder.name, lambda a=arguments: run(*a)))
            print(folder.name, found[-1], flush=True)
        if ship is not None:
            best = min(range(num_seeds), key=lambda s: found[s]["frechet_distance"])
            runs.save_trained(output / f"{name}-{best}", ship)
            gallery.write(ship)
        minutes = markdown.over_seeds((f["seconds"] / 60 for f in found), "{:.0f}")
        rows.append(row(f"`{name}`", found, minutes))
    heads = ("", "Frechet distance", "precision", "recall", "right class", "minutes")
    text = markdown.table(heads, rows)
    (output / "image_quality.md").write_text(text + "\n")
    print(text)


def row(title, found, minutes):
    """Return a line of the table."""
    rights = [f["accuracy"] for f in found if "accuracy" in f]
    return (
        title,
        markdown.over_seeds(f["frechet_distance"] for f in found),
        markdown.over_seeds(f["precision"] for f in found),
        markdown.over_seeds(f["recall"] for f in found),
        markdown.over_seeds(rights, "{:.1%}") if rights else "",
        minutes,
    )


def run(name, seed, folder, num_images, precision):
    """Train, and measure."""
    train(name, seed, folder, num_images, precision)
    return results(folder)


def train(name, seed, folder, num_images, precision):
    """Train by the command line, as a user would."""
    if (folder / "gan.keras").exists():
        return
    command = [sys.executable, "-m", "keras_gan_cli", "train"]
    if (folder / "settings.json").exists():
        arguments = ["--output", folder, "--resume"]
    else:
        arguments = [name, "--seed", seed, "--output", folder, "--precision", precision]
        arguments += ["--images", num_images] if num_images else []
    subprocess.run([*command, *map(str, arguments)], check=True)


def results(folder):
    """Return the results of a finished run."""
    run = Run.open(folder)
    found = json.loads((folder / "metrics.json").read_text())["metrics"]
    accuracy = {}
    if run.preset.num_classes and "clusters" not in run.preset.data:
        accuracy = {"accuracy": accuracy_of(run)}
    return {**found, **accuracy, "seconds": runs.seconds(folder)}


def accuracy_of(run, num_images=10_000):
    """Return the share of generated images that are classified as their label."""
    labels = np.arange(num_images) % run.preset.num_classes
    images = run.restore().generate(num_images, seed=0, labels=labels)
    classifier = run.preset.make_metrics()[0].extractor
    return float(
        (classifier.outputs(images)["logits"].argmax(axis=-1) == labels).mean()
    )


def training_images(dataset):
    """Compare 10,000 training images with the test images."""
    extractor = DATASETS[dataset]()
    images = datasets.load(dataset).as_uint8().arrays()
    chosen = np.random.default_rng(0).choice(len(images), 10_000, replace=False)
    found = metrics.compare(
        datasets.load(dataset, split="test"),
        images[np.sort(chosen)],
        [metrics.FrechetDistance(extractor), metrics.PrecisionRecall(extractor)],
        verbose=0,
    )
    return {name: float(value) for name, value in found.items()}


if __name__ == "__main__":
    main()
