"""Networks of the shipped classifiers, and loading of their weights."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from keras_gan._typing import PathLike


def convolution(width: int, name: str, strides: int = 1) -> keras.layers.Layer:
    """Return a convolution with its activation, as used for inference."""
    return layers.Conv2D(
        width,
        3,
        strides,
        padding="same",
        activation="relu",
        name=name,
        data_format="channels_last",
    )


def grey(block: Callable[..., Any] = convolution, dropout: float = 0.0) -> keras.Model:
    """Build the classifier of 28 x 28 grey images: five convolutions, one dense layer.

    The features are a global average of the last convolution.

    Args:
        block: function of `(width, name, strides)` that returns a convolution with
            its activation. Training uses one with batch normalisation, which is folded
            into the convolution afterwards.
        dropout: float, the dropout rate of the features, for training.

    Returns:
        A `keras.Model` from `(batch, 28, 28, 1)` in [-1, 1] to a dict.
    """
    images = x = keras.Input((28, 28, 1), name="images")
    x = block(32, name="conv1")(x)  # (B, 28, 28, 32)
    x = layers.MaxPooling2D(data_format="channels_last")(x)
    x = block(64, name="conv2")(x)  # (B, 14, 14, 64)
    x = block(64, name="conv3")(x)
    x = layers.MaxPooling2D(data_format="channels_last")(x)
    x = block(128, name="conv4")(x)  # (B, 7, 7, 128)
    x = block(128, name="conv5")(x)
    return _add_head(images, x, dropout)


def colour(
    block: Callable[..., Any] = convolution, dropout: float = 0.0
) -> keras.Model:
    """Build the classifier of 64 x 64 colour images.

    As `grey`, with strides in place of the pooling.

    Args:
        block: as for `grey`.
        dropout: as for `grey`.

    Returns:
        A `keras.Model` from `(batch, 64, 64, 3)` in [-1, 1] to a dict.
    """
    images = x = keras.Input((64, 64, 3), name="images")
    x = block(32, name="conv1", strides=2)(x)  # (B, 32, 32, 32)
    x = block(64, name="conv2", strides=2)(x)  # (B, 16, 16, 64)
    x = block(64, name="conv3")(x)
    x = block(128, name="conv4", strides=2)(x)  # (B, 8, 8, 128)
    x = block(128, name="conv5")(x)
    return _add_head(images, x, dropout)


def _add_head(images, x, dropout):
    features = layers.GlobalAveragePooling2D(
        data_format="channels_last", name="features"
    )(x)  # (B, 128)
    logits = layers.Dense(10, name="logits")(layers.Dropout(dropout)(features))
    return keras.Model(images, {"features": features, "logits": logits})


def load_weights(model: keras.Model, path: PathLike) -> None:
    """Load the weights that `benchmarks/train_classifiers.py` wrote."""
    with np.load(path) as weights:
        for layer in model.layers:
            if layer.weights:
                kernel, bias = (
                    weights[f"{layer.name}/{p}"] for p in ("kernel", "bias")
                )
                layer.set_weights([kernel.astype("float32"), bias.astype("float32")])
