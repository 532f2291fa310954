"""Weights that start as N(0, gain^2 / fan_in), and the linear layer of gain 1."""

import keras

from keras_gan.layers import PointwiseConv2D


def scaled(gain: float) -> keras.initializers.Initializer:
    """Return an initializer of the standard deviation gain / sqrt(fan_in)."""
    return keras.initializers.VarianceScaling(
        gain**2, mode="fan_in", distribution="untruncated_normal"
    )


def linear(filters: int, **kwargs) -> keras.layers.Layer:
    """Return a 1x1 convolution without a bias, of gain 1."""
    return PointwiseConv2D(
        filters, use_bias=False, kernel_initializer=scaled(1.0), **kwargs
    )
