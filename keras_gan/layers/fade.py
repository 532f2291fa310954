"""Fade from one tensor to another, for networks that grow."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class Fade(keras.layers.Layer):
    """Blend two tensors of one shape: `(1 - alpha) * old + alpha * new`.

    `alpha` is a weight that is not trained. It starts at 1, so that a network with
    this layer is a grown one. `keras_gan.models.ProgressiveGAN` moves it from 0 to 1.

    Args:
        alpha: float, its first value.

    Example:

    ```python
    layer = keras_gan.layers.Fade()
    old, new = keras.ops.zeros((1, 3)), keras.ops.ones((1, 3))
    layer([old, new])  # [[1.0, 1.0, 1.0]]
    layer.alpha.assign(0.25)
    layer([old, new])  # [[0.25, 0.25, 0.25]]
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196.
    """

    def __init__(self, alpha: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.first_alpha = alpha

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        old, new = input_shape
        if tuple(old) != tuple(new):
            raise ValueError(
                "Fade blends two tensors of one shape. Received the shapes "
                f"{tuple(old)} and {tuple(new)}."
            )
        self.alpha = self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(self.first_alpha),
            trainable=False,
            aggregation="only_first_replica",
            name="alpha",
        )

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        old, new = inputs
        return old + ops.cast(self.alpha, new.dtype) * (new - old)

    def compute_output_shape(
        self, input_shape: list[tuple[int | None, ...]]
    ) -> tuple[int | None, ...]:
        return tuple(input_shape[1])

    def get_config(self) -> dict:
        return {**super().get_config(), "alpha": self.first_alpha}
