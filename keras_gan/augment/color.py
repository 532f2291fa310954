"""Colour changes, split into lightness (the mean of the channels) and chroma."""

import math

import numpy as np
from keras import ops

from keras_gan._typing import Tensor
from keras_gan.augment.random_draws import OperationDraws


class ColorTransform:
    """A change of the colours of each image of a batch.

        lightness -> lightness_gain * (lightness + brightness)
        chroma -> chroma_gain * chroma, rotated by the hue's angle

    Chroma is what remains of a colour after its lightness is subtracted. Grey images
    have no chroma. Only images of three channels have a hue.

    Args:
        brightness: float tensor `(batch,)`, added to every channel.
        lightness_gain: float tensor `(batch,)`.
        chroma_gain: float tensor `(batch,)`.
        hue: float tensor `(batch,)`, the angle in radians.
    """

    def __init__(
        self,
        brightness: Tensor,
        lightness_gain: Tensor,
        chroma_gain: Tensor,
        hue: Tensor,
    ) -> None:
        self.brightness = brightness
        self.lightness_gain = lightness_gain
        self.chroma_gain = chroma_gain
        self.hue = hue

    def apply(self, images: Tensor) -> Tensor:
        """Change the colours of images `(batch, height, width, channels)`."""
        _, height, width, num_channels = images.shape
        shift = (self.lightness_gain * self.brightness)[:, None, None]
        colors = ops.reshape(images, (-1, height * width, num_channels))
        colors = ops.matmul(colors, self.matrix(num_channels)) + shift
        return ops.reshape(colors, (-1, height, width, num_channels))

    def matrix(self, num_channels: int) -> Tensor:
        """Return the linear map of colours, as rows: `(batch, channels, channels)`."""
        mean = np.full((num_channels, num_channels), 1 / num_channels, "float32")
        chroma = ops.convert_to_tensor(np.eye(num_channels, dtype="float32") - mean)
        if num_channels == 3:
            # The cross product with the unit vector of grey.
            turned = np.roll(np.eye(3), 1, axis=1) - np.roll(np.eye(3), -1, axis=1)
            turned = (turned / math.sqrt(3)).astype("float32")
            chroma = _scaled(ops.cos(self.hue), chroma)
            chroma = chroma + _scaled(ops.sin(self.hue), turned)
        gain = self.chroma_gain[:, None, None]
        return _scaled(self.lightness_gain, mean) + gain * chroma


def sample_color_transform(draws: OperationDraws) -> ColorTransform:
    """Sample brightness, contrast, inverted lightness, hue and saturation."""

    def log_normal(std):
        return ops.exp2(draws.normal(std))

    def angle(strength):
        return draws.uniform(-strength * math.pi, strength * math.pi)

    brightness = draws.operation("brightness", draws.normal, 0.0)
    contrast = draws.operation("contrast", log_normal, 1.0)
    flip = draws.operation("luma_flip", lambda _: 1.0 - 2.0 * draws.integer(0, 1), 1.0)
    hue = draws.operation("hue", angle, 0.0)
    saturation = draws.operation("saturation", log_normal, 1.0)
    return ColorTransform(brightness, contrast * flip, contrast * saturation, hue)


def _scaled(factors, matrix):
    return factors[:, None, None] * ops.convert_to_tensor(matrix)
