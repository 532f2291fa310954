"""Minibatch standard deviation: how varied a batch is, as a feature."""

import keras
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class MinibatchStdDev(keras.layers.Layer):
    """Append to every example how much it and its neighbours in the batch vary.

    The batch is divided into groups. Over each group the standard deviation of every
    value is taken, and its mean over places and channels is appended to all
    members as a further channel. A discriminator then recognises a generator that
    makes one image again and again by a single number.

    With n groups, example i belongs to group i modulo n, as in the paper's code. A
    batch that the group size does not divide is filled up with its first examples,
    which count twice; a batch smaller than a group is one group. The deviation is
    computed in float32.

    Args:
        group_size: int, how many examples are looked at together.
        num_channels: int, how many channels to append. The given channels are
            cut into as many parts, with a mean for each.

    Example:

    ```python
    layer = keras_gan.layers.MinibatchStdDev()
    layer(keras.ops.ones((8, 4, 4, 512))).shape  # (8, 4, 4, 513)
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality,
    Stability, and Variation", arXiv:1710.10196; groups from its code.
    """

    def __init__(self, group_size: int = 4, num_channels: int = 1, **kwargs):
        super().__init__(**kwargs)
        self.group_size = arguments.integer("group_size", group_size)
        self.num_channels = arguments.integer("num_channels", num_channels)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if input_shape[-1] % self.num_channels:
            raise ValueError(
                f"{input_shape[-1]} channels cannot be cut into num_channels="
                f"{self.num_channels} equal parts. Pass a divisor."
            )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        num_examples = ops.shape(inputs)[0]
        # JAX knows the size in a compiled step, as long as it is not made a tensor.
        smaller = min if isinstance(num_examples, int) else ops.minimum
        size = smaller(num_examples, self.group_size)
        num_groups = -(-num_examples // size)
        padding = num_groups * size - num_examples
        x = ops.concatenate([inputs, inputs[:padding]], axis=0)
        places = tuple(inputs.shape[1:-1])
        parts = (self.num_channels, inputs.shape[-1] // self.num_channels)
        x = ops.reshape(x, (size, num_groups, *places, *parts))
        x = ops.cast(x, "float32")

        x = x - ops.mean(x, axis=0, keepdims=True)
        variance = ops.mean(ops.square(x), axis=0)  # (groups, ..., parts, channels)
        deviation = ops.sqrt(variance + 1e-8)
        axes = tuple(i for i in range(1, len(deviation.shape)) if i != len(places) + 1)
        deviation = ops.mean(deviation, axis=axes)  # (groups, parts)

        deviation = ops.tile(deviation, (size, 1))[:num_examples]
        for _ in places:
            deviation = ops.expand_dims(deviation, 1)
        shape = (num_examples, *places, self.num_channels)
        deviation = ops.broadcast_to(deviation, shape)
        deviation = ops.cast(deviation, inputs.dtype)
        return ops.concatenate([inputs, deviation], axis=-1)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return (*input_shape[:-1], input_shape[-1] + self.num_channels)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "group_size": self.group_size,
            "num_channels": self.num_channels,
        }
