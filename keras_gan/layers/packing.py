"""Packing: one logit for several examples."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class Packing(keras.layers.Layer):
    """Lay examples of the batch on top of each other, channel by channel.

        (batch, height, width, channels) -> (batch / m, height, width, m channels)

    and likewise (batch, features) -> (batch / m, m features). As the first layer
    of a discriminator it makes m examples, all real or all generated, share one
    logit. A generator that leaves out part of the data is far easier to recognise
    by m of its examples than by one.

    A conditional discriminator packs what it makes of the labels too: append it
    to the examples first.

    Args:
        num_packed: int, m in the paper, a divisor of every batch.

    Example:

    ```python
    layer = keras_gan.layers.Packing(2)
    layer(keras.ops.ones((8, 28, 28, 1))).shape  # (4, 28, 28, 2)
    ```

    Lin et al. 2017, "PacGAN: The power of two samples in generative adversarial
    networks", arXiv:1712.04086.
    """

    def __init__(self, num_packed: int, **kwargs):
        super().__init__(**kwargs)
        self.num_packed = arguments.integer("num_packed", num_packed)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        num_axes = len(inputs.shape)
        if inputs.shape[0] is None:
            complaint = f"{self._remedy()} Received a batch of"
            inputs = backend.assert_divisible(inputs, self.num_packed, complaint)
        self._check(inputs.shape[0])
        packs = ops.reshape(inputs, (-1, self.num_packed, *inputs.shape[1:]))
        order = (0, *range(2, num_axes), 1, num_axes)  # m beside the channels
        return ops.reshape(
            ops.transpose(packs, order), (-1, *self._packed_shape(inputs.shape[1:]))
        )

    def _packed_shape(self, shape):
        return (*shape[:-1], self.num_packed * shape[-1])

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        batch, *shape = input_shape
        self._check(batch)
        num_packs = None if batch is None else batch // self.num_packed
        return (num_packs, *self._packed_shape(shape))

    def _check(self, batch):
        if batch is not None and batch % self.num_packed:
            raise ValueError(
                f"A batch of {batch} cannot be packed by {self.num_packed}. "
                f"{self._remedy()}"
            )

    def _remedy(self):
        return (
            f"To pack examples by {self.num_packed}, use a batch size that "
            f"{self.num_packed} divides, and leave out a smaller last batch: "
            "`drop_remainder=True`."
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "num_packed": self.num_packed}
