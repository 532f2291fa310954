"""Latents that go together as the columns of the data do."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class Correlation(keras.layers.Layer):
    """Give standard normal latents the correlations of the data.

        z -> L z,    L L^T = the correlations

    Each output is standard normal again. As the first layer of a generator it is a
    Gaussian copula: what the networks have to learn is what the correlations do not
    tell.

    Args:
        correlations: float array `(size, size)`, symmetric, with ones on the diagonal.

    Example:

    ```python
    layer = keras_gan.layers.Correlation([[1.0, 0.8], [0.8, 1.0]])
    scores = layer(keras.random.normal((1000, 2), seed=0))
    ```
    """

    def __init__(self, correlations, **kwargs):
        super().__init__(**kwargs)
        self.correlations = np.asarray(correlations, "float64").round(5)
        size = len(self.correlations)
        if self.correlations.shape != (size, size) or size == 0:
            raise ValueError(
                "`correlations` must be a square matrix. Received the shape "
                f"{self.correlations.shape}."
            )
        self._factor = _factor(self.correlations).T.astype("float32")

    def call(self, latents: keras.KerasTensor) -> keras.KerasTensor:
        return ops.matmul(latents, ops.cast(self._factor, latents.dtype))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict:
        config = {"correlations": self.correlations.tolist()}
        return {**super().get_config(), **config}


def _factor(correlations):
    """Return a matrix L with L L^T as near to the correlations as one can be."""
    values, vectors = np.linalg.eigh(correlations)
    factor = vectors * np.sqrt(np.maximum(values, 0.0))
    lengths = np.sqrt((factor**2).sum(1, keepdims=True))
    return factor / np.maximum(lengths, 1e-6)
