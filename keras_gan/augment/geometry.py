"""Flips, rotations, scalings and shifts, composed into one resampling.

Pixels are interpolated once for the whole composition. If each operation
interpolated them, images would blur a little more every time.
"""

import math

from keras import ops

from keras_gan._typing import Tensor
from keras_gan.augment import sampling
from keras_gan.augment.random_draws import RandomDraws


class Frame:
    """An affine map from the pixels of each output image to its input image.

    The output pixel x to the right of the centre and y below it shows the input at

        origin + x * x_axis + y * y_axis,

    all in pixels from the image's centre. An operation on the image is applied to
    the frame as its inverse.

    Args:
        num_images: int, the size of the batch.
    """

    def __init__(self, num_images: Tensor) -> None:
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

    def shift(self, right: Tensor, down: Tensor) -> None:
        """Shift the image, in pixels."""
        right, down = right[:, None], down[:, None]
        self.origin = self.origin - right * self.x_axis - down * self.y_axis

    def resample(self, images: Tensor) -> Tensor:
        """Interpolate images `(batch, height, width, channels)` by this map."""
        _, height, width, _ = images.shape
        x = ops.arange(width, dtype="float32")[None, None, :] - (width - 1) / 2
        y = ops.arange(height, dtype="float32")[None, :, None] - (height - 1) / 2
        columns, rows = (
            self.origin[:, i, None, None]
            + x * self.x_axis[:, i, None, None]
            + y * self.y_axis[:, i, None, None]
            for i in (0, 1)
        )  # (batch, height, width)
        middle = ((height - 1) / 2, (width - 1) / 2)
        return sampling.bilinear(images, rows + middle[0], columns + middle[1])


def sample_blit(frame: Frame, draws: RandomDraws, height: int, width: int) -> None:
    """Sample changes that keep every pixel's value: flips, quarter turns, whole shifts.

    Only square images are rotated.
    """
    mirror = draws.maybe(draws.integer(0, 1), instead=0.0)
    frame.scale(1.0 - 2.0 * mirror, ops.ones_like(mirror))
    if height == width:
        turns = draws.maybe(draws.integer(0, 3), instead=0.0)
        cosine = ops.abs(turns - 2.0) - 1.0  # 1, 0, -1, 0
        sine = 1.0 - ops.abs(turns - 1.0)  # 0, 1, 0, -1
        frame.rotate(cosine, sine)
    right, down = draws.maybe(
        ops.round(draws.uniform(-width / 8, width / 8)),
        ops.round(draws.uniform(-height / 8, height / 8)),
        instead=0.0,
    )
    frame.shift(right, down)


def sample_affine(frame: Frame, draws: RandomDraws, height: int, width: int) -> None:
    """Sample a scaling, a rotation, a stretch, a second rotation and a shift."""
    scale = draws.maybe(ops.exp2(draws.normal(0.2)), instead=1.0)
    frame.scale(scale, scale)
    _sample_rotation(frame, draws)
    stretch = draws.maybe(ops.exp2(draws.normal(0.2)), instead=1.0)
    frame.scale(stretch, 1.0 / stretch)
    _sample_rotation(frame, draws)
    right, down = draws.maybe(
        draws.normal(width / 8), draws.normal(height / 8), instead=0.0
    )
    frame.shift(right, down)


def _sample_rotation(frame, draws):
    angle = draws.maybe(
        draws.uniform(-math.pi, math.pi), instead=0.0, probability=draws.half()
    )
    frame.rotate(ops.cos(angle), ops.sin(angle))
