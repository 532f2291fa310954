"""Spare JAX to compile an initializer for the shape of every weight."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest


def draw_weights_by_numpy():
    """Replace the random numbers of Keras' initializers by NumPy's.

    Returns:
        A function that undoes it.
    """
    import jax
    from keras.src.initializers import random_initializers as module
    from keras.src.random.seed_generator import draw_seed

    def normal(rng, shape, mean=0.0, stddev=1.0):
        return rng.normal(mean, stddev, shape)

    def truncated_normal(rng, shape, mean=0.0, stddev=1.0):
        values = rng.normal(size=shape)
        while (is_far := np.abs(values) > 2).any():
            values = np.where(is_far, rng.normal(size=shape), values)
        return mean + stddev * values

    def uniform(rng, shape, minval=0.0, maxval=1.0):
        return rng.uniform(minval, maxval, shape)

    def replaced(draw):
        original = getattr(module.random, draw.__name__)

        def by_numpy(shape, *, dtype=None, seed=None, **settings):
            seed = draw_seed(seed)
            if isinstance(seed, jax.core.Tracer):
                return original(shape, dtype=dtype, seed=seed, **settings)
            values = draw(np.random.default_rng(np.asarray(seed)), shape, **settings)
            return keras.ops.convert_to_tensor(values, dtype or keras.config.floatx())

        return by_numpy

    patched = vars(module.random).copy()
    for draw in (normal, truncated_normal, uniform):
        patched[draw.__name__] = replaced(draw)
    patch = pytest.MonkeyPatch()
    patch.setattr(module, "random", SimpleNamespace(**patched))
    return patch.undo
