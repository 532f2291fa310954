"""A logit whose direction and whose length are trained by separate losses."""

from collections.abc import Sequence

import keras
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class SlicedLogits(keras.layers.Layer):
    """Return a logit, and the same product for the loss of its direction.

        logit     = s <stop(u), h> + b
        direction = stop(s) <u, stop(h)>,    u = w / ||w||

    h are the features, w a direction, s a scale and b a bias that are learned; stop()
    is a constant to the gradient. So a loss of the logit trains the features, the scale
    and the bias, and a loss of the second output the direction alone. Both have the
    same value, but for b.

    Given vectors v beside the features, such as embedded labels, the direction is that
    of w + v, for each example its own.

    Args:
        kernel_size: None for features `(batch, features)`; two ints for feature maps,
            which are read as a convolution reads them.
        strides: int, of that convolution.
        padding: `"valid"` or `"same"`, of that convolution.
        **kwargs: those of `keras.layers.Layer`.

    Returns:
        A tensor `(batch, 2)`, or `(batch, rows, columns, 2)`: logit, direction.

    Raises:
        ValueError: if vectors come with feature maps.

    Example:

    ```python
    layer = keras_gan.layers.SlicedLogits()
    layer(keras.ops.ones((4, 16))).shape  # (4, 2)
    ```

    Takida et al. 2024, "SAN: Inducing Metrizability of GAN with Discriminative
    Normalized Linear Layer", arXiv:2301.12811.
    """

    def __init__(
        self,
        kernel_size: Sequence[int] | None = None,
        strides: int = 1,
        padding: str = "valid",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if kernel_size is not None:
            kernel_size = arguments.integers("kernel_size", kernel_size)
        self.kernel_size = kernel_size
        self.strides = arguments.integer("strides", strides)
        self.padding = arguments.one_of("padding", padding, ("valid", "same"))

    def build(self, input_shape) -> None:
        self.has_vectors = isinstance(input_shape[0], tuple | list)
        shape = input_shape[0] if self.has_vectors else input_shape
        rank = 2 if self.kernel_size is None else 4
        if len(shape) != rank or (self.has_vectors and rank == 4):
            raise ValueError(
                "SlicedLogits takes features (batch, features), or with `kernel_size` "
                f"feature maps without vectors. Received: shapes {input_shape}"
            )
        self.direction = self.add_weight(
            name="direction",
            shape=(*(self.kernel_size or ()), shape[-1], 1),
            initializer="glorot_uniform",
        )
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones")
        self.bias = self.add_weight(name="bias", shape=(), initializer="zeros")

    def call(self, inputs) -> keras.KerasTensor:
        features, vectors = inputs if self.has_vectors else (inputs, None)
        features = ops.cast(features, "float32")
        weight = ops.cast(self.direction, "float32")
        if vectors is not None:
            weight = weight[:, 0] + ops.cast(vectors, "float32")  # (batch, features)
            squares = ops.sum(ops.square(weight), axis=-1, keepdims=True)
        else:
            squares = ops.sum(ops.square(weight))
        unit = weight * ops.rsqrt(squares + 1e-12)
        scale = ops.cast(self.scale, "float32")
        logits = scale * self._product(features, ops.stop_gradient(unit))
        logits += ops.cast(self.bias, "float32")
        directions = self._product(ops.stop_gradient(features), unit)
        directions = ops.stop_gradient(scale) * directions
        outputs = ops.concatenate([logits, directions], axis=-1)
        return ops.cast(outputs, self.compute_dtype)

    def _product(self, features, unit):
        if self.has_vectors:
            return ops.sum(features * unit, axis=-1, keepdims=True)
        if self.kernel_size is None:
            return ops.matmul(features, unit)
        return ops.conv(
            features, unit, self.strides, self.padding, data_format="channels_last"
        )

    def compute_output_shape(self, input_shape) -> tuple[int | None, ...]:
        shape = input_shape[0] if isinstance(input_shape[0], tuple | list) else None
        shape = shape or input_shape
        if self.kernel_size is None:
            return (shape[0], 2)
        sides = []
        for side, size in zip(shape[1:3], self.kernel_size, strict=True):
            if side is not None:
                side = side if self.padding == "same" else side - size + 1
                side = -(-side // self.strides)
            sides.append(side)
        return (shape[0], *sides, 2)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
        }
