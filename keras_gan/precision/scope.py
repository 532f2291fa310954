"""A scope in which new layers compute in float32."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def single_precision() -> Iterator[None]:
    """Make new layers compute in float32 inside a `with` block.

    Example:

    ```python
    from keras_gan.precision import single_precision

    with single_precision():
        layer = keras.layers.Dense(4)
    layer.compute_dtype  # 'float32'
    ```
    """
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
