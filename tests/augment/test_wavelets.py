"""Wavelet filters: orthonormal, a partition, and the identity if nothing moves."""

import math

import numpy as np
import pytest
from keras import ops

from keras_gan.augment import geometry, wavelets

IMAGES = np.random.default_rng(0).uniform(-1, 1, (2, 5, 8, 3)).astype("float32")


@pytest.mark.parametrize("taps", [wavelets.SYM2, wavelets.SYM6])
def test_even_shifts_are_orthonormal(taps):
    assert taps.sum() == pytest.approx(math.sqrt(2), abs=1e-9)
    for shift in range(0, len(taps), 2):
        inner = np.dot(taps[shift:], taps[: len(taps) - shift])
        assert inner == pytest.approx(float(shift == 0), abs=1e-9)


def test_bands_sum_to_the_signal_and_are_octaves():
    bands = wavelets.band_filters()
    assert bands.shape == (4, 43)
    impulse = np.arange(43) == 21
    np.testing.assert_allclose(bands.sum(axis=0), impulse, atol=1e-12)
    np.testing.assert_allclose(bands, bands[:, ::-1], atol=1e-12)  # no phase
    # The gain in the middle of each octave, (pi/16, 3 pi/16, 3 pi/8, 3 pi/4).
    times = np.arange(43) - 21
    frequencies = np.pi * np.array([1 / 16, 3 / 16, 3 / 8, 3 / 4])
    gains = bands @ np.cos(np.outer(times, frequencies))
    assert np.argmax(gains, axis=0).tolist() == [0, 1, 2, 3]
    assert (np.diag(gains) > 0.7).all()


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_halving_what_was_doubled_gives_it_back(size):
    doubling = wavelets.doubling_matrix(size)
    halving = wavelets.halving_matrix(size)
    places = (np.arange(halving.shape[1]) - wavelets.CENTER) % len(doubling)
    np.testing.assert_allclose(halving @ doubling[places], np.eye(size), atol=1e-6)


@pytest.mark.parametrize("size", [1, 5, 64])
def test_bands_of_an_axis_sum_to_the_identity(size):
    matrices = wavelets.band_matrices(size)
    np.testing.assert_allclose(matrices.sum(axis=0), np.eye(size), atol=1e-6)


def resampled(images, change):
    frame = geometry.Frame(len(images), *images.shape[1:3])
    change(frame)
    return ops.convert_to_numpy(
        frame.resample_by_wavelet(ops.convert_to_tensor(images))
    )


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_derivatives.py has the filter on JAX"
)
def test_unmoved_images_stay_what_they_are():
    np.testing.assert_allclose(resampled(IMAGES, lambda frame: None), IMAGES, atol=1e-5)


def test_a_shift_by_whole_pixels_is_exact():
    shifted = resampled(
        IMAGES, lambda frame: frame.shift(ops.full((2,), 2.0), ops.full((2,), -1.0))
    )
    np.testing.assert_allclose(shifted[:, :-1, 2:], IMAGES[:, 1:, :-2], atol=1e-5)
    mirrored = IMAGES[:, 1:, 2:0:-1]  # what comes in from the left
    np.testing.assert_allclose(shifted[:, :-1, :2], mirrored, atol=1e-5)


@pytest.mark.backends(
    "tensorflow", "torch", reason="which filter is better is one on all"
)
def test_a_wave_is_shifted_with_less_loss_than_by_bilinear_interpolation():
    places = np.arange(16, dtype="float32")
    wave = np.cos(places * np.pi / 2)[None, :, None, None] * np.ones((1, 1, 16, 1))
    images = ops.convert_to_tensor(wave.astype("float32"))
    frame = geometry.Frame(1, 16, 16)
    frame.shift(ops.full((1,), 0.0), ops.full((1,), 0.5))
    expected = np.cos((places - 0.5) * np.pi / 2)[4:12]
    losses = []
    for resample in (frame.resample, frame.resample_by_wavelet):
        found = ops.convert_to_numpy(resample(images))[0, 4:12, 8, 0]
        losses.append(np.abs(found - expected).max())
    assert losses[1] < losses[0] / 2
