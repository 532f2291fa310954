"""Colours seen as lightness, the mean of the channels, and what departs from it."""

import math

import numpy as np
from keras import ops


class Palette:
    """How the colours of each image of a batch are changed.

        lightness -> lightness_gain * (lightness + brightness)
        departure -> departure_gain * departure, turned by the hue's angle

    Grey images are all lightness. Only three channels have a hue.

    Args:
        brightness: float tensor `(batch,)`, added to every channel.
        lightness_gain: float tensor `(batch,)`.
        departure_gain: float tensor `(batch,)`.
        hue: float tensor `(batch,)`, the angle in radians.
    """

    def __init__(self, brightness, lightness_gain, departure_gain, hue):
        self.brightness = brightness
        self.lightness_gain = lightness_gain
        self.departure_gain = departure_gain
        self.hue = hue

    def paint(self, images):
        """Change the images' colours."""
        _, height, width, num_channels = images.shape
        shift = (self.lightness_gain * self.brightness)[:, None, None]
        colors = ops.reshape(images, (-1, height * width, num_channels))
        colors = ops.matmul(colors, self.matrix(num_channels)) + shift
        return ops.reshape(colors, (-1, height, width, num_channels))

    def matrix(self, num_channels):
        """The linear map of colours, as rows: `(batch, channels, channels)`."""
        mean = np.full((num_channels, num_channels), 1 / num_channels, "float32")
        departure = ops.convert_to_tensor(np.eye(num_channels, dtype="float32") - mean)
        if num_channels == 3:
            # The cross product with the unit vector of grey.
            turned = np.roll(np.eye(3), 1, axis=1) - np.roll(np.eye(3), -1, axis=1)
            turned = (turned / math.sqrt(3)).astype("float32")
            departure = _each(ops.cos(self.hue), departure)
            departure = departure + _each(ops.sin(self.hue), turned)
        gain = self.departure_gain[:, None, None]
        return _each(self.lightness_gain, mean) + gain * departure


def repaint(chance):
    """Brightness, contrast, lightness turned over, hue and saturation."""
    brightness = chance.maybe(chance.normal(0.2), instead=0.0)
    contrast = chance.maybe(ops.exp2(chance.normal(0.5)), instead=1.0)
    flip = chance.maybe(1.0 - 2.0 * chance.integer(0, 1), instead=1.0)
    hue = chance.maybe(chance.uniform(-math.pi, math.pi), instead=0.0)
    saturation = chance.maybe(ops.exp2(chance.normal(1.0)), instead=1.0)
    return Palette(brightness, contrast * flip, contrast * saturation, hue)


def _each(factors, matrix):
    return factors[:, None, None] * ops.convert_to_tensor(matrix)
