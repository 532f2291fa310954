"""Maxout: units that learn their own activation function."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class Maxout(keras.layers.Layer):
    """A dense layer whose every unit is the largest of several linear pieces.

        h_i(x) = max_j (x . W_ij + b_ij),    j = 1 .. pieces

    A maximum of linear functions is convex and piecewise linear, and with
    enough pieces any convex function. The discriminator of the first GAN was
    made of these.

    Args:
        units: int, the number of outputs.
        num_pieces: int, the linear pieces of each unit.
        kernel_initializer: as in `keras.layers.Dense`.

    Example:

    ```python
    layer = keras_gan.layers.Maxout(240, num_pieces=5)
    layer(keras.ops.ones((2, 784))).shape  # (2, 240)
    ```

    Goodfellow et al. 2013, "Maxout Networks", arXiv:1302.4389.
    """

    def __init__(
        self,
        units: int,
        num_pieces: int,
        kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.num_pieces = num_pieces
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.pieces = keras.layers.Dense(
            units * num_pieces,
            kernel_initializer=self.kernel_initializer,
            name="pieces",
            dtype=self.dtype_policy,
        )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.pieces.build(input_shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        pieces = self.pieces(inputs)  # (batch, units * num_pieces)
        pieces = ops.reshape(pieces, (-1, self.units, self.num_pieces))
        return ops.max(pieces, axis=-1)  # (batch, units)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "units": self.units,
            "num_pieces": self.num_pieces,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
