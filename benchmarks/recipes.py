"""Compare the recipes that `keras-gan train auto` chooses among, at equal time.

    python benchmarks/recipes.py --data /usr/share/tuxpaint/stamps --minutes 30
    python benchmarks/recipes.py --data /usr/share/tuxpaint/stamps --minutes 10

Each recipe trains on the same pictures for as long, at the size, with the batches and
by the precision that `keras_gan.presets.recommend` chooses. Then as many images are
generated as there are pictures, at most `--num-evaluated`, and compared with these by
the features of EfficientNet-Lite0, with which none of the recipes trains:

- `kernel`: the kernel distance times 1,000, and its standard error. Of new pictures of
  the same kind it is 0, which the first row shows, one half of the pictures against
  the other;
- `precision`, `recall`: how many generated images look like a picture, and how many
  pictures look like a generated image;
- `authentic`, `copies`: fewer authentic images than in the first row mean that the
  generator has learned pictures by heart.

Minutes are those that the training took: its length is planned from a few steps, and
other work on the machine makes it shorter or longer. Needs the extra `imagenet`, and
colour pictures. `--output` keeps the runs: a stopped one is resumed. A run's folder has
its log, its samples over time and `grid.png`.
"""

from pathlib import Path

from keras_gan import metrics, plotting, presets
from keras_gan.presets.recommendation import RECIPES
from keras_gan.runs import Run

import click
import numpy as np

from tables import markdown, runs
from tables.kept import Kept

COLUMNS = ("kernel", "precision", "recall", "authentic", "copies")


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False))
@click.option("--minutes", default=30.0, show_default=True, help="Of each training.")
@click.option("--recipe", "recipes", multiple=True, type=click.Choice(RECIPES))
@click.option("--seeds", "num_seeds", default=1, show_default=True)
@click.option("--num-evaluated", default=10_000, show_default=True)
@click.option("--output", default="runs/recipes", show_default=True, type=Path)
def main(data, minutes, recipes, num_seeds, num_evaluated, output):
    kept = Kept(output)
    chosen = presets.recommend(data, minutes)
    print(chosen)
    pictures = load(chosen.preset, data)
    size = "x".join(map(str, pictures.shape[1:3]))
    halves = kept.result(f"halves-{size}", lambda: of_halves(pictures))
    rows = [("one half of the pictures", "", "", *figures([halves]))]
    for recipe in recipes or RECIPES:
        found = []
        for seed in range(num_seeds):
            folder = output / f"{recipe}-{minutes:g}min-{seed}"

            def run(folder=folder, recipe=recipe, seed=seed):
                return trained(folder, data, minutes, recipe, seed, num_evaluated)

            found.append(kept.result(folder.name, run))
            print(folder.name, found[-1], flush=True)
        facts = [
            markdown.over_seeds((each[fact] for each in found), "{:,.0f}")
            for fact in ("images", "minutes")
        ]
        is_chosen = chosen.preset.networks.target == f"architectures.{recipe}"
        rows.append((f"{recipe}{', chosen' * is_chosen}", *facts, *figures(found)))
    print(markdown.table(("", "images", "minutes", *COLUMNS), rows))


def load(preset, data):
    """Return the pictures at the size of a preset, as bytes."""
    batches = preset.read_data(data, batch_size=1, shuffle=False, **size_of(preset))
    return batches.as_uint8().arrays()


def size_of(preset):
    """Return the arguments of the data set for the size of a preset."""
    return {"size": list(preset.image_shape[:2])}


def trained(folder, data, minutes, recipe, seed, num_evaluated):
    """Train a recipe for some minutes, and measure it."""
    choice = presets.recommend(data, minutes, recipe=recipe)
    preset = choice.preset.replace(data=size_of(choice.preset))
    if not folder.exists():
        run = Run(folder, preset, seed=seed, precision=choice.precision)
        run.fit_to(minutes)
        preset = run.preset
    run = runs.trained(folder, preset, seed, choice.precision)
    gan, pictures = run.restore(), load(preset, data)
    plotting.image_grid(gan.generate(100, seed=0), path=folder / "grid.png")
    number = min(len(pictures), num_evaluated)
    found = metrics.measure(
        measures(pictures), pictures, gan, number, seed=0, verbose=0
    )
    minutes = runs.seconds(folder) / 60
    return {**plain(found), "images": run.preset.num_images, "minutes": minutes}


def of_halves(pictures):
    """Return the figures of one half of the pictures against the other."""
    order = np.random.default_rng(0).permutation(len(pictures))
    half = len(pictures) // 2
    real, new = pictures[order[:half]], pictures[order[half:]]
    return plain(metrics.compare(real, new, measures(real), verbose=0))


def measures(pictures):
    """Return the metrics, over features with which no recipe trains."""
    extractor = metrics.EfficientNetLite0()
    return [
        metrics.KernelDistance(extractor, subset_size=min(1_000, len(pictures) // 2)),
        metrics.PrecisionRecall(extractor),
        metrics.NearestNeighbours(extractor),
    ]


def plain(found):
    """Return the figures of metrics by the last part of their names."""
    return {name.split("/")[-1]: float(value) for name, value in found.items()}


def figures(found):
    """Return the cells of a row, over the seeds."""

    def mean(name):
        return np.mean([each[name] for each in found])

    kernel = f"{1e3 * mean('kernel_distance'):.0f}"
    error = f"{1e3 * mean('kernel_distance_error'):.0f}"
    shares = (mean(name) for name in ("precision", "recall", "authenticity", "copies"))
    return (f"{kernel} +- {error}", *(f"{share:.0%}" for share in shares))


if __name__ == "__main__":
    main()
