"""Noise on feature maps: what is random in an image beside its latents."""

import keras
from keras import ops

from keras_gan.validation import arguments

MODES = ("constant", "random", "none")


@keras.saving.register_keras_serializable(package="keras_gan")
class NoiseInjection(keras.layers.Layer):
    """Add noise to feature maps, equal for all channels, with a learned strength.

        y[h, w, c] = x[h, w, c] + strength n[h, w],    n ~ N(0, 1)

    A generator needs no latents then to place hairs or leaves. The strength starts at
    0. In training each example of each step gets fresh noise.

    At inference there are three ways:

    - `"constant"`: one noise for all examples, drawn when the layer is built and saved
      with the weights. An image depends on its latents only: it is the same in every
      batch, on every backend and in every export.
    - `"random"`: fresh noise for each example. `keras_gan.Sampler.generate` draws it
      from its seed, and an exported model from the seed of each row. The formats
      ONNX, LiteRT and OpenVINO cannot hold it.
    - `"none"`: no noise.

    Args:
        at_inference: `"constant"`, `"random"` or `"none"`.
        seed: int, for the noise that is drawn in use; None for a fresh one.

    Raises:
        ValueError: on another mode, and on features without a fixed size.

    Example:

    ```python
    layer = keras_gan.layers.NoiseInjection()
    layer(keras.ops.ones((2, 8, 8, 3)), training=True).shape  # (2, 8, 8, 3)
    ```

    Karras et al. 2018, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", arXiv:1812.04948.
    """

    def __init__(
        self, at_inference: str = "constant", seed: int | None = None, **kwargs
    ):
        super().__init__(**kwargs)
        self.at_inference = arguments.one_of("at_inference", at_inference, MODES)
        self.seed = arguments.seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if len(input_shape) != 4 or None in input_shape[1:]:
            raise ValueError(
                "NoiseInjection takes features (batch, height, width, channels) of a "
                f"known size. Received: shape {tuple(input_shape)}"
            )
        self.strength = self.add_weight(name="strength", shape=(), initializer="zeros")
        self.noise = self.add_weight(
            name="noise",
            shape=input_shape[1:3],
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
        )

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        if training or self.at_inference == "random":
            shape = (*ops.shape(inputs)[:3], 1)
            noise = keras.random.normal(
                shape, dtype="float32", seed=self.seed_generator
            )
        elif self.at_inference == "constant":
            noise = self.noise[None, :, :, None]
        else:
            return inputs
        return inputs + self.strength * ops.cast(noise, inputs.dtype)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "at_inference": self.at_inference,
            "seed": self.seed,
        }
