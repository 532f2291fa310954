"""Inception score."""

import itertools
from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import Config
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import FeatureStore


def inception_score(logits: ArrayLike) -> float:
    """Compute the Inception score `exp(E_x KL(p(y|x) || p(y)))` from logits.

    Args:
        logits: array of shape `(n, num_classes)`.

    Returns:
        float between 1 and the number of classes.

    ```python
    import numpy as np
    from keras_gan.metrics import inception_score

    inception_score(100.0 * np.eye(10))  # 10.0: all classes, each with certainty
    ```
    """
    logits = np.asarray(logits, "float64")
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))  # (n, classes)
    p = np.exp(log_p)
    log_marginal = np.log(np.maximum(p.mean(axis=0), np.finfo("float64").tiny))
    return float(np.exp((p * (log_p - log_marginal)).sum(axis=1).mean()))


@keras.saving.register_keras_serializable(package="keras_gan")
class InceptionScore(SampleMetric):
    """Inception score: certainty of a classifier, and diversity of its classes.

    It does not use real images: a generator that repeats one picture per class has
    the best score. The published values of Salimans et al. 2016 (arXiv 1606.03498)
    are over `InceptionV3` without its last bias, which is left out here too.

    Args:
        extractor: an `Extractor` with logits.
        num_splits: int, the number of parts of the images. The score is the mean over
            the parts.
        seed: int, the seed of the random split into parts.
        name: string, or None for `"inception_score"`.

    Its result is a dict: `"inception_score"` and `"inception_score_std"`.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.InceptionScore(extractor)
    keras_gan.metrics.measure([metric], dataset, gan, num_images=1000)
    ```
    """

    default_name = "inception_score"
    title = "Inception score"
    maximized = ("inception_score", "inception_score_std")

    def __init__(
        self,
        extractor: Extractor,
        num_splits: int = 10,
        seed: int = 2020,
        name: str | None = None,
    ) -> None:
        super().__init__(extractor, name)
        self.num_splits = num_splits
        self.seed = seed

    def new_real(self) -> dict[str, Any]:
        return {}

    def new_fake(self) -> dict[str, Any]:
        return {self.extractor.score_logits: FeatureStore()}

    @property
    def least_samples(self) -> int:
        return 2 * self.num_splits

    def result(self) -> dict[str, float]:
        (logits,) = self.fake.values()
        why = f"num_splits={self.num_splits}. Use more images or fewer splits."
        require_samples(logits.num_samples, self.least_samples, "generated", why)
        order = np.random.RandomState(self.seed).permutation(logits.num_samples)
        bounds = np.arange(self.num_splits + 1) * logits.num_samples // self.num_splits
        scores = [
            inception_score(logits.array[order[start:stop]])
            for start, stop in itertools.pairwise(bounds)
        ]
        return {
            self.name: float(np.mean(scores)),
            f"{self.name}_std": float(np.std(scores)),
        }

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_splits": self.num_splits,
            "seed": self.seed,
        }
