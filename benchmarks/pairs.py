"""Train CoGAN on digits and their outlines or negatives: do its pairs belong together?

    python benchmarks/pairs.py
    python benchmarks/pairs.py --domain edges --seeds 1 --ship savedmodels

Each run is `keras-gan train cogan_mnist_edges --seed S`, for negatives of the same
preset on `keras_gan.datasets.mnist_negatives`. Of 10,000 generated pairs it prints

- `agree`: `keras_gan.metrics.PixelAgreement`, the share of the pixels of the second
  image that are as those of the first one, transformed;
- `empty`, `same digit`: what an even image has, and the second image of another test
  digit of the same class: neither has learned anything of pairs;
- `same class`, of negatives: the share of pairs in whose images
  `keras_gan.metrics.MNISTClassifier` sees the same digit. It never saw an outline;
- `sure`: the share in whose first image it sees a digit with more than 0.9, and
  `sure, same class`: the share of these in whose images it sees the same one.

`--ship` writes the generator of the best seed for outlines to where
`keras_gan.from_preset` finds it.
"""

from pathlib import Path

from keras_gan import datasets, metrics, presets
from keras_gan.pixels import to_uint8
from keras_gan.presets import Make

import click
import numpy as np
from scipy.special import softmax

from tables import gallery, markdown, runs
from tables.kept import Kept

PRESET = "cogan_mnist_edges"
TRANSFORMS = {"edges": datasets.edges, "negatives": datasets.negatives}
COLUMNS = (
    "agree",
    "empty",
    "same digit",
    "same class",
    "sure",
    "sure, same class",
    "seconds",
)


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--domain", "domains", type=click.Choice(list(TRANSFORMS)), multiple=True)
@click.option("--seeds", "num_seeds", default=1, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--images", "num_images", type=int, help="Training images.")
@runs.precision_option
@click.option("--output", default="runs/pairs", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the best generator of outlines.")
def main(domains, num_seeds, first_seed, num_images, precision, output, ship):
    kept, found = Kept(output), {}
    for domain in domains or TRANSFORMS:
        preset = presets.get(PRESET).replace(
            dataset=f"mnist_{domain}",
            metrics=(Make("metrics.PixelAgreement", {"transform": domain}),),
        )
        preset = preset.replace(num_images=num_images) if num_images else preset
        for seed in range(first_seed, first_seed + num_seeds):
            folder = output / f"{domain}-{seed}"

            def run(folder=folder, preset=preset, seed=seed, domain=domain):
                gan = runs.trained(folder, preset, seed, precision).restore()
                return {**measure(gan, domain), "seconds": runs.seconds(folder)}

            found[domain, seed] = kept.result(folder.name, run)
            print(folder.name, found[domain, seed], flush=True)
    outlines = {key: each["agree"] for key, each in found.items() if key[0] == "edges"}
    if ship is not None and outlines:
        domain, seed = max(outlines, key=outlines.get)
        runs.save_trained(output / f"{domain}-{seed}", ship)
        gallery.write(ship)
    rows = [
        (f"{domain}, seed {seed}", *(_cell(each.get(name)) for name in COLUMNS))
        for (domain, seed), each in found.items()
    ]
    print(markdown.table(("", *COLUMNS), rows))


def measure(gan, domain, num_pairs=10_000):
    """Return how well the images of generated pairs belong together."""
    transform = TRANSFORMS[domain]
    first, second = (to_uint8(images) for images in gan.generate(num_pairs, seed=0))
    test = datasets.mnist("test", labels=True)
    real = transform(test.images)
    found = {
        "agree": agreement(transform(first), second),
        "empty": agreement(real, np.zeros_like(real) + np.median(real).astype("uint8")),
        "same digit": agreement(real, real[_others(test.labels)]),
    }
    if domain == "negatives":
        found |= classes(first, transform(second))
    return found


def classes(images, others, sure=0.9):
    """Return how often the classifier sees one class in both images of a pair."""
    classifier = metrics.MNISTClassifier()
    logits, of_others = (
        classifier.outputs(each)["logits"] for each in (images, others)
    )
    is_same = logits.argmax(axis=1) == of_others.argmax(axis=1)
    is_sure = softmax(logits, axis=1).max(axis=1) > sure
    return {
        "same class": float(is_same.mean()),
        "sure": float(is_sure.mean()),
        "sure, same class": float(is_same[is_sure].mean()) if is_sure.any() else 0.0,
    }


def agreement(expected, images):
    """Return the share of pixels that are both dark or both light."""
    return float(((expected > 127) == (images > 127)).mean())


def _others(labels):
    """Return, for each label, the place of the next one that is equal."""
    order = np.argsort(labels, kind="stable")
    others = np.empty_like(order)
    for label in np.unique(labels):
        members = order[labels[order] == label]
        others[members] = np.roll(members, 1)
    return others


def _cell(value):
    if value is None:
        return ""
    return f"{value:.3f}" if value < 2 else f"{value:.0f}"


if __name__ == "__main__":
    main()
