"""Dropout with a mask that costs half as much."""

import keras
from keras import ops

from keras_gan import backend


@keras.saving.register_keras_serializable(package="keras_gan")
class Dropout(keras.layers.Dropout):
    """`keras.layers.Dropout`, faster, and seeded on every backend.

    A discriminator with dropout spends a good part of its step on drawing 32 random
    bits for every value and choosing by them. Here 16 bits are drawn, which give
    the rate to within 1/65536, and the mask is multiplied in, so that its gradient
    is one product too. The random bits always come from the layer's own
    `SeedGenerator`, under torch too, so that training can be resumed exactly.

    Args:
        rate: float from 0 to 1, the share of values that become 0.
        at_inference: bool, whether values are dropped at inference too, as the noise
            of a network that has no latents.
        *args: those of `keras.layers.Dropout`.
        **kwargs: likewise.

    Example:

    ```python
    layer = keras_gan.layers.Dropout(0.3)
    outputs = layer(keras.ops.ones((4, 7, 7, 128)), training=True)
    ```

    Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting", Journal of Machine Learning Research 15.
    """

    def __init__(self, rate: float, *args, at_inference: bool = False, **kwargs):
        super().__init__(rate, *args, **kwargs)
        self.at_inference = at_inference

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        if not (training or self.at_inference) or self.rate == 0:
            return inputs
        shape = tuple(ops.shape(inputs))
        if self.noise_shape is not None:
            pairs = zip(self.noise_shape, shape, strict=True)
            shape = tuple(size if given is None else given for given, size in pairs)
        mask = backend.keep_mask(shape, self.rate, self.seed_generator.next())
        return inputs * ops.cast(mask, inputs.dtype) * (1.0 / (1.0 - self.rate))

    def get_config(self) -> dict:
        return {**super().get_config(), "at_inference": self.at_inference}


def dropout_at_inference(network: keras.Model) -> keras.Model:
    """Return a copy of a network whose dropout works at inference too.

    Args:
        network: a functional or sequential `keras.Model`.

    Returns:
        A `keras.Model` with the weights of the network.

    Raises:
        ValueError: if it has no `keras_gan.layers.Dropout`.

    Example:

    ```python
    network = keras_gan.architectures.unet((64, 64, 3), width=4)
    noisy = keras_gan.layers.dropout_at_inference(network)
    ```

    As in Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """
    layers = list(network._flatten_layers(include_self=False))
    if not any(isinstance(layer, Dropout) and layer.rate > 0 for layer in layers):
        raise ValueError(
            f"The network {network.name!r} has no dropout, so there is no noise to "
            "draw. Build it with some: `keras_gan.architectures.unet(...)` has it from "
            "6 halvings on."
        )

    def copy(layer):
        config = layer.get_config()
        if isinstance(layer, Dropout):
            config["at_inference"] = True
        return type(layer).from_config(config)

    noisy = keras.models.clone_model(network, clone_function=copy)
    noisy.set_weights(network.get_weights())
    return noisy
