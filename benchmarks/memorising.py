"""Compare trained presets, and test images, with the training images nearest to them.

    python benchmarks/memorising.py
    python benchmarks/memorising.py --preset r3gan_emoji_64 --preset dcgan_mnist

For each data set a row of its test images, which nobody can have memorised, and a row
for each preset that comes with weights: how many of 10,000 images are authentic, how
many equal a training image, and how far the images are from their nearest training
image, in distances between nearest training images
(`keras_gan.metrics.NearestNeighbours`).
"""

import keras_gan
from keras_gan import datasets, metrics, presets

import click

from tables import markdown


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--preset", "names", multiple=True, default=["cgan_fashion_mnist"])
@click.option("--num-images", default=10_000, show_default=True)
def main(names, num_images):
    rows = []
    for name in names:
        preset = presets.get(name)
        train, test = (load(preset.dataset, split) for split in ("train", "test"))
        metric = metrics.NearestNeighbours(preset.make_metrics()[0].extractor)
        rows.append(row(f"test images of `{preset.dataset}`", metric, train, test))
        labels = {"labels": test[1]} if preset.num_classes else {}
        fakes = draw(keras_gan.from_preset(name), num_images, **labels)
        rows.append(row(f"`{name}`", metric, train, fakes))
    heads = ("", "images", "authentic", "copies", "nearest ratio")
    print(markdown.table(heads, dict.fromkeys(rows)))


def load(dataset, split):
    """Return the images of a split, as bytes, and their labels if they have any."""
    labels = {"labels": True} if dataset in ("mnist", "fashion_mnist") else {}
    data = datasets.load(dataset, split=split, **labels).as_uint8().arrays()
    return data if labels else (data, None)


def draw(sampler, num_images, labels=None):
    """Generate images, with the labels of test images in turn."""
    if labels is not None:
        labels = [labels[i % len(labels)] for i in range(num_images)]
    return sampler.generate(num_images, seed=0, labels=labels), None


def row(title, metric, train, images):
    """Return a line of the table."""
    found = metrics.compare(train[0], images[0], [metric], verbose=0)
    return (
        title,
        f"{len(images[0]):,}",
        f"{found['authenticity']:.1%}",
        f"{found['copies']:.2%}",
        f"{found['nearest_ratio']:.2f}",
    )


if __name__ == "__main__":
    main()
