"""Extractors without a network of their own."""

import hashlib

import keras
import numpy as np

from keras_gan._typing import Config, Tensor
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.pixels import as_array


@keras.saving.register_keras_serializable(package="keras_gan")
class PerChannel(Extractor):
    """Apply a grey extractor to each channel separately, for Stacked-MNIST.

    Metz et al. 2016 (arXiv 1611.02163) stack three random digits as red, green and
    blue. Three passes of one classifier distinguish the 1000 modes.

    Args:
        extractor: an `Extractor` of grey images.

    Its features are those of the channels, concatenated. Its logits have the shape
    `(n, num_channels, num_classes)`.

    ```python
    from keras_gan.metrics import MNISTClassifier, ModeCoverage, PerChannel

    metric = ModeCoverage(PerChannel(MNISTClassifier()))
    ```
    """

    def __init__(self, extractor: Extractor) -> None:
        super().__init__(f"{extractor.name}-per-channel")
        self.extractor = extractor

    def embed(self, pixels: np.ndarray, batch_size: int = 128) -> dict[str, np.ndarray]:
        pixels = np.asarray(pixels)  # (n, H, W, C)
        channels = [
            self.extractor.embed(pixels[..., channel : channel + 1], batch_size)
            for channel in range(pixels.shape[-1])
        ]
        outputs = {
            "features": np.concatenate([each["features"] for each in channels], axis=1)
        }
        if "logits" in channels[0]:
            outputs["logits"] = np.stack([each["logits"] for each in channels], axis=1)
        return outputs

    @property
    def fingerprint(self) -> str:
        text = f"per-channel|{self.extractor.fingerprint}"
        return hashlib.sha256(text.encode()).hexdigest()

    def get_config(self) -> Config:
        return {"extractor": keras.saving.serialize_keras_object(self.extractor)}

    @classmethod
    def from_config(cls, config: Config) -> "PerChannel":
        return cls(keras.saving.deserialize_keras_object(config["extractor"]))


@keras.saving.register_keras_serializable(package="keras_gan")
class RawSamples(Extractor):
    """Use the samples themselves as features, for points, tables and toy mixtures.

    Values are not rounded to bytes, and any range is allowed.

    Example:

    ```python
    metric = keras_gan.metrics.FrechetDistance(keras_gan.metrics.RawSamples())
    ```
    """

    def __init__(self) -> None:
        super().__init__("raw-samples")

    def outputs(self, images: Tensor, batch_size: int = 128) -> dict[str, np.ndarray]:
        return self.embed(as_array(images), batch_size)

    def unrounded(self, images: Tensor, batch_size: int = 128) -> dict[str, np.ndarray]:
        return self.outputs(images, batch_size)

    def embed(self, pixels: np.ndarray, batch_size: int = 128) -> dict[str, np.ndarray]:
        features = np.asarray(pixels, "float64")
        return {"features": features.reshape(len(features), -1)}

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    def get_config(self) -> Config:
        return {}
