from pathlib import Path

import numpy as np
import pytest

import keras_gan
from keras_gan.metrics import FashionMNISTClassifier

SAMPLE = Path(keras_gan.__file__).parent / "datasets" / "fashion_mnist_sample.npz"


@pytest.fixture(scope="session")
def fashion():
    """Images (10000, 28, 28, 1) and labels, in a fixed random order."""
    order = np.random.default_rng(0).permutation(10_000)
    with np.load(SAMPLE) as arrays:
        return arrays["images"][order][..., None], arrays["labels"][order]


@pytest.fixture(scope="session")
def extractor():
    return FashionMNISTClassifier()
