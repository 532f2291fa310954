"""A line, once, to those whose processor could train faster."""

import functools
import sys

import keras

from keras_gan import _onednn, backend
from keras_gan.precision import timing
from keras_gan.precision.choice import GAIN, processor_has_bfloat16


def advise(model: keras.Model) -> None:
    """Print what a model's training could save to stderr, once in a process.

    Args:
        model: the adversarial model that is going to train.
    """
    for line in (
        _describe_onednn(model),
        describe_cost(model) or _describe_gain(model),
    ):
        if line is not None:
            _say(f"keras_gan: {line}")


def describe_cost(model: keras.Model) -> str | None:
    """Describe what bfloat16 costs on this processor.

    Args:
        model: the adversarial model that is going to train. Only if it computes in
            bfloat16, and on a processor, a few steps of both precisions are timed.

    Returns:
        A sentence, or None if bfloat16 costs no more than float32.
    """
    dtypes = {layer.compute_dtype for layer in _layers(model)}
    if "bfloat16" not in dtypes or not _is_on_processor():
        return None
    cost = timing.bfloat16_cost()
    if cost < GAIN:
        return None
    has_it = processor_has_bfloat16()
    why = "this processor " + ("is slow at" if has_it else "only emulates")
    return (
        f"{why} bfloat16: a training step takes {cost:.1f} times as long as in "
        "float32, timed on a small network. Take float32 here."
    )


def _describe_onednn(model):
    on_tensorflow = keras.backend.backend() == "tensorflow"
    is_slow = on_tensorflow and _onednn.came_too_late() and _is_on_processor()
    if not (is_slow and _has_convolutions(model)):
        return None
    return (
        "TensorFlow leaves oneDNN off on this processor, with which convolutions are "
        "about 1.6 times as fast. Import keras_gan before keras and tensorflow, or set "
        f"{_onednn.VARIABLE}=1 before Python starts. {_onednn.VARIABLE}=0 keeps it off "
        "without this line."
    )


def _describe_gain(model):
    is_single = all(layer.compute_dtype == "float32" for layer in _layers(model))
    may_gain = is_single and _has_convolutions(model) and _is_on_processor()
    if not (may_gain and processor_has_bfloat16()):
        return None
    return (
        "this processor has bfloat16 instructions, which may make training faster. "
        "keras.config.set_dtype_policy(keras_gan.precision.choose()), before the "
        "networks are built, times both precisions and takes the faster."
    )


def _is_on_processor():
    is_jax = keras.backend.backend() == "jax"  # it gains and loses little there
    return not is_jax and backend.accelerator_has_bfloat16() is None


def _has_convolutions(model):
    return any("Conv" in type(layer).__name__ for layer in _layers(model))


def _layers(model):
    return [
        layer
        for network in model.networks
        for layer in network._flatten_layers(include_self=False)
    ]


@functools.cache
def _say(line):
    print(line, file=sys.stderr)
