"""Small classifiers for MNIST, Fashion-MNIST and emoji, shipped with their weights.

Inception was trained on photographs of a thousand kinds of objects, without digits.
A network that was trained on the data set itself distinguishes its classes, and on
small images it is a thousand times cheaper. `benchmarks/train_classifiers.py` made
the weights.
"""

import hashlib
import json
import os

import keras

from keras_gan._typing import Config, Tensor
from keras_gan.metrics.features import classifier_networks
from keras_gan.metrics.features.extractor import NetworkExtractor


class Classifier(NetworkExtractor):
    """Base class of classifiers of images of one size, with 128 features, 10 logits."""

    preprocessing = "x / 127.5 - 1"
    weights_name = None
    image_shape = (28, 28, 1)
    network = staticmethod(classifier_networks.grey)
    num_classes = 10
    num_features = 128
    alternatives = (
        "For Stacked-MNIST, wrap it: `PerChannel(MNISTClassifier())`; for other images "
        "use `InceptionV3()` or `Application('MobileNetV2')`."
    )

    def build_trunk(self) -> keras.Model:
        trunk = self.network()
        classifier_networks.load_weights(trunk, weights_path(self.weights_name))
        return trunk

    def preprocess(self, pixels: Tensor) -> Tensor:
        return pixels / 127.5 - 1.0

    def check_shape(self, image_shape: tuple[int, ...]) -> None:
        if tuple(image_shape) != self.image_shape:
            raise ValueError(
                f"{type(self).__name__} takes images of shape {self.image_shape}. "
                f"Received images of shape {tuple(image_shape)}. {self.alternatives}"
            )

    def get_config(self) -> Config:
        return {}


@keras.saving.register_keras_serializable(package="keras_gan")
class MNISTClassifier(Classifier):
    """Features of digits from a classifier with 99.7% test accuracy.

    Images are 28 x 28 x 1, as uint8, or float in [-1, 1] with -1 as background.

    ```python
    import numpy as np
    from keras_gan.metrics import MNISTClassifier

    digits = np.zeros((5, 28, 28, 1), "uint8")
    MNISTClassifier().features(digits).shape  # (5, 128)
    ```
    """

    weights_name = "mnist"

    def __init__(self) -> None:
        super().__init__("mnist-classifier")


@keras.saving.register_keras_serializable(package="keras_gan")
class FashionMNISTClassifier(Classifier):
    """Features of clothes from a classifier with 92.9% test accuracy.

    Images are 28 x 28 x 1, as uint8, or float in [-1, 1] with -1 as background.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.FrechetDistance(extractor)
    ```
    """

    weights_name = "fashion_mnist"

    def __init__(self) -> None:
        super().__init__("fashion-mnist-classifier")


@keras.saving.register_keras_serializable(package="keras_gan")
class EmojiClassifier(Classifier):
    """Features of emoji from a classifier of Unicode's ten categories.

    Images are 64 x 64 x 3, as uint8, or float in [-1, 1] with 1 as background. It was
    trained on the training split of `keras_gan.datasets.emoji` in both styles. The test
    accuracy is 81%: flags and food are easy to distinguish, objects and activities are
    not.

    Example:

    ```python
    extractor = keras_gan.metrics.EmojiClassifier()
    metric = keras_gan.metrics.FrechetDistance(extractor)
    ```
    """

    weights_name = "emoji"
    image_shape = (64, 64, 3)
    network = staticmethod(classifier_networks.colour)
    alternatives = "Use `InceptionV3()` or `Application('MobileNetV2')`."

    def __init__(self) -> None:
        super().__init__("emoji-classifier")


def weights_path(name: str) -> str:
    """Return the path of shipped weights, after a check of their checksum."""
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
