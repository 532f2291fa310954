"""Can a generator make black? Pictures are in [-1, 1] everywhere in this library."""

import keras
import numpy as np

from keras_gan.validation.ends import last_operations, values_of

# Sides of the values that the last layers are run on, where a layer takes any.
_SIDE = 8
# Factors for the weights of a network whose last layers cannot be told.
_FACTORS = (1.0, -1.0, 10.0, -10.0)


def check_reaches_black(generator: keras.Model, inputs=None) -> None:
    """Check that a generator of pictures does not end in values above 0 only.

    Values tell, not names. Where Keras knows the layers, those behind the last weights
    are run on large values of both signs. A generator that is a subclass of
    `keras.Model` is run on two latents, and where no value is below 0, again with
    other weights.

    Args:
        generator: a built `keras.Model`.
        inputs: symbolic inputs of a subclass; None not to run it.

    Raises:
        ValueError: if no value of its pictures can be below 0.
    """
    outputs = getattr(generator, "outputs", None)
    if outputs:
        name = _bright_end(outputs[0]) if len(outputs[0].shape) == 4 else None
    else:
        is_bright = inputs is not None and _is_bright(generator, inputs)
        name = "function without negative values" if is_bright else None
    if name is None:
        return
    raise ValueError(
        f"The generator ends in a {name}, so no value of its images is below 0. "
        "Images are in [-1, 1] here, in training data, metrics and PNG files. End "
        "it in a tanh; or, after a sigmoid, add "
        "`keras.layers.Rescaling(2.0, offset=-1.0)`."
    )


def _bright_end(output):
    """Return the name of what keeps a symbolic output from negative values, or None."""
    for end in last_operations(output):
        sides = [size or _SIDE for size in end.shape[1:]]
        with keras.StatelessScope():  # random states stay as they are
            values = values_of(end.run, _of_both_signs(sides))
        if _never_negative(values):
            return end.name
    return None


def _of_both_signs(shape):
    """Return large and moderate values of either sign, and of mixed signs."""
    mixed = np.random.default_rng(0).normal(size=shape)
    ones = np.ones(shape)
    rows = [factor * row for row in (ones, -ones, mixed) for factor in (1.0, 1e3)]
    return np.stack(rows).astype("float32")


def _is_bright(generator, inputs):
    """Whether a network has no negative outputs, whatever the signs of its weights."""
    random = np.random.default_rng(0)

    def drawn(symbol):
        shape = (2, *(size or _SIDE for size in symbol.shape[1:]))
        is_float = "float" in symbol.dtype
        values = random.normal(size=shape) if is_float else np.zeros(shape)
        return values.astype("float32" if is_float else symbol.dtype)

    arrays = keras.tree.map_structure(drawn, inputs)

    def made(factor):
        scaled = [(v, v.value * factor) for v in generator.trainable_variables]
        with keras.StatelessScope(scaled):
            return values_of(lambda given: generator(given, training=False), arrays)

    return all(
        values is not None and values.ndim == 4 and _never_negative(values)
        for values in map(made, _FACTORS)
    )


def _never_negative(values):
    return values is not None and values.size > 0 and bool((values >= 0).all())
