"""A dense layer whose outputs know only the numbers before their own."""

import keras
import numpy as np
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class AutoregressiveDense(keras.layers.Layer):
    """A dense layer of an autoregressive network, MADE.

    Layers of this kind in a row turn numbers x_1 .. x_D into outputs for each of them,
    of which those for x_i depend on x_1 .. x_(i-1) alone. A mask on the kernel does it:
    a hidden unit has a degree, the number of the last x that it may know.

    Args:
        units: int, the number of outputs; of the last layer a multiple of `num_inputs`.
            Its outputs are groups of D: first one for each x, then another.
        num_inputs: int, D, how many numbers the first layer takes.
        is_first: bool, whether the inputs are the numbers.
        is_last: bool, whether the outputs are those for the numbers.
        kernel_initializer: as in `keras.layers.Dense`.

    Raises:
        ValueError: if the last layer's outputs are not whole groups, or the first
            layer's inputs are not `num_inputs`.

    Example:

    ```python
    layer = keras_gan.layers.AutoregressiveDense
    first = layer(16, num_inputs=3, is_first=True)
    last = layer(6, num_inputs=3, is_last=True)
    outputs = last(keras.ops.tanh(first(keras.ops.ones((2, 3)))))  # (2, 6)
    ```

    Germain et al. 2015, "MADE: Masked Autoencoder for Distribution Estimation",
    arXiv:1502.03509.
    """

    def __init__(
        self,
        units: int,
        num_inputs: int,
        is_first: bool = False,
        is_last: bool = False,
        kernel_initializer: str | keras.initializers.Initializer = "glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = arguments.integer("units", units)
        self.num_inputs = arguments.integer("num_inputs", num_inputs)
        self.is_first = bool(is_first)
        self.is_last = bool(is_last)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        if is_last and self.units % self.num_inputs:
            raise ValueError(
                "The last layer has outputs for every number, so `num_inputs` divides "
                f"`units`. Received: units={units}, num_inputs={num_inputs}"
            )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if self.is_first and input_shape[-1] != self.num_inputs:
            raise ValueError(
                f"The first layer takes {self.num_inputs} numbers. Received inputs of "
                f"the shape {tuple(input_shape)}."
            )
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(
            name="kernel", shape=shape, initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer="zeros"
        )
        taken = self._degrees(input_shape[-1], self.is_first)[:, None]
        made = self._degrees(self.units, self.is_last)[None]
        self._mask = (made > taken if self.is_last else made >= taken).astype("float32")

    def _degrees(self, number, are_numbers):
        """Return the degrees of inputs or outputs, 1 to D, or 1 to D - 1 inside."""
        period = self.num_inputs if are_numbers else max(self.num_inputs - 1, 1)
        return np.arange(number) % period + 1

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        kernel = self.kernel * ops.cast(self._mask, self.compute_dtype)
        return ops.matmul(inputs, kernel) + self.bias

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "units": self.units,
            "num_inputs": self.num_inputs,
            "is_first": self.is_first,
            "is_last": self.is_last,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
