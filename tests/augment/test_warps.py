"""Geometry against NumPy's flips and rotations and a slow interpolation."""

import math

import numpy as np
import pytest
from keras import ops

from keras_gan.augment import RandomAugment, geometry, operations, sampling

IMAGES = np.random.default_rng(0).uniform(-1, 1, (3, 6, 6, 2)).astype("float32")
WIDE = np.random.default_rng(1).uniform(-1, 1, (3, 4, 7, 1)).astype("float32")


class GivenDraws:
    """Return given values in order, in place of random draws, for a few operations."""

    def __init__(self, names, *values):
        self.names, self.values = names, iter(values)

    def has(self, *names):
        return any(name in self.names for name in names)

    def operation(self, name, sample, instead, probability=None):
        values = sample(1.0)
        return list(values) if isinstance(values, tuple) else values

    def next_value(self, *_):
        return ops.convert_to_tensor(np.array(next(self.values), "float32"))

    uniform = normal = integer = next_value

    def half(self, name):
        return 0.5


def frame_of(images, group, values):
    draws = GivenDraws(operations.GROUPS[group], *values)
    return geometry.sample_frame(draws, len(images), *images.shape[1:3])


def apply_blit(images, mirror, turns, right, down):
    is_square = images.shape[1] == images.shape[2]
    values = [mirror, turns, right, down] if is_square else [mirror, right, down]
    frame = frame_of(images, "blit", values)
    return ops.convert_to_numpy(frame.resample(ops.convert_to_tensor(images)))


def apply_affine(images, scale, angle, stretch, second_angle, right, down):
    values = [scale, angle, stretch, second_angle, right, down]
    frame = frame_of(images, "geometry", values)
    return ops.convert_to_numpy(frame.resample(ops.convert_to_tensor(images)))


def mirrored_shift(image, right, down):
    rows, columns = (
        np.pad(np.arange(size), size - 1, mode="reflect")[size - 1 - by :][:size]
        for size, by in zip(image.shape, (down, right), strict=False)
    )
    return image[rows][:, columns]


def test_blit_equals_numpy_flip_rotation_and_shift():
    changed = apply_blit(IMAGES, [1, 0, 1], [0, 1, 3], [0, 0, 2], [0, 0, -1])
    np.testing.assert_array_equal(changed[0], IMAGES[0][:, ::-1])
    np.testing.assert_array_equal(changed[1], np.rot90(IMAGES[1], -1), "clockwise")
    expected = mirrored_shift(np.rot90(IMAGES[2][:, ::-1], -3), 2, -1)
    np.testing.assert_array_equal(changed[2], expected)


def test_rotation_by_180_degrees():
    changed = apply_blit(IMAGES, [0, 1, 0], [2, 2, 2], [0, 0, 0], [0, 0, 0])
    np.testing.assert_array_equal(changed[0], IMAGES[0][::-1, ::-1])
    np.testing.assert_array_equal(changed[1], IMAGES[1][::-1])


@pytest.mark.backends("torch", reason="shapes: no backend code")
def test_only_square_images_are_rotated():
    changed = apply_blit(WIDE, [1, 0, 0], None, [0, 3, 0], [0, 0, 1])
    np.testing.assert_array_equal(changed[0], WIDE[0][:, ::-1])
    np.testing.assert_array_equal(changed[1], mirrored_shift(WIDE[1], 3, 0))
    np.testing.assert_array_equal(changed[2], mirrored_shift(WIDE[2], 0, 1))


def test_shift_by_half_a_pixel_is_the_mean_of_neighbours():
    none = [0.0] * 3
    changed = apply_affine(
        WIDE, none, none, none, none, [0.5, 0.0, 0.0], [0.0, 0.0, -0.5]
    )
    right = (WIDE[0] + mirrored_shift(WIDE[0], 1, 0)) / 2
    np.testing.assert_allclose(changed[0], right, atol=1e-6)
    np.testing.assert_array_equal(changed[1], WIDE[1])
    up = (WIDE[2] + mirrored_shift(WIDE[2], 0, -1)) / 2
    np.testing.assert_allclose(changed[2], up, atol=1e-6)


def test_composition_agrees_with_a_slow_interpolation():
    # Log-scales and angles in the order of sampling, then shifts in pixels.
    logs, angles = [0.3, -0.2, 0.0], [0.5, -2.0, 3.0]
    stretches, second = [-0.1, 0.2, 0.4], [1.0, 0.1, -0.7]
    right, down = [0.7, -1.3, 9.0], [0.2, 2.1, -30.5]
    changed = apply_affine(WIDE, logs, angles, stretches, second, right, down)
    for i, image in enumerate(WIDE):
        forward = (
            rotation(second[i])
            @ np.diag([2.0 ** stretches[i], 2.0 ** -stretches[i]])
            @ rotation(angles[i])
            * 2.0 ** logs[i]
        )
        expected = interpolated(image, np.linalg.inv(forward), (right[i], down[i]))
        np.testing.assert_allclose(changed[i], expected, atol=2e-5)


def rotation(angle):
    """Return a clockwise rotation, for x to the right and y down."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


def interpolated(image, backward, shift):
    """Interpolate pixel by pixel, in float64, from an image padded by reflection."""
    height, width, _ = image.shape
    margin = 60
    spread = np.pad(image, ((margin, margin), (margin, margin), (0, 0)), "reflect")
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    output = np.zeros(image.shape)
    for row in range(height):
        for column in range(width):
            x, y = backward @ (np.array([column, row]) - middle - shift)
            x, y = x + middle[0] + margin, y + middle[1] + margin
            left, top = math.floor(x), math.floor(y)
            for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
                weight = (1 - abs(top + i - y)) * (1 - abs(left + j - x))
                output[row, column] += weight * spread[top + i, left + j]
    return output


@pytest.mark.backends(
    "tensorflow", "torch", reason="one warp on all; test_derivatives.py has it on JAX"
)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_images_are_mirrored_at_their_border(size):
    row = np.arange(size, dtype="float32").reshape(1, 1, size, 1)
    positions = np.arange(size, dtype="float32") + 3
    columns = ops.convert_to_tensor(positions[None, None, :])
    found = sampling.bilinear(ops.convert_to_tensor(row), ops.zeros((1, 1, 1)), columns)
    # np.pad on the right only, as far as the positions go.
    mirrored = np.pad(row[0, 0, :, 0], (0, 3), mode="reflect")[3:]
    np.testing.assert_array_equal(ops.convert_to_numpy(found)[0, 0, :, 0], mirrored)


@pytest.mark.backends(
    "tensorflow", "torch", reason="one warp on all; test_derivatives.py has it on JAX"
)
def test_mean_over_random_changes():
    # E[T(x)] of flips with probability p: (1 - p/2) x + p/2 flip(x), and so on.
    ramp = np.linspace(-1, 1, 4, dtype="float32")
    image = ramp[None, :, None] * np.array([[1.0], [0.5], [0.1], [-1.0]])[..., None]
    images = np.repeat(image[None].astype("float32"), 20_000, axis=0)
    mean = ops.convert_to_numpy(RandomAugment(0.4, ["blit"])(images, seed=5)).mean(0)
    flipped = 0.8 * image + 0.2 * image[:, ::-1]
    turned = sum(np.rot90(flipped, k) for k in range(4)) / 4
    turned = 0.6 * flipped + 0.4 * turned
    # An eighth of 4 pixels is half of one, and rounds to 0 both ways.
    np.testing.assert_allclose(mean, turned, atol=0.02)
    assert np.abs(turned - image).max() > 0.2
