"""Numerical precision: a hint at bfloat16, and a scope for float32."""

import contextlib
import functools
import sys
from collections.abc import Iterator
from pathlib import Path

import keras

INSTRUCTIONS = ("avx512_bf16", "amx_bf16")


@functools.cache
def processor_has_bfloat16() -> bool:
    """Return whether this processor has instructions for bfloat16 products.

    Known on Linux with an x86 processor; False elsewhere.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return any(instruction in flags for instruction in INSTRUCTIONS)


def should_suggest(model: keras.Model) -> bool:
    """Return whether `mixed_bfloat16` would make a float32 model faster.

    It makes convolutions under TensorFlow faster on a processor with bfloat16
    instructions; docs/performance.md has the measurements.

    Args:
        model: the adversarial model.
    """
    layers = [layer for network in model.networks for layer in _leaves(network)]
    return (
        keras.backend.backend() == "tensorflow"
        and processor_has_bfloat16()
        and any("Conv" in type(layer).__name__ for layer in layers)
        and all(layer.compute_dtype == "float32" for layer in layers)
    )


@functools.cache
def suggest() -> None:
    """Print the hint at `mixed_bfloat16` to stderr, once in a process."""
    print(
        "keras_gan: this processor has bfloat16 instructions; "
        'keras.config.set_dtype_policy("mixed_bfloat16") before the networks are '
        "built makes training faster.",
        file=sys.stderr,
    )


def _leaves(model):
    return model._flatten_layers(include_self=False)


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
