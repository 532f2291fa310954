"""What turns images into the vectors that the metrics compare."""

import hashlib

import keras
import numpy as np

from keras_gan.pixels import as_array, to_uint8
from keras_gan.precision import single_precision


class Extractor:
    """Turns images into features, and into logits where it holds a classifier.

    A distance between distributions of features depends on the extractor as much
    as on the images, so an extractor has a name, which is printed beside every
    distance, and a fingerprint of its weights and preprocessing, which a cache
    is checked against.

    Subclasses implement `embed` and `fingerprint`.

    Args:
        name: string, printed beside every distance.
    """

    score_logits = "logits"  # the output that an Inception score is made of

    def __init__(self, name):
        self.name = name

    def outputs(self, images, batch_size=128):
        """All outputs for images, rounded to bytes first, as a saved picture is.

        Args:
            images: array of shape `(n, height, width, channels)`, uint8, or float
                in [-1, 1].
            batch_size: int, how many images pass through the network at once.

        Returns:
            dict of float32 arrays: `"features"` of shape `(n, num_features)` and,
            where there is a classifier, `"logits"` of shape `(n, num_classes)`.
        """
        return self.embed(to_uint8(images), batch_size)

    def unrounded(self, images, batch_size=128):
        """As `outputs`, without rounding to bytes.

        A path length looks at differences far smaller than one byte.
        """
        return self.embed((as_array(images) + 1) * 127.5, batch_size)

    def features(self, images, batch_size=128):
        """Features of shape `(n, num_features)`; see `outputs`."""
        return self.outputs(images, batch_size)["features"]

    def logits(self, images, batch_size=128):
        """Logits of shape `(n, num_classes)`; see `outputs`."""
        outputs = self.outputs(images, batch_size)
        if "logits" not in outputs:
            raise ValueError(
                f"The extractor {self.name!r} has no classifier, hence no logits. "
                "Use one that has, such as `InceptionV3()` or `MNISTClassifier()`."
            )
        return outputs["logits"]

    def embed(self, pixels, batch_size=128):
        """As `outputs`, for pixel values in [0, 255] that need not be whole."""
        raise NotImplementedError

    @property
    def fingerprint(self):
        """A hexadecimal digest of everything that decides the features."""
        raise NotImplementedError

    def get_config(self):
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} {self.name}>"


class NetworkExtractor(Extractor):
    """An extractor that is a Keras model behind some preprocessing.

    Subclasses implement `build_trunk`, which is called when features are first
    asked for, so that naming an extractor loads no weights, and `preprocess`.

    Args:
        name: string, printed beside every distance.
    """

    preprocessing = ""  # in words; part of the fingerprint

    def __init__(self, name):
        super().__init__(name)
        self._trunk = None
        self._networks = {}
        self._fingerprint = None

    def build_trunk(self):
        """A model from preprocessed images to a dict of `"features"` and more."""
        raise NotImplementedError

    def preprocess(self, pixels):
        """Prepare a float32 tensor of pixels in [0, 255] for the trunk."""
        raise NotImplementedError

    def check_shape(self, image_shape):
        """Refuse images that the network cannot take."""

    @property
    def trunk(self):
        if self._trunk is None:
            with single_precision():
                self._trunk = self.build_trunk()
            self._trunk.trainable = False
        return self._trunk

    def embed(self, pixels, batch_size=128):
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
        """One batch, padded to full size: a compiler then sees a single shape."""
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
    def fingerprint(self):
        if self._fingerprint is None:
            digest = hashlib.sha256(f"{self.name}|{self.preprocessing}".encode())
            for weight in self.trunk.get_weights():
                digest.update(f"{weight.dtype}{weight.shape}".encode())
                digest.update(np.ascontiguousarray(weight).tobytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint
