"""Models that compute in float32, whatever a training has for its policy."""

import contextlib

import keras


@contextlib.contextmanager
def single_precision():
    """Within it, new layers compute in float32."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
