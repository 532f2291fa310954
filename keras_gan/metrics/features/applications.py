"""Models of `keras.applications` as extractors."""

import contextlib
import inspect

import keras

from keras_gan._typing import Config, PathLike, Tensor
from keras_gan.metrics.features.extractor import NetworkExtractor
from keras_gan.pretrained import resize


@keras.saving.register_keras_serializable(package="keras_gan")
class Application(NetworkExtractor):
    """Features from a model of `keras.applications`, averaged over positions.

    Grey images are repeated to three channels. Images of any size are resized by an
    antialiased bilinear filter, then preprocessed by the model's own
    `preprocess_input`.

    Args:
        architecture: string, such as `"MobileNetV2"` or `"ResNet50"`.
        weights: `"imagenet"`, which Keras downloads when features are first needed, a
            path, or None for random weights.
        size: int, the height and width that images are resized to.

    ```python
    from keras_gan.metrics import Application, KernelDistance

    metric = KernelDistance(Application("MobileNetV2"))
    ```
    """

    def __init__(
        self, architecture: str, weights: PathLike | None = "imagenet", size: int = 224
    ) -> None:
        function = getattr(keras.applications, architecture, None)
        if not inspect.isfunction(function):
            raise ValueError(
                "`architecture` must name a model of keras.applications, such as "
                f"'MobileNetV2'. Received: {architecture!r}"
            )
        super().__init__(f"{architecture.lower()}-{weights or 'random'}-{size}")
        self.architecture = architecture
        self.weights = weights
        self.size = size
        self.preprocessing = f"rgb, bilinear {size}, preprocess_input"

    def build_trunk(self) -> keras.Model:
        function = getattr(keras.applications, self.architecture)
        try:
            with _channels_last():
                model = function(
                    include_top=False,
                    weights=self.weights,
                    input_shape=(self.size, self.size, 3),
                    pooling="avg",
                )
        except Exception as error:
            raise ValueError(
                f"keras.applications.{self.architecture} could not be built with "
                f"weights={self.weights!r}: {error}. Without a network, pass the "
                "path of a weights file, or use an extractor that ships with its "
                "weights, such as `MNISTClassifier()`."
            ) from error
        return keras.Model(model.inputs, {"features": model.outputs[0]})

    def preprocess(self, pixels: Tensor) -> Tensor:
        images = resize.to_rgb(resize.resize(pixels, self.size))
        function = getattr(keras.applications, self.architecture)
        module = getattr(keras.applications, function.__module__.rpartition(".")[2])
        return module.preprocess_input(images, data_format="channels_last")

    def get_config(self) -> Config:
        return {
            "architecture": self.architecture,
            "weights": self.weights,
            "size": self.size,
        }


@contextlib.contextmanager
def _channels_last():
    """Let Keras build models whose channels come last, whatever a user's settings."""
    data_format = keras.config.image_data_format()
    keras.config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        keras.config.set_image_data_format(data_format)
