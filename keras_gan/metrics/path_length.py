"""Perceptual path length: how smoothly images change between latents."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.sample_metric import SampleMetric
from keras_gan.pixels import as_array
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class PerceptualPathLength(SampleMetric):
    """Mean squared change of features per step along random paths.

    Two random latents are joined by a straight line. At a random point of it, the
    squared distance of features over a step `epsilon` is divided by `epsilon^2`.
    Short paths mean that neighbouring latents give similar images (Karras et al. 2018,
    arXiv 1812.04948, who use VGG features). Images are not rounded to bytes, because
    a step changes them by far less than one level.

    In a generator with a mapping network, paths in w are shorter than those in z: this
    is what the mapping network is for.

    Args:
        extractor: an `Extractor`.
        num_paths: int, the number of random paths.
        epsilon: float, the step as a fraction of the path.
        discard: float, the fraction of the shortest paths, and of the longest, that
            the mean leaves out.
        name: string, or None for `"path_length"`.
        space: `"z"` for paths between latents; `"w"` for paths between intermediate
            latents, of generators such as `keras_gan.architectures.StyleGenerator`.

    Its result is a dict: `"path_length"` and `"path_length_std"`.

    Example:

    ```python
    extractor = keras_gan.metrics.FashionMNISTClassifier()
    metric = keras_gan.metrics.PerceptualPathLength(extractor, num_paths=100)
    keras_gan.metrics.measure([metric], dataset, gan, num_images=1000)
    ```
    """

    default_name = "path_length"
    title = "Perceptual path length"
    minimized = ("path_length", "path_length_std")

    def __init__(
        self,
        extractor: Extractor,
        num_paths: int = 1000,
        epsilon: float = 1e-2,
        discard: float = 0.01,
        name: str | None = None,
        space: str = "z",
    ) -> None:
        self.space = arguments.one_of("space", space, ("z", "w"))
        self.num_paths = num_paths
        self.epsilon = epsilon
        self.discard = discard
        super().__init__(extractor, name)

    def new_real(self) -> dict[str, Any]:
        return {}

    def reset_state(self) -> None:
        super().reset_state()
        self.lengths = None

    def update_sampler(self, sampler: Any, seed: int, batch_size: int) -> None:
        """Measure `num_paths` paths in the sampler's latent space.

        Args:
            sampler: an object with `prior`, `synthesize(latents, labels)` and
                `num_classes`; for paths in w also with `map(latents, labels)`, and
                with `synthesize(w=...)`.
            seed: int, the seed of the latents and labels.
            batch_size: int, the number of images in a batch of the extractor.
        """
        rng = np.random.default_rng(seed)
        seeds = rng.integers(2**31, size=2)
        starts, ends = (
            as_array(sampler.prior.sample(self.num_paths, seed=int(each)))
            for each in seeds
        )
        position = rng.uniform(size=(self.num_paths, 1)).astype("float32")
        labels = [None] * self.num_paths
        if sampler.num_classes:
            labels = rng.integers(sampler.num_classes, size=self.num_paths)
        lengths = []
        for start in range(0, self.num_paths, batch_size):
            part = slice(start, start + batch_size)
            chosen = labels[part] if sampler.num_classes else None
            from_, to = starts[part], ends[part]
            if self.space == "w":
                from_, to = (sampler.map(each, chosen) for each in (from_, to))
            first = from_ + position[part] * (to - from_)
            second = first + self.epsilon * (to - from_)
            before, after = (
                np.asarray(self._features(sampler, each, chosen, batch_size), "float64")
                for each in (first, second)
            )
            lengths.append((((after - before) / self.epsilon) ** 2).sum(axis=1))
        self.lengths = np.concatenate(lengths)

    def _features(self, sampler, points, labels, batch_size):
        if self.space == "w":
            images = sampler.synthesize(w=points)
        else:
            images = sampler.synthesize(points, labels)
        return self.extractor.unrounded(images, batch_size)["features"]

    def result(self) -> dict[str, float]:
        if self.lengths is None:
            raise ValueError(
                "A path length is measured on a sampler, not on images. Use "
                "`metrics.measure` or `gan.evaluate`."
            )
        if not np.isfinite(self.lengths).all():
            raise ValueError("Some images along the paths are NaN or infinite.")
        ordered = np.sort(self.lengths)
        left_out = int(self.discard * len(ordered))
        kept = ordered[left_out : len(ordered) - left_out]
        return self.named({"path_length": kept.mean(), "path_length_std": kept.std()})

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "num_paths": self.num_paths,
            "epsilon": self.epsilon,
            "discard": self.discard,
            "space": self.space,
        }
