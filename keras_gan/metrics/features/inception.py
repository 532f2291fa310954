"""The Inception network of the published Frechet Inception Distance.

This is the 2015 TensorFlow graph by Szegedy et al. 2015 (arXiv 1512.00567), which
Heusel et al. 2017 used. It differs from the `InceptionV3` of model zoos: images are
resized as in TensorFlow 1, average pooling leaves out the padding, the last block uses
max pooling, and there are 1008 classes.
"""

import os

import keras
from keras import layers, ops

from keras_gan._typing import Config, PathLike, Tensor
from keras_gan.metrics.features import inception_weights
from keras_gan.metrics.features.extractor import NetworkExtractor
from keras_gan.pretrained import resize


@keras.saving.register_keras_serializable(package="keras_gan")
class InceptionV3(NetworkExtractor):
    """The extractor of the published FID, with 2048 features and 1008 logits.

    Only a Frechet distance over this extractor, with its published weights, may be
    called FID. Grey images are repeated to three channels. Images of any size are
    resized to 299 pixels as in TensorFlow 1.

    Args:
        weights: path of the published weights, either the original TensorFlow
            graph (`classify_image_graph_def.pb`, or the archive
            `inception-2015-12-05.tgz` that holds it) or its torch port
            (`pt_inception-2015-12-05-6726825d.pth`). None downloads the torch
            port to Keras' cache and verifies its checksum.

    ```python
    import numpy as np
    from keras_gan.metrics import InceptionV3

    extractor = InceptionV3("pt_inception-2015-12-05-6726825d.pth")
    features = extractor.features(np.zeros((4, 32, 32, 3), "uint8"))  # (4, 2048)
    ```

    Beside `"features"` and `"logits"` its outputs have `"unbiased_logits"`, the
    logits without the last bias. The published Inception score uses these.
    """

    preprocessing = "rgb, tf1-bilinear 299, (x - 128) / 128"
    score_logits = "unbiased_logits"
    num_features = 2048

    def __init__(self, weights: PathLike | None = None) -> None:
        super().__init__("inception-2015-12-05")
        self.weights = None if weights is None else os.fspath(weights)

    def build_trunk(self) -> keras.Model:
        trunk = network()
        inception_weights.assign(trunk, inception_weights.read(self.weights))
        return trunk

    def preprocess(self, pixels: Tensor) -> Tensor:
        images = resize.resize(pixels, 299, resize.tf1_bilinear)
        return (resize.to_rgb(images) - 128.0) / 128.0

    def check_shape(self, image_shape: tuple[int, ...]) -> None:
        if image_shape[-1] not in (1, 3):
            raise ValueError(
                "InceptionV3 takes grey or RGB images. Received images of shape "
                f"{image_shape}, with {image_shape[-1]} channels."
            )

    def get_config(self) -> Config:
        return {"weights": self.weights}


def network() -> keras.Model:
    """Build the network, with the layer names of the original graph, `-` for `/`.

    Every batch normalisation is folded into the convolution before it.

    Returns:
        A `keras.Model` from `(batch, 299, 299, 3)` to a dict of outputs.
    """
    images = keras.Input((299, 299, 3), name="images")
    x = _conv(images, "conv", 32, 3, strides=2, padding="valid")  # (B, 149, 149, 32)
    x = _conv(x, "conv_1", 32, 3, padding="valid")
    x = _conv(x, "conv_2", 64, 3)
    x = layers.MaxPooling2D(3, 2, data_format="channels_last")(x)  # (B, 73, 73, 64)
    x = _conv(x, "conv_3", 80, 1)
    x = _conv(x, "conv_4", 192, 3, padding="valid")
    x = layers.MaxPooling2D(3, 2, data_format="channels_last")(x)  # (B, 35, 35, 192)
    x = _block_a(x, "mixed", 32)
    x = _block_a(x, "mixed_1", 64)
    x = _block_a(x, "mixed_2", 64)  # (B, 35, 35, 288)
    x = _block_b(x, "mixed_3")  # (B, 17, 17, 768)
    x = _block_c(x, "mixed_4", 128)
    x = _block_c(x, "mixed_5", 160)
    x = _block_c(x, "mixed_6", 160)
    x = _block_c(x, "mixed_7", 192)
    x = _block_d(x, "mixed_8")  # (B, 8, 8, 1280)
    x = _block_e(x, "mixed_9", layers.AveragePooling2D)
    x = _block_e(x, "mixed_10", layers.MaxPooling2D)  # (B, 8, 8, 2048)
    features = layers.GlobalAveragePooling2D(data_format="channels_last")(
        x
    )  # (B, 2048)
    unbiased = layers.Dense(1008, use_bias=False, name="softmax")(features)
    logits = Bias(name="softmax_bias")(unbiased)  # (B, 1008)
    outputs = {"features": features, "logits": logits, "unbiased_logits": unbiased}
    return keras.Model(images, outputs, name="inception")


