"""Small classifiers for MNIST and Fashion-MNIST, shipped with their weights.

Inception saw photographs of a thousand kinds of things and no digit. A network
that was trained on the data at hand tells its classes apart, and at 28 pixels it
is a thousand times cheaper. `benchmarks/train_classifiers.py` made the weights.
"""

import hashlib
import json
import os

import keras
import numpy as np
from keras import layers

from keras_gan.metrics.features.extractor import NetworkExtractor


class Classifier(NetworkExtractor):
    """A classifier of 28 x 28 grey images: 128 features and 10 logits."""

    preprocessing = "x / 127.5 - 1"
    weights_name = None
    num_classes = 10

    def build_trunk(self):
        trunk = network()
        load_weights(trunk, weights_path(self.weights_name))
        return trunk

    def preprocess(self, pixels):
        return pixels / 127.5 - 1.0

    def check_shape(self, image_shape):
        if tuple(image_shape) != (28, 28, 1):
            raise ValueError(
                f"{type(self).__name__} takes images of shape (28, 28, 1). Received "
                f"images of shape {tuple(image_shape)}. For Stacked-MNIST, wrap it: "
                "`PerChannel(MNISTClassifier())`; for other images use "
                "`InceptionV3()` or `Application('MobileNetV2')`."
            )

    def get_config(self):
        return {}


@keras.saving.register_keras_serializable(package="keras_gan")
class MNISTClassifier(Classifier):
    """Features of digits, from a classifier with 99.7% test accuracy.

    Images are 28 x 28 x 1, as uint8, or float in [-1, 1] with -1 as background.

    ```python
    import numpy as np
    from keras_gan.metrics import MNISTClassifier

    digits = np.zeros((5, 28, 28, 1), "uint8")
    MNISTClassifier().features(digits).shape  # (5, 128)
    ```
    """

    weights_name = "mnist"

    def __init__(self):
        super().__init__("mnist-classifier")


@keras.saving.register_keras_serializable(package="keras_gan")
class FashionMNISTClassifier(Classifier):
    """Features of clothes, from a classifier with 92.9% test accuracy.

    Images are 28 x 28 x 1, as uint8, or float in [-1, 1] with -1 as background.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.FrechetDistance(extractor)
    ```
    """

    weights_name = "fashion_mnist"

    def __init__(self):
        super().__init__("fashion-mnist-classifier")


def _convolution(width, name):
    return layers.Conv2D(width, 3, padding="same", activation="relu", name=name)


def network(block=_convolution, dropout=0.0):
    """The network: five convolutions, a global average, one dense layer.

    Args:
        block: function of `(width, name)` that returns a convolution with its
            activation. Training passes one with batch normalisation, which is
            folded into the convolution afterwards.
        dropout: float, on the features, for training.

    Returns:
        A `keras.Model` from `(batch, 28, 28, 1)` in [-1, 1] to a dict.
    """
    images = x = keras.Input((28, 28, 1), name="images")
    x = block(32, name="conv1")(x)  # (B, 28, 28, 32)
    x = layers.MaxPooling2D()(x)
    x = block(64, name="conv2")(x)  # (B, 14, 14, 64)
    x = block(64, name="conv3")(x)
    x = layers.MaxPooling2D()(x)
    x = block(128, name="conv4")(x)  # (B, 7, 7, 128)
    x = block(128, name="conv5")(x)
    features = layers.GlobalAveragePooling2D(name="features")(x)  # (B, 128)
    logits = layers.Dense(10, name="logits")(layers.Dropout(dropout)(features))
    return keras.Model(images, {"features": features, "logits": logits})


def weights_path(name):
    """Path of shipped weights, after comparing them with their checksum."""
    path = os.path.join(os.path.dirname(__file__), f"{name}.npz")
    with open(path.replace(".npz", ".json")) as file:
        expected = json.load(file)["sha256"]
    with open(path, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != expected:
        raise ValueError(
            f"{path} is damaged: its SHA-256 is {found}, expected {expected}. "
            "Install the package again."
        )
    return path


def load_weights(model, path):
    """Read the weights that `benchmarks/train_classifiers.py` wrote."""
    with np.load(path) as weights:
        for layer in model.layers:
            if layer.weights:
                kernel, bias = (
                    weights[f"{layer.name}/{p}"] for p in ("kernel", "bias")
                )
                layer.set_weights([kernel.astype("float32"), bias.astype("float32")])
