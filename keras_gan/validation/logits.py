"""Does a discriminator end in logits? Its values tell, however its end is wrapped."""

import keras
import numpy as np
from keras import ops

from keras_gan.validation.ends import last_operations, values_of

# Inputs at which a sigmoid, a tanh or a softmax is as good as constant.
_FAR = 1e3
# Factors for the weights of a network whose last layer cannot be told.
_FACTORS = (10.0, 100.0, 1000.0)


def check_logits(discriminator: keras.Model, example_shape, condition=None) -> None:
    """Check that no output of a discriminator is squashed to [-1, 1].

    Where Keras knows the layers, those after the last weights are run on large values.
    A discriminator that is a subclass of `keras.Model` is run with enlarged weights:
    logits grow with them, probabilities do not.

    Args:
        discriminator: a built `keras.Model`.
        example_shape: tuple, the shape of one example.
        condition: from `keras_gan.conditions`, where the discriminator takes one.

    Raises:
        ValueError: if an output is squashed.
    """
    outputs = getattr(discriminator, "outputs", None)
    if not outputs:
        if _saturates(discriminator, example_shape, condition):
            raise _squashed("a function with values in [-1, 1]")
        return
    for output in outputs:
        name = _squashing_end(output)
        if name is not None:
            raise _squashed(name)


def _squashed(name):
    return ValueError(
        f"The discriminator ends in {name}. Expected LOGITS, which every loss "
        "here takes: end it with `keras.layers.Dense(1)` and no activation. "
        "`real_score` and `fake_score` report the probabilities."
    )


def _squashing_end(output):
    """Return what squashes a symbolic output, or None."""
    for end in last_operations(output):
        # An activation alone: probabilities stay what they are when they are scaled.
        shape, run = (2, 2), end.function
        if isinstance(run, keras.Function):
            shape, run = (2, *(size or 2 for size in end.shape[1:])), end.run
        if _is_squash(run, shape):
            return f"a {end.name}"
    return None


def _is_squash(function, shape):
    """Whether a function maps large positive and negative values into [-1, 1]."""
    signs = np.ones(shape, "float32")
    signs[1] = -1.0
    with keras.StatelessScope():  # random states stay as they are
        values = values_of(function, _FAR * signs)
    return (
        values is not None
        and values.size > 0
        and bool((np.abs(values) <= 1.0 + 1e-3).all())
    )


def _saturates(network, shape, condition):
    """Whether outputs move to -1, 0 or 1, and stay there, when weights are enlarged."""
    random = np.random.default_rng(0)
    shape = (8, *(size or 8 for size in shape))
    inputs = ops.convert_to_tensor(random.uniform(-1, 1, shape).astype("float32"))
    if condition is not None:
        inputs = [
            inputs,
            ops.zeros((8, *(size or 8 for size in condition.shape)), condition.dtype),
        ]

    def sizes(factor):
        enlarged = [(v, v.value * factor) for v in network.trainable_variables]
        with keras.StatelessScope(enlarged):
            outputs = keras.tree.flatten(network(inputs, training=False))
        outputs = [ops.convert_to_numpy(ops.cast(o, "float32")) for o in outputs]
        return [np.abs(output) for output in outputs]

    before = sizes(1.0)
    return any(
        after.max() <= 1.0
        and ((after < 1e-3) | (after > 0.999)).mean() > 0.9
        and (after.max() > 0.999 or first.max() > 1e-3)
        for factor in _FACTORS
        for first, after in zip(before, sizes(factor), strict=True)
    )
