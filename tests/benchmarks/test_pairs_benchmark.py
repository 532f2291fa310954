"""What the benchmark of CoGAN calls a pair that belongs together."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.backends("tensorflow", reason="benchmarks run on TensorFlow")


@pytest.fixture
def digits():
    """200 digits of 8 x 8 pixels, three times as large, in black and white."""
    images, labels = load_digits(return_X_y=True)
    white = np.kron(images[:200].reshape(-1, 8, 8) > 7, np.ones((1, 3, 3)))
    images = np.pad(255 * white.astype("uint8"), ((0, 0), (2, 2), (2, 2)))
    return SimpleNamespace(images=images[..., None], labels=labels[:200])


@pytest.fixture
def pairs(monkeypatch, digits):
    monkeypatch.syspath_prepend(BENCHMARKS)
    pairs = importlib.import_module("pairs")
    monkeypatch.setattr(pairs.datasets, "mnist", lambda *_, **__: digits)
    return pairs


class Made:
    """A generator of given pairs."""

    def __init__(self, first, second):
        self.images = first, second

    def generate(self, num_images, seed):
        return [each[:num_images].astype("float32") / 127.5 - 1 for each in self.images]


@pytest.mark.parametrize("domain", ["edges", "negatives"])
def test_true_pairs_agree_and_those_of_others_do_not(pairs, digits, domain):
    images = digits.images
    made = pairs.TRANSFORMS[domain](images)
    true = pairs.measure(Made(images, made), domain, 200)
    others = pairs.measure(Made(images, np.roll(made, 1, axis=0)), domain, 200)
    assert true["agree"] == 1
    assert others["agree"] < true["same digit"] < 1
    white = (made > 127).mean()
    assert true["empty"] == pytest.approx(max(white, 1 - white))
    if domain == "negatives":
        assert true["same class"] == 1
        assert others["same class"] < 0.5


def test_sure_pairs_are_counted_by_their_first_image(pairs, monkeypatch):
    """Logits are the images: two are sure, and one of these has two classes."""
    first = np.array([[9.0, 0], [0, 9], [1, 0], [0, 1]])
    second = np.array([[1.0, 0], [9, 0], [9, 0], [9, 0]])
    classifier = SimpleNamespace(outputs=lambda images: {"logits": images})
    monkeypatch.setattr(pairs.metrics, "MNISTClassifier", lambda: classifier)
    found = pairs.classes(first, second)
    assert found == {"same class": 0.5, "sure": 0.5, "sure, same class": 0.5}
    assert pairs.classes(first[2:], second[2:])["sure, same class"] == 0
