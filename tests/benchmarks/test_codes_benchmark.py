"""What the benchmark of InfoGAN says of codes, and of the strengths of changes."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from keras_gan.invariance import NumberEquivariance

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.backends("tensorflow", reason="benchmarks run on TensorFlow")

RNG = np.random.default_rng(0)


def strokes(slants, widths):
    """Bars that lean, in white on black."""
    y, x = np.mgrid[:28, :28] - 13.5
    middles = -slants[:, None, None] * y
    inside = (np.abs(x - middles) < widths[:, None, None] / 2) & (np.abs(y) < 9)
    return (255 * inside[..., None]).astype("uint8")


@pytest.fixture
def codes(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("codes")


def test_moments_are_the_slant_and_the_ink(codes):
    slants, widths = RNG.uniform(-0.4, 0.4, 50), RNG.uniform(3, 7, 50)
    found = codes.moments(strokes(slants, widths) / 127.5 - 1)
    assert np.corrcoef(found["slant"], -slants)[0, 1] > 0.99
    assert np.corrcoef(found["thickness"], widths)[0, 1] > 0.95
    numbers = {"a": widths[:, None], "b": slants[:, None], "kind": np.ones((50, 3))}
    paired = codes.paired(numbers, found, np.zeros(50))
    assert (paired["slant_by"], paired["thickness_by"]) == ("b", "a")
    assert paired["slant"] > 0.95 > 0.5 > paired["slant_by_other"]


def test_categories_are_matched_one_to_one(codes):
    labels = np.repeat(np.arange(10), 5)
    assert codes.matched((labels + 3) % 10, labels) == 1
    assert codes.matched(np.where(labels == 4, 9, labels), labels) == 0.9


def test_what_a_deviation_is_worth(codes, monkeypatch):
    """Bars whose slants deviate by 0.2, within two classes of different slant."""
    deviations = np.tile([-0.2, 0.2], 20)
    slants = deviations + np.repeat([-0.2, 0.2], 20)
    images = strokes(slants, np.full(40, 4.0))
    data = SimpleNamespace(images=images, labels=np.repeat([0, 1], 20))
    monkeypatch.setattr(codes.datasets, "mnist", lambda *_, **__: data)
    for strength in (0.1, 0.2):
        term = NumberEquivariance({"a": "slant"}, strengths={"slant": strength})
        (worth,) = codes.deviations(term).values()
        assert worth == pytest.approx(0.8 * 0.2 / strength, rel=0.1)
