"""Classes that a normal score stands for, as logits."""

import math

import keras
import numpy as np
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class ScoreLogits(keras.layers.Layer):
    """Cut standard normal scores at thresholds into classes, and return their logits.

        log(certainty * [the score lies in the class] + (1 - certainty) * p)

    with p the share of the class. A class drawn from these logits is the one in which
    the score lies, or, with probability 1 - certainty, any: each class is drawn exactly
    as often as it is to be.

    Args:
        thresholds: list of a list for each score: k - 1 rising numbers for k classes.
        certainty: float, from 0 to below 1.

    Example:

    ```python
    layer = keras_gan.layers.ScoreLogits([[0.0]], certainty=0.5)
    logits = layer(keras.ops.array([[0.5]]))
    keras.ops.round(keras.ops.exp(logits), 3)  # [[0.25, 0.75]]
    ```
    """

    def __init__(self, thresholds, certainty: float = 0.8, **kwargs):
        super().__init__(**kwargs)
        self.thresholds = [[float(t) for t in each] for each in thresholds]
        self.certainty = arguments.finite("certainty", certainty)
        if not 0 <= self.certainty < 1:
            raise ValueError(
                f"`certainty` must be from 0 to below 1. Received: {certainty}"
            )
        which, lows, highs = [], [], []
        for index, each in enumerate(self.thresholds):
            which += [index] * (len(each) + 1)
            lows += [-np.inf, *each]
            highs += [*each, np.inf]
        self._which = np.array(which, "int32")
        self._lows, self._highs = (np.array(e, "float32") for e in (lows, highs))
        shares = [
            _below(high) - _below(low) for low, high in zip(lows, highs, strict=True)
        ]
        shares = np.maximum(shares, 1e-6)
        self._base = ((1 - self.certainty) * shares).astype("float32")

    def call(self, scores: keras.KerasTensor) -> keras.KerasTensor:
        # In float32: a rare class has a share that float16 does not hold.
        each = ops.take(ops.cast(scores, "float32"), self._which, axis=-1)
        lows, highs = (ops.cast(e, "float32") for e in (self._lows, self._highs))
        is_inside = ops.logical_and(each > lows, each <= highs)
        inside = self.certainty * ops.cast(is_inside, "float32")
        return ops.cast(
            ops.log(inside + ops.cast(self._base, "float32")), self.compute_dtype
        )

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], len(self._which))

    def get_config(self) -> dict:
        config = {"thresholds": self.thresholds, "certainty": self.certainty}
        return {**super().get_config(), **config}


def _below(score):
    """The share of a standard normal below a score."""
    return 0.5 * (1 + math.erf(score / math.sqrt(2)))
