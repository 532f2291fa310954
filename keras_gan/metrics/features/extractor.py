"""Base classes of extractors, which map images to feature vectors."""

import hashlib

import keras
import numpy as np

from keras_gan._typing import Config, Tensor
from keras_gan.pixels import as_array, to_uint8
from keras_gan.precision import single_precision


class Extractor:
    """Base class of maps from images to features, and to logits of a classifier.

    A distance between distributions of features depends on the extractor as much as
    on the images. So an extractor has a name, which is printed with every distance. It
    also has a fingerprint of its weights and preprocessing, which caches check.

    Subclasses implement `embed` and `fingerprint`.

    Args:
        name: string, printed with every distance.
    """

    score_logits = "logits"  # the output for the Inception score
    num_features = None  # where it is known before any image is seen

    def __init__(self, name: str) -> None:
        self.name = name

    def outputs(self, images: Tensor, batch_size: int = 128) -> dict[str, np.ndarray]:
        """Compute all outputs for images, rounded to bytes like saved pictures.

        Args:
            images: array of shape `(n, height, width, channels)`, uint8, or float
                in [-1, 1].
            batch_size: int, the number of images in a batch of the network.

        Returns:
            dict of float32 arrays: `"features"` of shape `(n, num_features)` and, for
            a classifier, `"logits"` of shape `(n, num_classes)`.
        """
        return self.embed(to_uint8(images), batch_size)

    def unrounded(self, images: Tensor, batch_size: int = 128) -> dict[str, np.ndarray]:
        """Compute `outputs` without rounding to bytes.

        The path length uses differences far smaller than one level.
        """
        return self.embed((as_array(images) + 1) * 127.5, batch_size)

    def features(self, images: Tensor, batch_size: int = 128) -> np.ndarray:
        """Return the features of shape `(n, num_features)`; see `outputs`."""
        return self.outputs(images, batch_size)["features"]

    def logits(self, images: Tensor, batch_size: int = 128) -> np.ndarray:
        """Return the logits of shape `(n, num_classes)`; see `outputs`."""
        outputs = self.outputs(images, batch_size)
        if "logits" not in outputs:
            raise ValueError(
                f"The extractor {self.name!r} has no classifier, hence no logits. "
                "Use one that has, such as `InceptionV3()` or `MNISTClassifier()`."
            )
        return outputs["logits"]

    def embed(self, pixels: np.ndarray, batch_size: int = 128) -> dict[str, np.ndarray]:
        """Compute `outputs` for pixel values in [0, 255], which need not be whole."""
        raise NotImplementedError

    @property
    def fingerprint(self) -> str:
        """A hexadecimal digest of everything that determines the features."""
        raise NotImplementedError

    def get_config(self) -> Config:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> "Extractor":
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class NetworkExtractor(Extractor):
    """Base class of extractors that are a Keras model after preprocessing.

    Subclasses implement `preprocess` and `build_trunk`. The latter is called when
    features are first needed, so the constructor loads no weights.

    Args:
        name: string, printed with every distance.
    """

    preprocessing = ""  # a description; part of the fingerprint

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._trunk = None
        self._networks = {}
        self._fingerprint = None

    def build_trunk(self) -> keras.Model:
        """Build a model from preprocessed images to a dict with `"features"`."""
        raise NotImplementedError

    def preprocess(self, pixels: Tensor) -> Tensor:
        """Preprocess a float32 tensor of pixels in [0, 255] for the trunk."""
        raise NotImplementedError

    def check_shape(self, image_shape: tuple[int, ...]) -> None:
        """Raise `ValueError` on images of a wrong shape. By default all are allowed."""

    @property
    def trunk(self) -> keras.Model:
        """The model, built on first use."""
        if self._trunk is None:
            with single_precision():
                self._trunk = self.build_trunk()
            self._trunk.trainable = False
        return self._trunk

    def embed(self, pixels: np.ndarray, batch_size: int = 128) -> dict[str, np.ndarray]:
        pixels = np.asarray(pixels)
        if pixels.ndim != 4 or len(pixels) == 0:
            raise ValueError(
                "Images must have the shape (n, height, width, channels), n > 0. "
                f"Received shape: {pixels.shape}. Grey images need a last axis of "
                "length 1: `images[..., None]`."
            )
        network = self._network(pixels.shape[1:])
        batch_size = max(1, min(batch_size, len(pixels)))
        batches = [
            self._run(network, pixels[start : start + batch_size], batch_size)
            for start in range(0, len(pixels), batch_size)
        ]
        return {
            key: np.concatenate([batch[key] for batch in batches]) for key in batches[0]
        }

    def _run(self, network, pixels, batch_size):
        """Run one batch, padded to full size, so that only one shape is compiled."""
        missing = batch_size - len(pixels)
        padded = np.pad(pixels, ((0, missing), (0, 0), (0, 0), (0, 0)))
        outputs = network.predict_on_batch(padded.astype("float32"))
        return {
            key: np.asarray(value, "float32")[: len(pixels)]
            for key, value in outputs.items()
        }

    def _network(self, image_shape):
        if image_shape not in self._networks:
            self.check_shape(image_shape)
            pixels = keras.Input(image_shape, dtype="float32")  # (B, H, W, C)
            with single_precision():
                outputs = self.trunk(self.preprocess(pixels))
                self._networks[image_shape] = keras.Model(pixels, outputs)
        return self._networks[image_shape]

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            digest = hashlib.sha256(f"{self.name}|{self.preprocessing}".encode())
            for weight in self.trunk.get_weights():
                digest.update(f"{weight.dtype}{weight.shape}".encode())
                digest.update(np.ascontiguousarray(weight).tobytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint
