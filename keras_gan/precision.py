"""Precision: a hint at bfloat16, and a scope for float32."""

import contextlib
import functools
import sys
from pathlib import Path

import keras

INSTRUCTIONS = ("avx512_bf16", "amx_bf16")


@functools.cache
def processor_has_bfloat16():
    """Whether this processor multiplies bfloat16 numbers in its own instructions.

    Known under Linux on x86; elsewhere the answer is no.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return any(instruction in flags for instruction in INSTRUCTIONS)


def should_suggest(model):
    """Whether `mixed_bfloat16` would help a model that does not use it.

    It helps convolutions under TensorFlow on such a processor: see
    docs/performance.md for what was measured.
    """
    layers = [layer for network in model.networks for layer in _leaves(network)]
    return (
        keras.backend.backend() == "tensorflow"
        and processor_has_bfloat16()
        and any("Conv" in type(layer).__name__ for layer in layers)
        and all(layer.compute_dtype == "float32" for layer in layers)
    )


@functools.cache
def suggest():
    """Say so, in one line on stderr, once in a process."""
    print(
        "keras_gan: this processor has bfloat16 instructions; "
        'keras.config.set_dtype_policy("mixed_bfloat16") before the networks are '
        "built makes training faster.",
        file=sys.stderr,
    )


def _leaves(model):
    return model._flatten_layers(include_self=False)


@contextlib.contextmanager
def single_precision():
    """Within it, new layers compute in float32."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
