"""Compare precision, recall and the Frechet distance of three generators.

    python examples/guide/precision_recall.py

The data are a ring of eight bumps. One generator is good, one makes half of the
bumps only, one makes all of them smeared.
"""

import argparse
from pathlib import Path

from keras_gan import datasets, metrics
from keras_gan.plotting import style


def points(num_points, num_modes=8, std=0.08, seed=0):
    """Sample the first `num_modes` of eight bumps on a circle."""
    centers = datasets.ring(8).centers[:num_modes]
    data = datasets.Mixture(centers, std, num_points, steps_per_epoch=1, seed=seed)
    return data[0]


def measure(num_points=2000):
    real = points(num_points)
    fakes = {
        "as the data": points(num_points, seed=1),
        "half of the modes": points(num_points, num_modes=4, seed=2),
        "all modes, smeared": points(num_points, std=0.4, seed=3),
    }
    extractor = metrics.RawSamples()
    measures = [metrics.FrechetDistance(extractor), metrics.PrecisionRecall(extractor)]
    results = {
        name: metrics.compare(real, fake, measures, verbose=0, cache_dir=False)
        for name, fake in fakes.items()
    }
    return real, fakes, results


def draw(real, fakes, results, path):
    figure = style.new_figure(9, 3.9)
    for axes, (name, fake) in zip(figure.subplots(1, 3), fakes.items(), strict=True):
        style.tidy(axes)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xlim(-2, 2)
        axes.set_ylim(-2, 2)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.scatter(*real[:800].T, s=4, color=style.DATA, linewidths=0)
        axes.scatter(*fake[:800].T, s=4, color=style.GENERATOR, linewidths=0)
        found = results[name]
        numbers = "precision {precision:.2f}, recall {recall:.2f}".format(**found)
        style.set_titles(axes, name.capitalize(), numbers)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=2000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    real, fakes, results = measure(args.points)
    for name, found in results.items():
        print(
            "{name:18}  precision {precision:.2f}  recall {recall:.2f}  "
            "Frechet distance {frechet_distance:.3f}".format(name=name, **found)
        )
    draw(real, fakes, results, args.output)
