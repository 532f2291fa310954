"""Batch normalisation in one kernel."""

import keras
from keras import ops

from keras_gan import backend


@keras.saving.register_keras_serializable(package="keras_gan")
class BatchNormalization(keras.layers.BatchNormalization):
    """`keras.layers.BatchNormalization`, faster in training.

    It has Keras' arguments, weights and values. Keras writes the training pass as
    mean, variance, difference, product, each a walk through the activations; here
    the backend's own kernel does it in one. Under mixed precision the activations
    stay in their half type, while statistics are computed in float32.

    What the kernel does not cover (another axis, `synchronized`, `renorm`, masks,
    layers without `center` or `scale`) takes Keras' way.

    Args:
        **kwargs: those of `keras.layers.BatchNormalization`.

    Example:

    ```python
    layer = keras_gan.layers.BatchNormalization(momentum=0.9)
    outputs = layer(keras.random.normal((8, 7, 7, 64)), training=True)
    ```

    Ioffe and Szegedy 2015, "Batch Normalization: Accelerating Deep Network
    Training by Reducing Internal Covariate Shift", arXiv:1502.03167.
    """

    def call(
        self,
        inputs: keras.KerasTensor,
        training: bool | None = None,
        mask: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor:
        if not (training and self.trainable and self._has_kernel(inputs, mask)):
            return super().call(inputs, training=training, mask=mask)
        outputs, mean, variance = backend.normalize_batch(
            inputs,
            ops.cast(self.gamma, "float32"),
            ops.cast(self.beta, "float32"),
            self.epsilon,
        )
        momentum = self.momentum
        for moving, value in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            moving.assign(momentum * moving.value + (1.0 - momentum) * value)
        return outputs

    def _has_kernel(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None
    ) -> bool:
        return (
            mask is None
            and self.center
            and self.scale
            and self.axis in (-1, len(inputs.shape) - 1)
            and not self.synchronized
            and not getattr(self, "renorm", False)
        )
