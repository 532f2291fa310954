"""Generators and extractors without networks, for tests."""

import numpy as np

from keras_gan.metrics import FashionMNISTClassifier, measure
from keras_gan.pixels import from_uint8


class Sampler:
    """Return stored images in [-1, 1] like a generator."""

    def __init__(self, images, num_classes=None):
        self.images, self.num_classes = images, num_classes
        self.seeds, self.labels = [], []

    def generate(self, num_images, seed=None, labels=None):
        self.seeds.append(seed)
        self.labels.extend([] if labels is None else labels)
        rng = np.random.default_rng(seed)
        return from_uint8(self.images[rng.integers(len(self.images), size=num_images)])


class Constant:
    num_classes = None

    def __init__(self, value):
        self.value = value

    def generate(self, num_images, seed=None):
        return np.full((num_images, 28, 28, 1), self.value, "float32")


def quiet(metrics, real, sampler, num_images=300, **options):
    options = {"cache_dir": False, "verbose": 0, **options}
    return measure(metrics, real, sampler, num_images, **options)


class Counting(FashionMNISTClassifier):
    """Count the images that pass through the network."""

    passed = 0

    def embed(self, pixels, batch_size=128):
        self.passed += len(pixels)
        return super().embed(pixels, batch_size)
