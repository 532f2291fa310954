"""Batch statistics computed anew, for weights that no batch was trained with."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
from keras import ops


def recompute_batch_statistics(network: keras.Model, batches: Iterable[Any]) -> int:
    """Set the moving statistics of batch normalisation to those of some batches.

    The network runs on each batch as in training. The moving mean and variance become
    the means of those of the batches. Everything else stays as it is: weights, random
    states, the vectors of spectral normalisation.

    The average of a generator's weights needs this. Its batch statistics are copied
    from the trained generator, whose activations they describe and not its own.

    Args:
        network: a `keras.Model`, which may be frozen (`trainable=False`).
        batches: inputs of the network, of one size.

    Returns:
        The number of layers that have statistics.

    Raises:
        ValueError: if there is no batch.

    Example:

    ```python
    from keras_gan.optimizers import recompute_batch_statistics

    generator = keras_gan.architectures.dcgan_generator((28, 28, 1), width=8)
    latents = [keras.random.normal((64, 128)) for _ in range(4)]
    recompute_batch_statistics(generator, latents)  # 2
    ```

    Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better
    Generalization", arXiv:1803.05407, section 3.2.
    """
    found = list(normalizing_layers(network))
    if not found:
        return 0
    variables = [
        v for layer in found for v in (layer.moving_mean, layer.moving_variance)
    ]
    sums, num_batches = [0.0] * len(variables), 0
    with _in_training(found):
        for inputs in batches:
            with keras.StatelessScope() as scope:
                network(inputs, training=True)
            values = [scope.get_current_value(variable) for variable in variables]
            sums = [s + _array(v) for s, v in zip(sums, values, strict=True)]
            num_batches += 1
    if num_batches == 0:
        raise ValueError("There is no batch to compute the statistics of.")
    for variable, total in zip(variables, sums, strict=True):
        variable.assign(ops.convert_to_tensor(total / num_batches, variable.dtype))
    return len(found)


def normalizing_layers(
    layer: keras.layers.Layer,
) -> Iterator[keras.layers.BatchNormalization]:
    """Yield the layers with batch statistics in a layer or a network, and itself.

    Args:
        layer: a `keras.layers.Layer` or `keras.Model`.

    Example:

    ```python
    from keras_gan.optimizers.batch_statistics import normalizing_layers

    generator = keras_gan.architectures.dcgan_generator((28, 28, 1), width=8)
    len(list(normalizing_layers(generator)))  # 2
    ```
    """
    for each in layer._flatten_layers():
        if isinstance(each, keras.layers.BatchNormalization):
            yield each


@contextlib.contextmanager
def _in_training(layers):
    """Let frozen layers compute statistics, and keep those of the last batch alone."""
    before = [(layer.trainable, layer.momentum) for layer in layers]
    try:
        for layer in layers:
            layer.trainable, layer.momentum = True, 0.0
        yield
    finally:
        for layer, (trainable, momentum) in zip(layers, before, strict=True):
            layer.trainable, layer.momentum = trainable, momentum


def _array(tensor):
    return np.asarray(ops.convert_to_numpy(tensor), "float64")
