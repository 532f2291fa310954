"""Show that the Frechet distance depends on the number of pictures.

    python examples/guide/sample_count.py

Real pictures against other real pictures: the true distance is zero. The fewer there
are, the larger the distance that is measured.
"""

import argparse
from pathlib import Path

from keras_gan import datasets, metrics
from keras_gan.plotting import style

import numpy as np

COUNTS = (200, 500, 1000, 2000, 5000)


def features(num_images):
    data = datasets.fashion_mnist(batch_size=2 * num_images, seed=0)
    return metrics.FashionMNISTClassifier().features(data[0])


def distances(features, counts=COUNTS, num_draws=5):
    """Return the distances between disjoint random halves, for each count."""
    rng = np.random.default_rng(0)
    found = {}
    for count in counts:
        found[count] = []
        for _ in range(num_draws):
            chosen = features[rng.permutation(len(features))[: 2 * count]]
            statistics = [
                (half.mean(axis=0), np.cov(half, rowvar=False))
                for half in (chosen[:count], chosen[count:])
            ]
            found[count].append(
                metrics.frechet_distance(*statistics[0], *statistics[1])
            )
    return found


def draw(found, path):
    figure = style.new_figure(7, 4)
    axes = figure.subplots()
    style.tidy(axes)
    style.set_titles(
        axes,
        "Real clothes against real clothes",
        "Frechet distance over the Fashion-MNIST classifier; the truth is 0",
    )
    for count, values in found.items():
        axes.scatter([count] * len(values), values, s=14, color=style.FAINT, zorder=3)
    means = [np.mean(values) for values in found.values()]
    axes.plot(list(found), means, color=style.OTHER, linewidth=2)
    axes.set_xscale("log")
    axes.set_xticks(list(found), [f"{count:,}" for count in found])
    axes.minorticks_off()
    axes.set_ylim(0)
    axes.set_xlabel("pictures on each side", fontsize=11, color=style.FAINT)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    found = distances(features(max(args.counts)), args.counts)
    for count, values in found.items():
        print(
            f"{count:6,} pictures: {np.mean(values):.3f} "
            f"(from {min(values):.3f} to {max(values):.3f})"
        )
    draw(found, args.output)
