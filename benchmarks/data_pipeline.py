"""Measure how fast data arrive, and how fast training consumes them.

    python benchmarks/data_pipeline.py
    python benchmarks/data_pipeline.py --quick          # fewer pictures and steps

Makes a folder of 10,000 noisy PNG pictures, 64 x 64 pixels in colour, and prints

- images a second of every kind of pipeline, by `for images in data`, alone on the
  machine: float32 batches, and bytes (`as_uint8`), which is what `fit` draws;
- images a second that a DCGAN trains on, batches of 64, and how many times as many
  the folder delivers;
- how much longer an epoch of `fit` takes from the folder, which then shares the
  processors with training, than from the same images as one float32 array in memory.

The last two alternate for several rounds in one run, and medians are printed.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import keras_gan
from keras_gan import datasets
from keras_gan.datasets.sources import ImageList
from keras_gan.datasets.transforms import map_threads

import keras
import numpy as np

SIZE = 64
BATCH_SIZE = 64
NUM_TIMES_FASTER = 10
SLOWEST = 1.05


def make_folder(folder, num_pictures):
    """Write PNG pictures that compress about as well as small photographs."""
    from PIL import Image

    def write(number):
        rng = np.random.default_rng(number)
        coarse = rng.integers(0, 256, (8, 8, 3), "uint8")
        smooth = Image.fromarray(coarse).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        noisy = np.asarray(smooth) + rng.normal(0, 6, (SIZE, SIZE, 3))
        picture = Image.fromarray(np.clip(noisy, 0, 255).astype("uint8"))
        picture.save(folder / f"{number:06}.png")

    map_threads(write, range(num_pictures))


def seconds(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def rate(data):
    """Return the images a second of one pass."""
    time_taken, num_images = seconds(lambda: sum(len(images) for images in data))
    return num_images / time_taken


def best_rates(data, rounds):
    """Return the best rate of several passes, as float32 and as bytes."""
    return [max(rate(each) for _ in range(rounds)) for each in (data, data.as_uint8())]


def pipelines(num_images):
    """Return every kind of pipeline with its images in memory."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (6 * num_images, 28, 28, 1), "uint8")
    pictures = rng.integers(0, 256, (num_images, SIZE, SIZE, 3), "uint8")
    larger = rng.integers(0, 256, (num_images, 72, 72, 3), "uint8")
    unequal = ImageList([image[: 64 + i % 9] for i, image in enumerate(larger)])
    crop = {"size": SIZE, "crop": "random", "augment": datasets.horizontal_flip}
    flip = {"augment": datasets.horizontal_flip}
    yield "array, 28 px grey", small, {}
    yield "array, 64 px colour", pictures, {}
    yield "array, 64 px, flip", pictures, flip
    yield "array, random crop 72 to 64 px, flip", larger, crop
    yield "list of unequal pictures, random crop, flip", unequal, crop


def show_rates(folder, cache, num_images, rounds):
    """Print the table of all pipelines, each alone."""
    print(f"{'images/s':52}  float32    bytes")
    for name, images, options in pipelines(num_images):
        data = datasets.Batches(images, batch_size=BATCH_SIZE, **options)
        show(name, *best_rates(data, rounds))
    for name, where in (("memory", "memory"), ("file", cache)):
        taken, data = seconds(
            lambda where=where: datasets.image_folder(
                folder, batch_size=BATCH_SIZE, cache=where
            )
        )
        show(f"folder, cache in {name}: first, decoding", num_images / taken)
        show(f"folder, cache in {name}: then", *best_rates(data, rounds))
    taken, data = seconds(
        lambda: datasets.image_folder(folder, batch_size=BATCH_SIZE, cache=None)
    )
    show("folder, no cache: listing it", num_images / taken)
    show("folder, no cache: decoding every batch", *best_rates(data, rounds))


def show(name, *rates):
    print(f"{name:50}" + "".join(f"{rate:11,.0f}" for rate in rates), flush=True)


class Stopwatch(keras.callbacks.Callback):
    """Measure the duration of an epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.start


def epoch_seconds(gan, data, **kwargs):
    """Return the seconds of one epoch of `fit`."""
    watch = Stopwatch()
    gan.fit(data, epochs=1, callbacks=[watch], verbose=0, **kwargs)
    return watch.seconds


def new_gan():
    """DCGAN at 64 px, in the default widths."""
    gan = keras_gan.GAN(*keras_gan.architectures.dcgan((SIZE, SIZE, 3)), seed=0)
    gan.compile()
    return gan


def against_training(folder, cache, num_steps, rounds):
    """Print what training consumes, what the folder delivers, and its cost."""
    folders = {
        "cache in memory": "memory",
        "cache in a file": cache,
        "decoded for every batch": None,
    }
    data = {
        name: datasets.image_folder(folder, batch_size=BATCH_SIZE, cache=where)
        for name, where in folders.items()
    }
    num_images = num_steps * BATCH_SIZE
    resident = data["cache in memory"].take(num_images).arrays()
    short = {
        name: images.with_steps_per_epoch(num_steps) for name, images in data.items()
    }
    gan = new_gan()
    epoch_seconds(gan, resident, batch_size=BATCH_SIZE)  # compiles
    for images in short.values():
        epoch_seconds(gan, images)
    trained, delivered, ratios = [], {name: [] for name in data}, {}
    for _ in range(rounds):
        alone = epoch_seconds(gan, resident, batch_size=BATCH_SIZE)
        trained.append(num_images / alone)
        for name, images in data.items():
            delivered[name].append(rate(images.as_uint8()))
            fed = epoch_seconds(gan, short[name])
            ratios.setdefault(name, []).append(fed / alone)

    takes = statistics.median(trained)
    print(f"\nDCGAN 64 px, batches of {BATCH_SIZE}: trains on {takes:,.0f} images/s")
    for name in data:
        times = statistics.median(delivered[name]) / takes
        verdict = "met" if times >= NUM_TIMES_FASTER else "MISSED"
        print(f"folder, {name}: delivers {times:,.0f} times as many", end=" ")
        print(f"(target at least {NUM_TIMES_FASTER}: {verdict})")
    for name in data:
        slower = statistics.median(ratios[name])
        verdict = "met" if slower <= SLOWEST else "MISSED"
        print(f"fit from the folder, {name}: {slower:.3f} times as long", end=" ")
        print(f"as from an array (target at most {SLOWEST}: {verdict})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--num-pictures", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=12, help="in an epoch of fit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.num_pictures, arguments.steps, arguments.rounds = 2_000, 6, 3
    print(f"{keras.backend.backend()} on {len(os.sched_getaffinity(0))} processors")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pictures"
        folder.mkdir()
        make_folder(folder, arguments.num_pictures)
        show_rates(folder, Path(place) / "rates", arguments.num_pictures, 2)
        against_training(folder, Path(place) / "fit", arguments.steps, arguments.rounds)


if __name__ == "__main__":
    main()
