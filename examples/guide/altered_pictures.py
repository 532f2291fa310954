"""How a resize or a JPEG changes a distance between real pictures.

    python examples/guide/altered_pictures.py

Both sides are the same test pictures. One side is resized or compressed, as often
happens before pictures are measured. Nothing was generated, and yet the distance is
not 0.
"""

import argparse
import io
from pathlib import Path

from keras_gan import datasets, metrics, plotting
from keras_gan.plotting import style

import numpy as np
from PIL import Image


def there_and_back(resample):
    """Return a function that halves the size of a picture and restores it."""

    def alter(picture):
        return picture.resize((14, 14), resample).resize((28, 28), resample)

    return alter


def jpeg(quality):
    def alter(picture):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        return Image.open(file)

    return alter


def sixteen_greys(picture):
    return picture.point(lambda value: round(value / 17) * 17)


WAYS = {
    "half size and back, nearest": there_and_back(Image.Resampling.NEAREST),
    "half size and back, bilinear": there_and_back(Image.Resampling.BILINEAR),
    "half size and back, Lanczos": there_and_back(Image.Resampling.LANCZOS),
    "JPEG, quality 50": jpeg(50),
    "JPEG, quality 90": jpeg(90),
    "16 greys in place of 256": sixteen_greys,
}


def measure(num_images=5000):
    data = datasets.fashion_mnist("test", batch_size=2 * num_images)
    pictures = plotting.to_uint8(data[0])
    first, others = pictures[:num_images], pictures[num_images:]
    distance = metrics.FrechetDistance(metrics.FashionMNISTClassifier())

    def compare(fakes):
        result = metrics.compare(first, fakes, [distance], verbose=0, cache_dir=False)
        return result["frechet_distance"]

    found = {}
    for name, alter in WAYS.items():
        altered = [np.asarray(alter(Image.fromarray(each[..., 0]))) for each in first]
        found[name] = compare(np.stack(altered)[..., None])
    if len(others) > 128:
        found["other real pictures"] = compare(others)
    return found


def draw(found, path):
    figure = style.new_figure(8, 4)
    axes = figure.subplots()
    style.tidy(axes)
    style.set_titles(
        axes,
        "Real pictures against themselves, altered",
        "Frechet distance over the Fashion-MNIST classifier",
    )
    names = sorted(found, key=found.get, reverse=True)
    colours = [style.FAINT if "other" in name else style.OTHER for name in names]
    bars = axes.barh(names, [found[name] for name in names], color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=4, fontsize=10.5, color=style.TEXT)
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", labelsize=11, labelcolor=style.TEXT)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=5000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    found = measure(args.images)
    for name, distance in found.items():
        print(f"{name:30} {distance:.3f}")
    draw(found, args.output)
