"""Frechet distance between the features of two sets of images."""

from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_gan.metrics.features import InceptionV3
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import ClassStatistics, GaussianStatistics

TOO_FEW = (
    "with no more samples than features ({width:,}) the covariance has no inverse and "
    "the distance is far too large. Use more images, or an extractor with fewer "
    "features."
)


def frechet_distance(
    mean_a: ArrayLike,
    covariance_a: ArrayLike,
    mean_b: ArrayLike,
    covariance_b: ArrayLike,
) -> float:
    """Compute the squared Wasserstein-2 distance between two Gaussians.

    `|m_a - m_b|^2 + tr(C_a) + tr(C_b) - 2 tr((C_a C_b)^(1/2))`. With a factor
    `C_a = L L^T`, the last trace is the sum of the roots of the eigenvalues of the
    symmetric `L^T C_b L`. A general matrix square root would be slower, and its
    result may be complex.

    Dowson and Landau 1982, "The Frechet distance between multivariate normal
    distributions".

    Args:
        mean_a: array of shape `(d,)`.
        covariance_a: array of shape `(d, d)`, symmetric and positive
            semi-definite.
        mean_b: as `mean_a`.
        covariance_b: as `covariance_a`.

    Returns:
        float.

    ```python
    import numpy as np
    from keras_gan.metrics import frechet_distance

    one, four = np.eye(2), 4 * np.eye(2)
    frechet_distance(np.zeros(2), one, np.ones(2), four)  # 2 + 2 * (1 - 2)^2 = 4
    ```
    """
    mean_a, mean_b = np.asarray(mean_a, "float64"), np.asarray(mean_b, "float64")
    covariance_a = np.asarray(covariance_a, "float64")
    covariance_b = np.asarray(covariance_b, "float64")
    if mean_a.shape != mean_b.shape or covariance_a.shape != covariance_b.shape:
        raise ValueError(
            "Both sides need the same number of features. Received means of shape "
            f"{mean_a.shape} and {mean_b.shape}."
        )
    factor = _factor(covariance_a)
    product = factor.T @ covariance_b @ factor
    eigenvalues = np.linalg.eigvalsh((product + product.T) / 2)
    cross = np.sqrt(np.maximum(eigenvalues, 0)).sum()
    shift = mean_a - mean_b
    distance = shift @ shift + np.trace(covariance_a) + np.trace(covariance_b)
    return max(float(distance - 2 * cross), 0.0)


def _factor(covariance):
    """Return `L` with `L L^T = covariance`, also for singular matrices."""
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        eigenvalues, vectors = np.linalg.eigh(covariance)
        return vectors * np.sqrt(np.maximum(eigenvalues, 0))


def _distance(real, fake):
    for statistics, which in ((real, "real"), (fake, "generated")):
        width = 1 if statistics.mean is None else len(statistics.mean)
        why = TOO_FEW.format(width=width)
        require_samples(statistics.num_samples, width + 1, which, why)
    return frechet_distance(real.mean, real.covariance, fake.mean, fake.covariance)


@keras.saving.register_keras_serializable(package="keras_gan")
class FrechetDistance(SampleMetric):
    """Frechet distance between features of real and generated images.

    The features of both sides are modelled as Gaussians. The distance is 0 if means
    and covariances are equal. Over `InceptionV3`, and only there, it is the FID of
    Heusel et al. 2017 (arXiv 1706.08500). It is biased by the number of images, and
    depends on the extractor, the resizing and the split. Compare only values that
    agree in all four.

    Args:
        extractor: an `Extractor`.
        name: string, the key in logs; `"frechet_distance"` if None. The name
            `"fid"` is refused for other extractors than `InceptionV3`.

    ```python
    import numpy as np
    from keras_gan.metrics import FrechetDistance, RawSamples

    rng = np.random.default_rng(0)
    metric = FrechetDistance(RawSamples())
    metric.update_state(rng.normal(size=(10_000, 2)), rng.normal(3, 1, (10_000, 2)))
    metric.result()  # about 3^2 + 3^2
    ```
    """

    default_name = "frechet_distance"
    minimized = ("frechet_distance",)

    def __init__(self, extractor: Extractor, name: str | None = None) -> None:
        super().__init__(extractor, name)
        if "fid" in self.name.lower() and not isinstance(extractor, InceptionV3):
            raise ValueError(
                f"name={name!r}: only a Frechet distance over the 2015 Inception "
                f"network is an FID, and this one is over {extractor.name!r}. Leave "
                "`name` out, or use `InceptionV3()`."
            )

    @property
    def title(self) -> str:
        """What tables and plots call it: the FID only over Inception's features."""
        inception = isinstance(self.extractor, InceptionV3)
        return "FID" if inception else "Frechet distance"

    def new_real(self) -> dict[str, Any]:
        return {"features": GaussianStatistics()}

    @property
    def least_samples(self) -> int:
        return (self.extractor.num_features or 1) + 1

    def result(self) -> float:
        return _distance(self.real["features"], self.fake["features"])


@keras.saving.register_keras_serializable(package="keras_gan")
class ClassFrechetDistance(SampleMetric):
    """Frechet distance within each class, for conditional models.

    A generator can match the data as a whole and still generate wrong classes. Over
    Inception the mean of the distances within the classes is called intra-FID
    (Miyato and Koyama 2018, arXiv 1802.05637).

    Args:
        extractor: an `Extractor`.
        name: string, or None for `"class_frechet_distance"`, the key of the mean;
            class 3 has the key `"class_frechet_distance_3"`.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.ClassFrechetDistance(extractor)
    gan.compile(metrics=[metric])  # a conditional GAN, and data with labels
    ```
    """

    default_name = "class_frechet_distance"
    minimized = ("class_frechet_distance",)
    title = "Frechet distance per class"

    def new_real(self) -> dict[str, Any]:
        return {"features": ClassStatistics()}

    def result(self) -> dict[str, float]:
        real, fake = self.real["features"].classes, self.fake["features"].classes
        if set(real) != set(fake):
            raise ValueError(
                "Both sides need samples of every class. Missing among the generated: "
                f"{sorted(set(real) - set(fake))}, among the real: "
                f"{sorted(set(fake) - set(real))}."
            )
        distances = {}
        for label in sorted(real):
            try:
                distances[label] = _distance(real[label], fake[label])
            except ValueError as error:
                raise ValueError(f"Class {label}: {error}") from error
        require_samples(len(distances), 1, "labelled", "there are none.")
        mean = sum(distances.values()) / len(distances)
        per_class = {f"{self.name}_{label}": d for label, d in distances.items()}
        return {self.name: mean, **per_class}
