"""Translators of a few weights, which a test can follow by hand."""

import keras
import numpy as np
from keras import layers

from keras_gan import models


def data(number=8, shape=(4, 4, 1), seed=0):
    rng = np.random.default_rng(seed)
    return (
        rng.uniform(-1, 1, (number, *shape)).astype("float32"),
        rng.uniform(-1, 1, (number, *shape)).astype("float32"),
    )


def pointwise(weights, name, num_inputs=1, size=(4, 4)):
    """One weight for each input: the same number at every pixel."""
    inputs = [keras.Input((*size, 1)) for _ in range(num_inputs)]
    x = inputs[0] if num_inputs == 1 else layers.Concatenate()(inputs)
    layer = layers.Dense(1, use_bias=False, name="weight")
    network = keras.Model(inputs[0] if num_inputs == 1 else inputs, layer(x), name=name)
    network.set_weights([np.reshape(weights, (num_inputs, 1))])
    return network


def linear_cyclegan(weights=(0.5, 0.8, 0.6, -0.4), **kwargs):
    """`weights` are those of G_AB, G_BA, D_A and D_B, a number each."""
    networks = zip(weights, models.CycleGAN.network_names, strict=True)
    return models.CycleGAN(*[pointwise(w, name) for w, name in networks], **kwargs)


def linear_pix2pix(g=0.5, d=(0.6, -0.4), **kwargs):
    return models.Pix2Pix(
        pointwise(g, "generator"), pointwise(d, "discriminator", 2), **kwargs
    )


def small(kind, size=(4, 4), **kwargs):
    """Networks with a convolution, batch normalisation and dropout."""
    from keras_gan.layers import Dropout

    keras.utils.set_random_seed(1)

    def translator(name):
        x = inputs = keras.Input((*size, 1))
        x = layers.BatchNormalization(name="norm")(
            layers.Conv2D(4, 3, padding="same")(x)
        )
        x = Dropout(0.5, seed=3)(layers.ReLU()(x))
        x = layers.Conv2D(1, 3, padding="same", activation="tanh", dtype="float32")(x)
        return keras.Model(inputs, x, name=name)

    def patches(name, num_inputs=1):
        inputs = [keras.Input((*size, 1)) for _ in range(num_inputs)]
        x = inputs[0] if num_inputs == 1 else layers.Concatenate()(inputs)
        x = layers.LeakyReLU(0.2)(layers.Conv2D(4, 2, strides=2)(x))
        x = layers.Conv2D(1, 1, dtype="float32")(x)
        return keras.Model(inputs[0] if num_inputs == 1 else inputs, x, name=name)

    if kind is models.Pix2Pix:
        return kind(translator("g"), patches("d", 2), **kwargs)
    return kind(
        *[translator(n) for n in ("g_ab", "g_ba")],
        *[patches(n) for n in ("d_a", "d_b")],
        **kwargs,
    )


def slope(fn, point, step=1e-5):
    """The gradient of a function of numbers, by differences."""
    point = np.asarray(point, "float64")
    return np.array(
        [
            (fn(point + e) - fn(point - e)) / (2 * step)
            for e in step * np.eye(len(point))
        ]
    )