class Bias(layers.Layer):
    """Add a bias. A separate layer gives access to the logits without it."""

    def build(self, input_shape: tuple) -> None:
        self.bias = self.add_weight(shape=(input_shape[-1],), name="bias")

    def call(self, inputs: Tensor) -> Tensor:
        return ops.add(inputs, self.bias)


def _conv(x, name, filters, size, strides=1, padding="same"):
    convolution = layers.Conv2D(
        filters,
        size,
        strides,
        padding,
        activation="relu",
        name=name,
        data_format="channels_last",
    )
    return convolution(x)


def _tower(x, name, *convolutions):
    """Apply convolutions in sequence, each given as (filters, size)."""
    for index, (filters, size) in enumerate(convolutions):
        step = f"{name}-conv_{index}" if index else f"{name}-conv"
        x = _conv(x, step, filters, size)
    return x


def _pooled(x, name, filters, pooling):
    """Apply pooling over 3 x 3 pixels, then a 1 x 1 convolution."""
    x = pooling(3, strides=1, padding="same", data_format="channels_last")(x)
    return _conv(x, f"{name}-tower_2-conv", filters, 1)


def _block_a(x, name, pool_filters):
    branches = [
        _conv(x, f"{name}-conv", 64, 1),
        _tower(x, f"{name}-tower", (48, 1), (64, 5)),
        _tower(x, f"{name}-tower_1", (64, 1), (96, 3), (96, 3)),
        _pooled(x, name, pool_filters, layers.AveragePooling2D),
    ]
    return layers.Concatenate()(branches)


def _block_b(x, name):
    tower = _tower(x, f"{name}-tower", (64, 1), (96, 3))
    branches = [
        _conv(x, f"{name}-conv", 384, 3, strides=2, padding="valid"),
        _conv(tower, f"{name}-tower-conv_2", 96, 3, strides=2, padding="valid"),
        layers.MaxPooling2D(3, 2, data_format="channels_last")(x),
    ]
    return layers.Concatenate()(branches)


def _block_c(x, name, width):
    across, down = (1, 7), (7, 1)
    branches = [
        _conv(x, f"{name}-conv", 192, 1),
        _tower(x, f"{name}-tower", (width, 1), (width, across), (192, down)),
        _tower(
            x,
            f"{name}-tower_1",
            (width, 1),
            (width, down),
            (width, across),
            (width, down),
            (192, across),
        ),
        _pooled(x, name, 192, layers.AveragePooling2D),
    ]
    return layers.Concatenate()(branches)


def _block_d(x, name):
    tower = _tower(x, f"{name}-tower", (192, 1))
    tower_1 = _tower(x, f"{name}-tower_1", (192, 1), (192, (1, 7)), (192, (7, 1)))
    branches = [
        _conv(tower, f"{name}-tower-conv_1", 320, 3, strides=2, padding="valid"),
        _conv(tower_1, f"{name}-tower_1-conv_3", 192, 3, strides=2, padding="valid"),
        layers.MaxPooling2D(3, 2, data_format="channels_last")(x),
    ]
    return layers.Concatenate()(branches)


def _block_e(x, name, pooling):
    tower = _tower(x, f"{name}-tower", (384, 1))
    tower_1 = _tower(x, f"{name}-tower_1", (448, 1), (384, 3))
    branches = [
        _conv(x, f"{name}-conv", 320, 1),
        _conv(tower, f"{name}-tower-mixed-conv", 384, (1, 3)),
        _conv(tower, f"{name}-tower-mixed-conv_1", 384, (3, 1)),
        _conv(tower_1, f"{name}-tower_1-mixed-conv", 384, (1, 3)),
        _conv(tower_1, f"{name}-tower_1-mixed-conv_1", 384, (3, 1)),
        _pooled(x, name, 192, pooling),
    ]
    return layers.Concatenate()(branches)
