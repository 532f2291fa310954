"""Base class of all metrics, which compare two sets of samples."""

from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import Config, Tensor
from keras_gan.metrics.features import Extractor


class SampleMetric(keras.metrics.Metric):
    """Base class of metrics that compare generated and real samples.

    It is a `keras.metrics.Metric` for `compile(metrics=[...])` and is saved with the
    model. It has no Keras variables: `variables` is empty, and the state is NumPy
    arrays in accumulators. It processes whole sets of images after an epoch, not
    batches inside a compiled training step, which must not update it.

    Subclasses define the accumulators of each side in `new_real` and `new_fake`, as a
    dict from a name of the extractor's outputs to an accumulator (see
    `statistics.py`), and compute the value in `result`.

    Args:
        extractor: an `Extractor`.
        name: string, the key in logs. Metrics with several values prefix their keys
            with it, unless it is the default name.
    """

    default_name = None
    title = None  # the name of the value in `describe`
    # The keys of a result under the default name, by which direction is better.
    maximized, minimized = (), ()

    def __init__(self, extractor: Extractor, name: str | None = None) -> None:
        super().__init__(name=name or self.default_name)
        if not isinstance(extractor, Extractor):
            raise ValueError(
                "`extractor` must be an extractor, such as `MNISTClassifier()`, "
                "`InceptionV3()` or `ModelExtractor(model, name='mine')`. Received: "
                f"{extractor!r}"
            )
        self.extractor = extractor
        self.reset_state()

    def new_real(self) -> dict[str, Any]:
        """Return empty accumulators for real samples, by extractor output."""
        raise NotImplementedError

    def new_fake(self) -> dict[str, Any]:
        """Return empty accumulators for generated samples, by extractor output."""
        return self.new_real()

    @property
    def least_samples(self) -> int:
        """How many generated samples the metric needs, as far as that is known."""
        return 1

    def reset_state(self) -> None:
        """Forget all samples."""
        self.real = self.new_real()
        self.fake = self.new_fake()

    def update_real(self, features: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add features of real samples, of shape `(n, num_features)`."""
        _only(self.real).update(features, labels)

    def update_fake(self, features: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add features of generated samples, of shape `(n, num_features)`."""
        _only(self.fake).update(features, labels)

    def update_state(self, real: Any, fake: Any) -> None:
        """Add a batch of real and a batch of generated images."""
        for images, accumulators in ((real, self.real), (fake, self.fake)):
            if accumulators:
                outputs = self.outputs(images)
                for key, accumulator in accumulators.items():
                    accumulator.update(outputs[key])

    def outputs(self, images: Tensor, batch_size: int = 128) -> dict[str, np.ndarray]:
        """Return the extractor's outputs for images, and the images as `"pixels"`."""
        return outputs_with_pixels(self.extractor, images, batch_size)

    def update_sampler(self, sampler: Any, seed: int, batch_size: int) -> None:
        """Measure the sampler itself. Most metrics use its images only."""

    def named(self, values: dict[str, Any]) -> dict[str, float]:
        """Return values as floats by key, with a prefix if the metric was renamed."""
        return {self._renamed(key): float(value) for key, value in values.items()}

    def results(self) -> dict[str, float]:
        """Return `result()` as a dict, also if it is one number."""
        result = self.result()
        return result if isinstance(result, dict) else {self.name: result}

    def result_directions(self) -> dict[str, str]:
        """Return the keys of `results`, each with `"max"` or `"min"`, as is better."""
        directions = dict.fromkeys(self.maximized, "max")
        directions |= dict.fromkeys(self.minimized, "min")
        return {self._renamed(key): better for key, better in directions.items()}

    def _renamed(self, key):
        if self.name == self.default_name:
            return key
        if self.default_name and key.startswith(self.default_name):
            return self.name + key.removeprefix(self.default_name)
        return f"{self.name}_{key}"

    def describe(self) -> str:
        """Return the result as text, with the extractor and the numbers of samples."""
        values = ", ".join(f"{k} {v:.4g}" for k, v in self.results().items())
        sizes = [
            f"{max(each.num_samples for each in side.values()):,} {word}"
            for side, word in ((self.fake, "generated"), (self.real, "real"))
            if side
        ]
        counted = f" ({' against '.join(sizes)})" if sizes else ""
        return f"{self.title} over {self.extractor.name}: {values}{counted}"

    def get_config(self) -> Config:
        return {
            "extractor": keras.saving.serialize_keras_object(self.extractor),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: Config) -> "SampleMetric":
        config = dict(config)
        if "extractor" in config:
            config["extractor"] = keras.saving.deserialize_keras_object(
                config["extractor"]
            )
        return cls(**config)


def outputs_with_pixels(
    extractor: Extractor, images: Tensor, batch_size: int
) -> dict[str, np.ndarray]:
    """Return an extractor's outputs for images, and the images as `"pixels"`."""
    return {**extractor.outputs(images, batch_size), "pixels": images}


def require_samples(num_samples: int, least: int, which: str, why: str) -> None:
    """Raise `ValueError` if there are too few samples."""
    if num_samples < least:
        raise ValueError(
            f"Received {num_samples:,} {which} samples, expected at least {least:,}: "
            f"{why}"
        )


def _only(accumulators):
    if len(accumulators) != 1:
        raise ValueError(
            "This metric does not take features of this side by themselves. Use "
            "`update_state(real_images, fake_images)` or `metrics.measure`."
        )
    return next(iter(accumulators.values()))
