import numpy as np
import pytest

from keras_gan.latents.priors import Normal
from keras_gan.metrics import PerceptualPathLength, RawSamples, measure


class Linear:
    """A generator `z -> scale * z`, whose path length is known."""

    def __init__(self, scale, num_classes=None):
        self.prior = Normal(4)
        self.scale = scale
        self.num_classes = num_classes
        self.labels = []

    def generate(self, num_images, seed=None, labels=None):
        return np.zeros((num_images, 4))

    def synthesize(self, latents, labels=None):
        self.labels.append(labels)
        return self.scale * np.asarray(latents, "float64")


def test_a_linear_generator_has_the_expected_length():
    # E |s (z2 - z1)|^2 = s^2 * 2 * 4, for standard normal z in four dimensions.
    metric = PerceptualPathLength(RawSamples(), num_paths=20_000, discard=0.0)
    result = measure([metric], None, Linear(3.0), num_images=1)
    assert result["path_length"] == pytest.approx(9 * 8, rel=0.03)


def test_extremes_are_left_out():
    metric = PerceptualPathLength(RawSamples(), discard=0.25)
    metric.lengths = np.array([0.0, 1.0, 3.0, 1000.0])
    assert metric.result() == {"path_length": 2.0, "path_length_std": 1.0}


def test_both_ends_of_a_step_have_the_same_class():
    sampler = Linear(1.0, num_classes=3)
    metric = PerceptualPathLength(RawSamples(), num_paths=10)
    metric.update_sampler(sampler, seed=0, batch_size=4)
    assert len(sampler.labels) == 6
    for before, after in zip(sampler.labels[::2], sampler.labels[1::2], strict=True):
        np.testing.assert_array_equal(before, after)


def test_images_without_a_sampler_are_refused():
    with pytest.raises(ValueError, match="measured on a sampler"):
        PerceptualPathLength(RawSamples()).result()


class Mapped(Linear):
    """A generator `w -> scale * w` with the mapping `w = z / 2`."""

    def map(self, latents, labels=None):
        self.labels.append(labels)
        return np.asarray(latents, "float64") / 2

    def synthesize(self, latents=None, labels=None, w=None):
        points = self.map(latents, labels) if w is None else w
        return self.scale * points


def test_paths_in_w():
    """w is half of z, so that a step between two w is a quarter in square."""
    metric = PerceptualPathLength(
        RawSamples(), num_paths=20_000, discard=0.0, space="w", name="path_length_w"
    )
    result = measure([metric], None, Mapped(6.0), num_images=1)
    assert result["path_length_w"] == pytest.approx(9 * 8, rel=0.03)
    with pytest.raises(ValueError, match='`space` must be "z" or "w"'):
        PerceptualPathLength(RawSamples(), space="v")
