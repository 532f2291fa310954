"""Ranks as piecewise linear codes, and codes whose points are sharp."""

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class RankCode(keras.layers.Layer):
    """Code each rank by the intervals that it has passed, and where in one it is.

    Feature i of a column is -1 below its interval i, 1 above it, and rises in it. A
    linear function of these is any function that is linear in each interval: so a
    network sees steps and peaks of a distribution that it would smooth away otherwise.
    See `keras_gan.tables.TableCodec`, which codes the data so.

    Args:
        edges: list of a list for each column: the rising edges of its intervals.

    Example:

    ```python
    layer = keras_gan.layers.RankCode([[-1.0, 0.0, 1.0]])
    layer(keras.ops.array([[0.5]]))  # [[1, 0]]
    ```

    Gorishniy et al. 2022, "On Embeddings for Numerical Features in Tabular Deep
    Learning", arXiv:2203.05556.
    """

    def __init__(self, edges, **kwargs):
        super().__init__(**kwargs)
        self.edges = [[float(e) for e in each] for each in edges]
        if any(len(e) < 2 or not np.all(np.diff(e) > 0) for e in self.edges):
            raise ValueError(
                "`edges` must be lists of at least two rising numbers. Received: "
                f"{self.edges}"
            )
        which, lows, widths = [], [], []
        for index, each in enumerate(self.edges):
            which += [index] * (len(each) - 1)
            lows += each[:-1]
            widths += np.diff(each).tolist()
        self._which = np.array(which, "int32")
        self._lows, self._widths = (np.array(e, "float32") for e in (lows, widths))

    def call(self, ranks: keras.KerasTensor) -> keras.KerasTensor:
        ranks = ops.take(ranks, self._which, axis=-1)
        lows, widths = (ops.cast(e, ranks.dtype) for e in (self._lows, self._widths))
        return 2.0 * ops.clip((ranks - lows) / widths, 0.0, 1.0) - 1.0

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], len(self._which))

    def get_config(self) -> dict:
        return {**super().get_config(), "edges": self.edges}


@keras.saving.register_keras_serializable(package="keras_gan")
class SharpPoints(keras.layers.Layer):
    """Make what lies between -1 and 1 zero, in the features that are points.

    A point is an interval of ranks that all stand for one value. Where in it a rank
    lies means nothing, and a discriminator shall not see it. The gradient passes
    unchanged (straight-through).

    Args:
        is_point: list of bools, one for each feature.

    Example:

    ```python
    layer = keras_gan.layers.SharpPoints([True, False])
    layer(keras.ops.array([[0.5, 0.5]]))  # [[0, 0.5]]
    ```
    """

    def __init__(self, is_point, **kwargs):
        super().__init__(**kwargs)
        self.is_point = [bool(each) for each in is_point]
        self._mask = np.array(self.is_point, bool)

    def call(self, rows: keras.KerasTensor) -> keras.KerasTensor:
        values = ops.stop_gradient(rows)
        is_inside = ops.logical_and(
            ops.convert_to_tensor(self._mask), ops.abs(values) < 1.0
        )
        return rows - ops.where(is_inside, values, ops.zeros_like(values))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "is_point": self.is_point}
