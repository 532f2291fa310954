"""Precision, recall, density and coverage: quality and diversity separately."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.metrics.distances import neighbour_radii, squared_distances
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import FeatureStore
from keras_gan.validation import arguments

BORDER = 1e-9  # relative width of a ball's border: rounding puts nothing inside


class _Neighbourhoods(SampleMetric):
    """Base class of metrics over balls that reach the k-th nearest neighbour."""

    def __init__(self, extractor: Extractor, k: int, name: str | None) -> None:
        super().__init__(extractor, name)
        self.k = arguments.integer("k", k)

    def new_real(self) -> dict[str, Any]:
        return {"features": FeatureStore()}

    @property
    def least_samples(self) -> int:
        return self.k + 1

    def _arrays(self):
        why = f"each needs k={self.k} neighbours on its own side."
        real, fake = self.real["features"], self.fake["features"]
        require_samples(real.num_samples, self.least_samples, "real", why)
        require_samples(fake.num_samples, self.least_samples, "generated", why)
        return real.array, fake.array

    def get_config(self) -> Config:
        return {**super().get_config(), "k": self.k}


def precision_recall(real: Any, fake: Any, k: int = 3) -> tuple[float, float]:
    """Compute improved precision and recall.

    Args:
        real: array of shape `(m, d)`.
        fake: array of shape `(n, d)`.
        k: int. The ball of a sample reaches its k-th nearest neighbour on its side.

    Returns:
        `(precision, recall)`: the share of fakes inside a ball of the reals, and
        the share of reals inside a ball of the fakes.

    ```python
    import numpy as np
    from keras_gan.metrics import precision_recall

    real, fake = np.array([[0.0], [1.0]]), np.array([[0.0], [5.0]])
    precision_recall(real, fake, k=1)  # (0.5, 1.0)
    ```
    """
    real_radii, fake_radii = neighbour_radii(real, k), neighbour_radii(fake, k)
    inside_real = np.empty(len(fake), bool)
    inside_fake = np.zeros(len(real), bool)
    for start, block in squared_distances(fake, real):  # (block, m)
        stop = start + len(block)
        inside_real[start:stop] = (block <= real_radii).any(axis=1)
        inside_fake |= (block <= fake_radii[start:stop, None]).any(axis=0)
    return float(inside_real.mean()), float(inside_fake.mean())


@keras.saving.register_keras_serializable(package="keras_gan")
class PrecisionRecall(_Neighbourhoods):
    """Improved precision and recall (Kynkaanniemi et al. 2019, arXiv 1904.06991).

    Precision is the share of generated images that lie among the real ones;
    recall is the share of real images that lie among the generated ones. Both
    depend on the numbers of images: use equal numbers.

    Args:
        extractor: an `Extractor`.
        k: int, the neighbour that gives the radius of a sample's ball.
        name: string, or None for `"precision_recall"`.

    Its result is a dict: `"precision"` and `"recall"`.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.PrecisionRecall(extractor)
    keras_gan.metrics.measure([metric], dataset, gan, num_images=1000)
    ```
    """

    default_name = "precision_recall"
    title = "Precision and recall"
    maximized = ("precision", "recall")

    def __init__(
        self, extractor: Extractor, k: int = 3, name: str | None = None
    ) -> None:
        super().__init__(extractor, k, name)

    def result(self) -> dict[str, float]:
        precision, recall = precision_recall(*self._arrays(), k=self.k)
        return self.named({"precision": precision, "recall": recall})


def density_coverage(real: Any, fake: Any, k: int = 5) -> tuple[float, float]:
    """Compute density and coverage.

    Args:
        real: array of shape `(m, d)`.
        fake: array of shape `(n, d)`.
        k: int. The ball of a real sample reaches its k-th nearest real neighbour.

    Returns:
        `(density, coverage)`: the mean number of real balls around a fake, divided
        by k, and the share of balls that contain a fake. A fake on the border of a
        ball is outside, as in the authors' code; so copies of all reals have a
        density of 1, not more than new samples.

    Example:

    ```python
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(2, 500, 2))
    density, coverage = keras_gan.metrics.density_coverage(real, fake)
    ```
    """
    radii = neighbour_radii(real, k) * (1 - BORDER)
    hits, covered = 0, np.zeros(len(real), bool)
    for _, block in squared_distances(fake, real):
        inside = block < radii  # (block, m)
        hits += np.count_nonzero(inside)
        covered |= inside.any(axis=0)
    return hits / (k * len(fake)), float(covered.mean())


@keras.saving.register_keras_serializable(package="keras_gan")
class DensityCoverage(_Neighbourhoods):
    """Density and coverage (Naeem et al. 2020, arXiv 2002.09797).

    They are more robust to single outliers than precision and recall: only the real
    samples have balls. Density may exceed 1. For equal distributions and numbers of
    samples density is about 1, and coverage about `1 - 2^-k`. Copies of all real
    samples have a density of 1 and a coverage of 1: neither finds memorising, see
    `NearestNeighbours`.

    Args:
        extractor: an `Extractor`.
        k: int, the neighbour that gives the radius of a real sample's ball.
        name: string, or None for `"density_coverage"`.

    Its result is a dict: `"density"` and `"coverage"`.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.DensityCoverage(extractor)
    keras_gan.metrics.measure([metric], dataset, gan, num_images=1000)
    ```
    """

    default_name = "density_coverage"
    title = "Density and coverage"
    maximized = ("density", "coverage")

    def __init__(
        self, extractor: Extractor, k: int = 5, name: str | None = None
    ) -> None:
        super().__init__(extractor, k, name)

    def result(self) -> dict[str, float]:
        density, coverage = density_coverage(*self._arrays(), k=self.k)
        return self.named({"density": density, "coverage": coverage})
