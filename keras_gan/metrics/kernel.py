"""Kernel distance: a maximum mean discrepancy between features."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import FeatureStore


def kernel_distance(real: Any, fake: Any) -> float:
    """Compute the unbiased squared MMD with the cubic kernel `(x . y / d + 1)^3`.

    Args:
        real: array of shape `(m, d)`.
        fake: array of shape `(n, d)`.

    Returns:
        float. For equal distributions its expectation is 0, and it may be negative.

    ```python
    import numpy as np
    from keras_gan.metrics import kernel_distance

    kernel_distance(np.array([[0.0], [0.0]]), np.array([[1.0], [1.0]]))  # 7.0
    ```
    """
    real, fake = np.asarray(real, "float64"), np.asarray(fake, "float64")
    within = _mean_off_diagonal(_kernel(real, real))
    within += _mean_off_diagonal(_kernel(fake, fake))
    return float(within - 2 * _kernel(real, fake).mean())


def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def _mean_off_diagonal(matrix):
    num = len(matrix)
    return (matrix.sum() - np.trace(matrix)) / (num * (num - 1))


@keras.saving.register_keras_serializable(package="keras_gan")
class KernelDistance(SampleMetric):
    """Kernel distance, with its standard deviation over random subsets.

    Unlike the Frechet distance it is unbiased: fewer images make it noisier, not
    larger. Over `InceptionV3` it is the KID of Binkowski et al. 2018 (arXiv
    1801.01401). The subsets are sampled as in torch-fidelity, so the same seed gives
    the same value.

    Args:
        extractor: an `Extractor`.
        num_subsets: int, the number of random subsets.
        subset_size: int, the number of images of each side in a subset.
        seed: int, the seed of the subsets.
        name: string, or None for `"kernel_distance"`.

    Its result is a dict: `"kernel_distance"`, the mean over subsets,
    `"kernel_distance_std"`, their standard deviation, and
    `"kernel_distance_error"`, the standard error of the mean.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.KernelDistance(extractor, subset_size=100)
    keras_gan.metrics.measure([metric], dataset, gan, num_images=1000)
    ```
    """

    default_name = "kernel_distance"
    title = "Kernel distance"
    minimized = ("kernel_distance", "kernel_distance_std", "kernel_distance_error")

    def __init__(
        self,
        extractor: Extractor,
        num_subsets: int = 100,
        subset_size: int = 1000,
        seed: int = 2020,
        name: str | None = None,
    ) -> None:
        super().__init__(extractor, name)
        if subset_size < 2 or num_subsets < 1:
            raise ValueError(
                "`subset_size` must be at least 2 and `num_subsets` at least 1. "
                f"Received: subset_size={subset_size}, num_subsets={num_subsets}"
            )
        self.num_subsets = num_subsets
        self.subset_size = subset_size
        self.seed = seed

    def new_real(self) -> dict[str, Any]:
        return {"features": FeatureStore()}

    def result(self) -> dict[str, float]:
        why = f"subset_size={self.subset_size}. Use more images or smaller subsets."
        real, fake = self.real["features"], self.fake["features"]
        require_samples(real.num_samples, self.subset_size, "real", why)
        require_samples(fake.num_samples, self.subset_size, "generated", why)
        rng = np.random.RandomState(self.seed)
        distances = np.empty(self.num_subsets)
        for index in range(self.num_subsets):
            fakes = self._subset(rng, fake)
            distances[index] = kernel_distance(self._subset(rng, real), fakes)
        deviation = distances.std()
        return {
            self.name: float(distances.mean()),
            f"{self.name}_std": float(deviation),
            f"{self.name}_error": float(deviation / np.sqrt(self.num_subsets)),
        }

    def _subset(self, rng, store):
        chosen = rng.choice(store.num_samples, self.subset_size, replace=False)
        return store.array[chosen]

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_subsets": self.num_subsets,
            "subset_size": self.subset_size,
            "seed": self.seed,
        }
