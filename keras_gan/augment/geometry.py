"""Flips, rotations, scalings and shifts, composed into one resampling.

Pixels are interpolated once for the whole composition. If each operation
interpolated them, images would blur a little more every time.
"""

import math

from keras import ops

from keras_gan._typing import Tensor
from keras_gan.augment import sampling, wavelets
from keras_gan.augment.random_draws import OperationDraws


class Frame:
    """An affine map from the pixels of each output image to its input image.

    The output pixel x to the right of the centre and y below it shows the input at

        origin + x * x_axis + y * y_axis,

    all in pixels from the image's centre. An operation on the image is applied to
    the frame as its inverse.

    Args:
        num_images: int, the size of the batch.
        height: int, of the images in pixels.
        width: int, likewise.
    """

    def __init__(self, num_images: Tensor, height: int, width: int) -> None:
        self.height, self.width = height, width
        ones = ops.ones((num_images, 1))
        self.origin = ones * ops.convert_to_tensor([[0.0, 0.0]])  # (batch, 2)
        self.x_axis = ones * ops.convert_to_tensor([[1.0, 0.0]])
        self.y_axis = ones * ops.convert_to_tensor([[0.0, 1.0]])

    def scale(self, x_factor: Tensor, y_factor: Tensor) -> None:
        """Stretch the image. A factor of -1 mirrors it."""
        self.x_axis = self.x_axis / x_factor[:, None]
        self.y_axis = self.y_axis / y_factor[:, None]

    def rotate(self, cosine: Tensor, sine: Tensor) -> None:
        """Rotate the image clockwise."""
        x_axis, y_axis = self.x_axis, self.y_axis
        cosine, sine = cosine[:, None], sine[:, None]
        self.x_axis = cosine * x_axis - sine * y_axis
        self.y_axis = sine * x_axis + cosine * y_axis

    def slant(self, slope: Tensor) -> None:
        """Move each row to the right by the slope times its height above the middle."""
        self.y_axis = self.y_axis + slope[:, None] * self.x_axis

    def shift(self, right: Tensor, down: Tensor) -> None:
        """Shift the image, in pixels."""
        right, down = right[:, None], down[:, None]
        self.origin = self.origin - right * self.x_axis - down * self.y_axis

    def resample(self, images: Tensor) -> Tensor:
        """Interpolate images `(batch, height, width, channels)` by this map."""
        x = ops.arange(self.width, dtype="float32")
        y = ops.arange(self.height, dtype="float32")
        return sampling.bilinear(images, *self._places(x, y))

    def resample_by_wavelet(self, images: Tensor) -> Tensor:
        """Interpolate as the paper does: on a grid twice as fine, by a longer filter.

        A wavelet doubles the images, they are interpolated linearly at places half
        a pixel apart, and the wavelet halves them. If nothing is moved, this gives
        the images back.
        """
        x, y = (
            (ops.arange(wavelets.num_halves(size), dtype="float32") - wavelets.CENTER)
            / 2
            for size in (self.width, self.height)
        )
        rows, columns = self._places(x, y)
        sizes = self.height, self.width
        fine = wavelets.along_both_axes(images, *map(wavelets.doubling_matrix, sizes))
        fine = sampling.periodic_bilinear(fine, 2 * rows, 2 * columns)
        return wavelets.along_both_axes(fine, *map(wavelets.halving_matrix, sizes))

    def _places(self, x, y):
        """Return the rows and columns of the input that output places show."""
        middle_x, middle_y = (self.width - 1) / 2, (self.height - 1) / 2
        x = x[None, None, :] - middle_x
        y = y[None, :, None] - middle_y
        columns, rows = (
            self.origin[:, i, None, None]
            + x * self.x_axis[:, i, None, None]
            + y * self.y_axis[:, i, None, None]
            for i in (0, 1)
        )  # (batch, height, width)
        return rows + middle_y, columns + middle_x


def sample_frame(draws: OperationDraws, num_images: Tensor, height: int, width: int):
    """Sample the changes of geometry, and return the `Frame` that they make."""
    frame = Frame(num_images, height, width)
    for name, change in _CHANGES:
        if draws.has(name):
            change(frame, draws)
    return frame


def _flip(frame, draws):
    mirror = draws.operation("x_flip", lambda _: draws.integer(0, 1), 0.0)
    frame.scale(1.0 - 2.0 * mirror, ops.ones_like(mirror))


def _rotate_by_quarters(frame, draws):
    """Rotate by 0, 90, 180 or 270 degrees. Only square images are rotated."""
    if frame.height == frame.width:
        turns = draws.operation("rotate_90", lambda _: draws.integer(0, 3), 0.0)
        cosine = ops.abs(turns - 2.0) - 1.0  # 1, 0, -1, 0
        sine = 1.0 - ops.abs(turns - 1.0)  # 0, 1, 0, -1
        frame.rotate(cosine, sine)


def _shift_by_pixels(frame, draws):
    def sample(strength):
        right, down = strength * frame.width, strength * frame.height
        return (
            ops.round(draws.uniform(-right, right)),
            ops.round(draws.uniform(-down, down)),
        )

    frame.shift(*draws.operation("integer_shift", sample, 0.0))


def _scale(frame, draws):
    factor = draws.operation("scale", lambda std: ops.exp2(draws.normal(std)), 1.0)
    frame.scale(factor, factor)


def _stretch(frame, draws):
    factor = draws.operation(
        "anisotropic_scale", lambda std: ops.exp2(draws.normal(std)), 1.0
    )
    frame.scale(factor, 1.0 / factor)


def _rotate(frame, draws):
    """Rotate by any angle. Of two calls one or both rotate, with the probability."""

    def sample(strength):
        return draws.uniform(-strength * math.pi, strength * math.pi)

    angle = draws.operation("rotation", sample, 0.0, draws.half("rotation"))
    frame.rotate(ops.cos(angle), ops.sin(angle))


def _shift(frame, draws):
    def sample(strength):
        right = draws.normal(strength * frame.width)
        return right, draws.normal(strength * frame.height)

    frame.shift(*draws.operation("fractional_shift", sample, 0.0))


# In the order in which they are made; rotations before and after the stretch.
_CHANGES = (
    ("x_flip", _flip),
    ("rotate_90", _rotate_by_quarters),
    ("integer_shift", _shift_by_pixels),
    ("scale", _scale),
    ("rotation", _rotate),
    ("anisotropic_scale", _stretch),
    ("rotation", _rotate),
    ("fractional_shift", _shift),
)
