"""Pixel agreement of generated pairs whose relation is known."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.datasets.coupled import TRANSFORMS
from keras_gan.metrics.features import RawSamples
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import PixelStore
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class PixelAgreement(SampleMetric):
    """How well the second image of a generated pair is the first one, transformed.

    The first image is transformed, as the second domain was made from the first, and
    compared with the second: the share of pixels that are both black or both white, cut
    at the middle. Much is reached without learning: of the edges of MNIST an empty
    image has 0.874, and those of another digit of the same class 0.821; of the
    negatives 0.878 and 0.863.

    Args:
        transform: `"edges"` or `"negatives"`, see `keras_gan.datasets.edges`.
        name: string, or None for `"pixel_agreement"`.

    ```python
    gan.compile(metrics=[keras_gan.metrics.PixelAgreement("edges")])
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536.
    """

    default_name = "pixel_agreement"
    title = "Pixel agreement"
    maximized = ("pixel_agreement",)

    def __init__(self, transform: str = "edges", name: str | None = None) -> None:
        self.transform = arguments.one_of("transform", transform, tuple(TRANSFORMS))
        super().__init__(RawSamples(), name)

    def new_real(self) -> dict[str, Any]:
        return {}

    def new_fake(self) -> dict[str, Any]:
        return {"pixels": PixelStore()}

    def result(self) -> float:
        store = self.fake["pixels"]
        require_samples(store.num_samples, 1, "generated", "there are none.")
        if store.array.ndim != 4 or store.array.shape[2] % 2:
            raise ValueError(
                "Pairs of images are side by side, (height, 2 * width, channels). "
                f"Received: {store.array.shape[1:]}"
            )
        first, second = np.split(store.array, 2, axis=2)
        expected = TRANSFORMS[self.transform](first)
        return float(((expected > 127) == (second > 127)).mean())

    def get_config(self) -> Config:
        return {"transform": self.transform, "name": self.name}
