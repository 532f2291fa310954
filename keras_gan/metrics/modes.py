"""Mode coverage: how many modes a generator reaches, and how evenly."""

from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import Config
from keras_gan.metrics.features import RawSamples
from keras_gan.metrics.sample_metric import SampleMetric, require_samples
from keras_gan.metrics.statistics import FeatureStore


def reverse_kl(counts: ArrayLike) -> float:
    """Compute `KL(generated || uniform)` in nats from the number of samples per mode.

    Args:
        counts: array `(num_modes,)`, the number of samples of each mode.

    Returns:
        A float, 0 if all modes are equally frequent.

    Example:

    ```python
    from keras_gan.metrics import reverse_kl

    reverse_kl([5, 5, 0, 0])  # log(2): half of the modes, evenly
    ```
    """
    counts = np.asarray(counts, "float64")
    share = counts[counts > 0] / counts.sum()
    return float((share * np.log(share * len(counts))).sum())


@keras.saving.register_keras_serializable(package="keras_gan")
class ModeCoverage(SampleMetric):
    """Number of modes and reverse KL, with modes assigned by a classifier.

    One sample suffices for a mode to count (VEEGAN, Srivastava et al. 2017, arXiv
    1705.07761). On Stacked-MNIST three passes of a digit classifier distinguish 1000
    modes; the published protocol uses 26,000 samples.

    Args:
        extractor: an `Extractor` with logits; `PerChannel(MNISTClassifier())` for
            Stacked-MNIST.
        name: string, or None for `"mode_coverage"`.

    Its result is a dict: `"modes"`, and `"reverse_kl"`, the divergence in nats from
    a uniform distribution over the modes to the generated one: 0 if all are equally
    frequent.

    ```python
    from keras_gan.metrics import MNISTClassifier, ModeCoverage, PerChannel

    metric = ModeCoverage(PerChannel(MNISTClassifier()))
    ```
    """

    default_name = "mode_coverage"
    title = "Mode coverage"
    maximized, minimized = ("modes",), ("reverse_kl",)

    def new_real(self) -> dict[str, Any]:
        return {}

    def new_fake(self) -> dict[str, Any]:
        return {"logits": FeatureStore()}

    def result(self) -> dict[str, float]:
        store = self.fake["logits"]
        require_samples(store.num_samples, 1, "generated", "there are none.")
        num_classes = store.array.shape[-1]
        choices = store.array.argmax(axis=-1).reshape(store.num_samples, -1)
        num_modes = num_classes ** choices.shape[1]
        modes = choices @ num_classes ** np.arange(choices.shape[1])
        counts = np.bincount(modes, minlength=num_modes)
        return self.named(
            {"modes": np.count_nonzero(counts), "reverse_kl": reverse_kl(counts)}
        )


@keras.saving.register_keras_serializable(package="keras_gan")
class MixtureCoverage(SampleMetric):
    """Number of modes and share of good samples, for a mixture of Gaussians.

    A sample belongs to the nearest centre. It is good if it lies within three standard
    deviations of it (PacGAN, Lin et al. 2017, arXiv 1712.04086). A mode counts if a
    good sample belongs to it.

    Args:
        centers: array of shape `(num_modes, d)`.
        std: float, the standard deviation of every component.
        within: float, the largest distance of a good sample, in standard deviations.
        name: string, or None for `"mixture_coverage"`.

    Its result is a dict: `"modes"`, `"high_quality"` in [0, 1] and `"reverse_kl"`
    over the good samples, infinite if there are none.

    ```python
    import numpy as np
    from keras_gan.metrics import MixtureCoverage

    metric = MixtureCoverage(centers=[[0.0, 0.0], [1.0, 0.0]], std=0.1)
    metric.update_fake(np.array([[0.1, 0.0], [5.0, 0.0]]))
    metric.result()  # 1 mode, half of the samples good
    ```
    """

    default_name = "mixture_coverage"
    title = "Mixture coverage"
    maximized, minimized = ("modes", "high_quality"), ("reverse_kl",)

    def __init__(
        self,
        centers: ArrayLike,
        std: float,
        within: float = 3.0,
        name: str | None = None,
    ) -> None:
        self.centers = np.asarray(centers, "float64")
        self.std = float(std)
        self.within = float(within)
        super().__init__(RawSamples(), name)

    def new_real(self) -> dict[str, Any]:
        return {}

    def new_fake(self) -> dict[str, Any]:
        return {"features": FeatureStore()}

    def result(self) -> dict[str, float]:
        store = self.fake["features"]
        require_samples(store.num_samples, 1, "generated", "there are none.")
        samples = store.array
        if samples.shape[1] != self.centers.shape[1]:
            raise ValueError(
                f"The centres have {self.centers.shape[1]} dimensions, the samples "
                f"{samples.shape[1]}."
            )
        distances = np.stack(
            [np.linalg.norm(samples - center, axis=1) for center in self.centers]
        )  # (num_modes, n)
        good = distances.min(axis=0) <= self.within * self.std
        counts = np.bincount(
            distances.argmin(axis=0)[good], minlength=len(self.centers)
        )
        divergence = reverse_kl(counts) if good.any() else np.inf
        return self.named(
            {
                "modes": np.count_nonzero(counts),
                "high_quality": good.mean(),
                "reverse_kl": divergence,
            }
        )

    def get_config(self) -> Config:
        return {
            "centers": self.centers.tolist(),
            "std": self.std,
            "within": self.within,
            "name": self.name,
        }
