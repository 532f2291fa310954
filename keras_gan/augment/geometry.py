"""Flips, turns, scalings and shifts, composed before a pixel is touched.

Pixels are looked up once for the whole composition. Looked up after each
operation, they would blur a little more every time.
"""

import math

from keras import ops

from keras_gan.augment import sampling


class Frame:
    """The frame through which each image of a batch is seen.

    The pixel x to the right of the middle and y below it shows the image at

        origin + x * x_axis + y * y_axis,

    all in pixels from the image's middle. To move the image, the frame is moved
    the other way.

    Args:
        num_images: int, the size of the batch.
    """

    def __init__(self, num_images):
        ones = ops.ones((num_images, 1))
        self.origin = ones * ops.convert_to_tensor([[0.0, 0.0]])  # (batch, 2)
        self.x_axis = ones * ops.convert_to_tensor([[1.0, 0.0]])
        self.y_axis = ones * ops.convert_to_tensor([[0.0, 1.0]])

    def scale(self, x_factor, y_factor):
        """Stretch the image; a factor of -1 mirrors it."""
        self.x_axis = self.x_axis / x_factor[:, None]
        self.y_axis = self.y_axis / y_factor[:, None]

    def rotate(self, cosine, sine):
        """Turn the image clockwise."""
        x_axis, y_axis = self.x_axis, self.y_axis
        cosine, sine = cosine[:, None], sine[:, None]
        self.x_axis = cosine * x_axis - sine * y_axis
        self.y_axis = sine * x_axis + cosine * y_axis

    def shift(self, right, down):
        """Move the image, by pixels."""
        right, down = right[:, None], down[:, None]
        self.origin = self.origin - right * self.x_axis - down * self.y_axis

    def look(self, images):
        """Show the images through the frame."""
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


def blit(frame, chance, height, width):
    """Moves that keep every pixel's value: mirror, quarter turns, whole shifts.

    Only square images are turned.
    """
    mirror = chance.maybe(chance.integer(0, 1), instead=0.0)
    frame.scale(1.0 - 2.0 * mirror, ops.ones_like(mirror))
    if height == width:
        turns = chance.maybe(chance.integer(0, 3), instead=0.0)
        cosine = ops.abs(turns - 2.0) - 1.0  # 1, 0, -1, 0
        sine = 1.0 - ops.abs(turns - 1.0)  # 0, 1, 0, -1
        frame.rotate(cosine, sine)
    right, down = chance.maybe(
        ops.round(chance.uniform(-width / 8, width / 8)),
        ops.round(chance.uniform(-height / 8, height / 8)),
        instead=0.0,
    )
    frame.shift(right, down)


def bend(frame, chance, height, width):
    """Scale, turn, stretch, turn back or on, and shift, all by any amount."""
    scale = chance.maybe(ops.exp2(chance.normal(0.2)), instead=1.0)
    frame.scale(scale, scale)
    _turn(frame, chance)
    stretch = chance.maybe(ops.exp2(chance.normal(0.2)), instead=1.0)
    frame.scale(stretch, 1.0 / stretch)
    _turn(frame, chance)
    right, down = chance.maybe(
        chance.normal(width / 8), chance.normal(height / 8), instead=0.0
    )
    frame.shift(right, down)


def _turn(frame, chance):
    angle = chance.maybe(
        chance.uniform(-math.pi, math.pi), instead=0.0, probability=chance.half()
    )
    frame.rotate(ops.cos(angle), ops.sin(angle))
