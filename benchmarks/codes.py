"""Train InfoGAN on digits, and ask what its codes mean.

    python benchmarks/codes.py
    python benchmarks/codes.py --seeds 1 --precision bf16
    python benchmarks/codes.py --seeds 1 --ship savedmodels

Each run is `keras-gan train infogan_mnist --seed S`. It is then measured:

- `digit`: the share of the 10,000 test images whose category, as the recognition head
  names it, is their digit, by the best one-to-one matching of categories and digits;
- `drawn`: the same for 10,000 generated images and the digit that
  `keras_gan.metrics.MNISTClassifier` sees;
- `slant`, `thickness`: |Spearman| between a number of the latent and a moment of the
  generated image, the mean over the categories. The slant is mu_11 / mu_02, and the
  thickness the ink m_00. Each is paired with the number that follows it better;
- `slant_by_other`, `thickness_by_other`: how the other number follows it;
- `slant_read`, `thickness_read`: the same for what the head says of test images.

It also prints what a standard deviation of the test images' slant and thickness, within
a class, is worth of a number, by the strengths of the preset's `NumberEquivariance`.

`--ship` writes the generator of the best seed, by the sum of digit, slant and
thickness, to where `keras_gan.from_preset` finds it.
"""

from pathlib import Path

from keras_gan import datasets, metrics, presets
from keras_gan.invariance import NumberEquivariance

import click
import numpy as np
from keras import ops
from scipy.optimize import linear_sum_assignment
from scipy.stats import spearmanr

from tables import gallery, markdown, runs
from tables.kept import Kept

PRESET = "infogan_mnist"
COLUMNS = ("digit", "drawn", "slant", "thickness", "slant_by_other")
COLUMNS += ("thickness_by_other", "slant_read", "thickness_read", "seconds")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--images", "num_images", type=int, help="Training images.")
@runs.precision_option
@click.option("--output", default="runs/codes", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the best generator.")
def main(num_seeds, first_seed, num_images, precision, output, ship):
    preset, kept, found = presets.get(PRESET), Kept(output), {}
    preset = preset.replace(num_images=num_images) if num_images else preset
    for seed in range(first_seed, first_seed + num_seeds):
        folder = output / f"{PRESET}-{seed}"

        def run(folder=folder, seed=seed):
            gan = runs.trained(folder, preset, seed, precision).restore()
            return {**measure(gan), "seconds": runs.seconds(folder)}

        found[seed] = kept.result(folder.name, run)
        print(folder.name, found[seed], flush=True)
    if ship is not None:
        qualities = ("digit", "slant", "thickness")
        best = max(found, key=lambda s: sum(found[s][name] for name in qualities))
        runs.save_trained(output / f"{PRESET}-{best}", ship, described(found[best]))
        gallery.write(ship)
    rows = [
        (f"seed {seed}", *(f"{each[name]:.3g}" for name in COLUMNS))
        for seed, each in found.items()
    ]
    print(markdown.table(("", *COLUMNS), rows))
    (term,) = (
        term
        for term in preset.compile_arguments()["invariance"]
        if isinstance(term, NumberEquivariance)
    )
    for name, worth in deviations(term).items():
        print(f"A standard deviation of {name} is {worth:.2f} of its number.")


def described(found):
    """Return what codes mean, for the card of a model."""
    digit, slant, thickness = (found[n] for n in ("digit", "slant", "thickness"))
    return [
        f"Test images whose category names the digit: {digit:.3f} (10,000 images)",
        "|Spearman| of a number and a moment of the image, within categories: slant "
        f"{slant:.2f}, thickness {thickness:.2f} (10,000 generated)",
    ]


def measure(gan, num_images=10_000):
    """Return what the codes of a trained InfoGAN mean."""
    data = datasets.mnist("test", labels=True)
    images, labels = data.images, data.labels
    read = gan.recognize(images)
    drawn = gan.prior.sample(num_images, seed=0)
    made = gan.synthesize(drawn)
    codes = {name: np.asarray(c) for name, c in gan.prior.codes_of(drawn).items()}
    logits = metrics.MNISTClassifier().outputs(made)["logits"]
    categories = codes["category"].argmax(axis=1)
    found = {
        "digit": matched(read["category"].argmax(axis=1), labels),
        "drawn": matched(categories, logits.argmax(axis=1)),
    }
    found |= paired(codes, moments(made), categories)
    of_test = paired(read, moments(images / 127.5 - 1), labels)
    return found | {f"{k}_read": of_test[k] for k in ("slant", "thickness")}


def deviations(term):
    """Return what a standard deviation within a class is worth of a number."""
    data = datasets.mnist("test", labels=True)
    images = (data.images / 127.5 - 1).astype("float32")
    size = (len(images), len(term.changes))
    found, real = {}, moments(images)
    for i, change in enumerate(term.changes.values()):
        least, most = np.zeros(size, "float32"), np.zeros(size, "float32")
        least[:, i], most[:, i] = -1, 1
        ends = [
            moments(ops.convert_to_numpy(term.change(images, s))) for s in (least, most)
        ]
        moved = (ends[1][change] - ends[0][change]).mean() / 2
        groups = [
            real[change][data.labels == label] for label in np.unique(data.labels)
        ]
        deviation = np.sqrt(np.mean([group.var() for group in groups]))
        found[change] = float(term.step * deviation / abs(moved))
    return found


def matched(categories, labels, num_classes=10):
    """Return the share that agrees, by the best one-to-one matching."""
    counts = np.zeros((num_classes, num_classes))
    np.add.at(counts, (categories, labels), 1)
    return float(counts[linear_sum_assignment(-counts)].sum() / len(labels))


def moments(images):
    """Return the slant and the thickness of images, from their moments."""
    ink = (np.asarray(images, "float64")[..., 0] + 1) / 2  # (n, height, width)
    y, x = np.mgrid[: ink.shape[1], : ink.shape[2]]
    mass = ink.sum(axis=(1, 2)) + 1e-9
    x = x - (ink * x).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    y = y - (ink * y).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    slant = (ink * x * y).sum(axis=(1, 2)) / ((ink * y * y).sum(axis=(1, 2)) + 1e-9)
    return {"slant": slant, "thickness": mass}


def paired(codes, measured, groups):
    """Return the mean |Spearman| within groups, of the better and the other number."""
    numbers = [name for name in codes if codes[name].shape[1] == 1]
    table = {
        quality: np.array([within(codes[n][:, 0], values, groups) for n in numbers])
        for quality, values in measured.items()
    }
    rows = np.stack(list(table.values()))  # (qualities, numbers)
    chosen = dict(zip(*linear_sum_assignment(-rows), strict=True))
    found = {}
    for i, quality in enumerate(table):
        found[quality] = float(rows[i, chosen[i]])
        found[f"{quality}_by"] = numbers[chosen[i]]
        others = np.delete(rows[i], chosen[i])
        found[f"{quality}_by_other"] = float(others.max())
    return found


def within(values, measured, groups):
    """Return the mean |Spearman| over groups of two series."""
    correlations = [
        spearmanr(values[groups == group], measured[groups == group]).statistic
        for group in np.unique(groups)
        if np.count_nonzero(groups == group) > 10
    ]
    return float(np.mean(np.abs(correlations)))


if __name__ == "__main__":
    main()
