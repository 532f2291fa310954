"""A discriminator that ends in probabilities is seen, however its end is wrapped."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gan.layers import SpectralNormalization
from keras_gan.validation.logits import check_logits


def discriminator(end):
    examples = keras.Input((2,))
    return keras.Model(examples, end(layers.Dense(8, "relu")(examples)))


class Subclass(keras.Model):
    """A network whose layers Keras does not know before it runs."""

    def __init__(self, end, kernel_initializer="glorot_uniform"):
        super().__init__()
        self.hidden = layers.Dense(8, "relu")
        self.last = layers.Dense(1, kernel_initializer=kernel_initializer)
        self.end = end

    def call(self, inputs, training=False):
        return self.end(self.last(self.hidden(inputs)))


def subclass(*args):
    network = Subclass(*args)
    network(np.zeros((1, 2), "float32"))
    return network


SQUASHED = {
    "cast": lambda x: layers.Activation("linear", dtype="float32")(
        layers.Dense(1, "sigmoid")(x)
    ),
    "flatten": lambda x: layers.Flatten()(layers.Dense(1, "sigmoid")(x)),
    "lambda": lambda x: layers.Lambda(ops.sigmoid)(layers.Dense(1)(x)),
    "operation": lambda x: ops.tanh(layers.Dense(1)(x)),
    "softmax": lambda x: layers.Softmax()(layers.Dense(1)(x)),
    "own": lambda x: layers.Dense(1, lambda t: 1 / (1 + ops.exp(-t)))(x),
    "wrapper": lambda x: SpectralNormalization(layers.Dense(1, "sigmoid"))(x),
    "network": lambda x: keras.Sequential(
        [layers.Dense(1), layers.Activation("sigmoid"), layers.Flatten()]
    )(x),
    "sum": lambda x: ops.sigmoid(layers.Add()([layers.Dense(1)(x)] * 2)),
}

LOGITS = {
    "dense": lambda x: layers.Dense(1)(x),
    "relu": lambda x: layers.Dense(1, "relu")(x),
    "softplus": lambda x: ops.softplus(layers.Dense(1)(x)),
    "small": lambda x: layers.Rescaling(0.01)(layers.Dense(1)(x)),
    "zero": lambda x: layers.Dense(1, kernel_initializer="zeros")(x),
    "mean": lambda x: layers.GlobalAveragePooling1D()(layers.Reshape((8, 1))(x)),
    "inner sigmoid": lambda x: layers.Dense(1)(layers.Activation("sigmoid")(x)),
}


@pytest.mark.parametrize("end", SQUASHED)
def test_squashed(end):
    with pytest.raises(ValueError, match="ends in a.*LOGITS"):
        check_logits(discriminator(SQUASHED[end]), (2,))


@pytest.mark.parametrize("end", LOGITS)
def test_logits(end):
    check_logits(discriminator(LOGITS[end]), (2,))


def test_subclasses():
    for end in (ops.sigmoid, ops.tanh):
        with pytest.raises(ValueError, match=r"values in \[-1, 1\].*LOGITS"):
            check_logits(subclass(end), (2,))
    check_logits(subclass(lambda x: x), (2,))
    check_logits(subclass(lambda x: x, "zeros"), (2,))
