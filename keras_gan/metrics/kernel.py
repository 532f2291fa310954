"""Kernel distance: a maximum mean discrepancy between features."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import FeatureStore

BLOCK_ROWS = 1000
MOST_ROWS = 10_000  # of a side, for the standard error


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


def kernel_distance_variance(real: Any, fake: Any) -> float:
    """Estimate the variance of `kernel_distance` over other samples, by the jackknife.

    The variance between the distances that leave out one sample each. Its expectation
    is not below the true variance (Efron and Stein 1981), and close to it unless the
    distributions are equal: then it is about twice the true one.

    Args:
        real: array of shape `(m, d)`, at least three rows.
        fake: array of shape `(n, d)`, likewise.

    Returns:
        float, the variance of the squared distance.

    Example:

    ```python
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(2, 500, 8))
    keras_gan.metrics.kernel_distance_variance(real, fake) ** 0.5  # standard error
    ```
    """
    real, fake = np.asarray(real, "float64"), np.asarray(fake, "float64")
    return _jackknife_of_one_side(real, fake) + _jackknife_of_one_side(fake, real)


def _jackknife_of_one_side(own, other):
    """Return the jackknife variance of leaving out the rows of one side."""
    num = len(own)
    within, diagonal, across = np.empty(num), np.empty(num), np.empty(num)
    for start in range(0, num, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        block = _kernel(own[rows], own)
        within[rows] = block.sum(axis=1)
        diagonal[rows] = np.diagonal(block, offset=start)
        across[rows] = _kernel(own[rows], other).mean(axis=1)
    within -= diagonal
    total = within.sum()
    without = (total - 2 * within) / ((num - 1) * (num - 2))
    without -= 2 * (across.sum() - across) / (num - 1)
    return (num - 1) * without.var()


def _kernel(x, y):
    base = x @ y.T / x.shape[1] + 1
    return base * base * base


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
    `"kernel_distance_error"`, the standard error of that mean over other images and
    other subsets. Subsets share images, so more of them do not reduce it much: it
    is the root of the jackknife variance over all images
    (`kernel_distance_variance`, on up to 10,000 of each side) plus the squared
    standard deviation divided by the number of subsets.

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

    @property
    def least_samples(self) -> int:
        return max(3, self.subset_size)  # the jackknife leaves one out

    def result(self) -> dict[str, float]:
        why = f"subset_size={self.subset_size}. Use more images or smaller subsets."
        real, fake = self.real["features"], self.fake["features"]
        require_samples(real.num_samples, self.least_samples, "real", why)
        require_samples(fake.num_samples, self.least_samples, "generated", why)
        rng = np.random.RandomState(self.seed)
        distances = np.empty(self.num_subsets)
        for index in range(self.num_subsets):
            fakes = self._subset(rng, fake, self.subset_size)
            reals = self._subset(rng, real, self.subset_size)
            distances[index] = kernel_distance(reals, fakes)
        variance = distances.var() / self.num_subsets + self._variance()
        return {
            self.name: float(distances.mean()),
            f"{self.name}_std": float(distances.std()),
            f"{self.name}_error": float(np.sqrt(variance)),
        }

    def _variance(self):
        """Return the variance of the distance over other images."""
        rng = np.random.RandomState(self.seed)
        stores = self.real["features"], self.fake["features"]
        sizes = [min(store.num_samples, MOST_ROWS) for store in stores]
        real, fake = (
            np.asarray(self._subset(rng, store, size), "float64")
            for store, size in zip(stores, sizes, strict=True)
        )
        of_real = _jackknife_of_one_side(real, fake) * sizes[0] / stores[0].num_samples
        of_fake = _jackknife_of_one_side(fake, real) * sizes[1] / stores[1].num_samples
        return of_real + of_fake

    def _subset(self, rng, store, size):
        chosen = rng.choice(store.num_samples, size, replace=False)
        return store.array[chosen]

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_subsets": self.num_subsets,
            "subset_size": self.subset_size,
            "seed": self.seed,
        }
