"""Measure image translation: translated images against the true ones."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.datasets.inputs import unpack_batch
from keras_gan.metrics.features import RawSamples
from keras_gan.metrics.sample_metric import SampleMetric
from keras_gan.metrics.saved import AsSaved
from keras_gan.metrics.sources import Source
from keras_gan.pixels import as_array, from_uint8, to_uint8

DIRECTIONS = ("a_to_b", "b_to_a")


class TranslationMetric(SampleMetric):
    """Base class of metrics of translated images.

    Pass them to `compile(metrics=[...])` of a model that translates, such as
    `keras_gan.models.CycleGAN`. `evaluate(pairs)` and `fit(validation_data=pairs)`
    translate the inputs of the pairs and compare the results, rounded to bytes as in a
    saved picture, with the targets. A direction is translated once, whatever the number
    of its metrics.

    Without a model, call `update_state(true_images, images)`.

    Subclasses implement `update_state`, `num_samples` and `result`.

    Args:
        direction: `"a_to_b"`, from the first images of the pairs to the second, or
            `"b_to_a"`.
        name: string, the key in logs. By default the metric's own name, with
            `"_b_to_a"` behind it in that direction.
    """

    needs_pairs = True  # whether a translated image is compared with its own target
    needs_both_directions = False

    def __init__(self, direction: str = "a_to_b", name: str | None = None) -> None:
        if direction not in DIRECTIONS:
            raise ValueError(
                f"`direction` must be 'a_to_b' or 'b_to_a'. Received: {direction!r}"
            )
        self.direction = direction
        if name is None and direction != DIRECTIONS[0]:
            name = f"{self.default_name}_{direction}"
        super().__init__(RawSamples(), name)

    def new_real(self) -> dict[str, Any]:
        return {}

    @property
    def num_samples(self) -> int:
        """The number of images compared."""
        raise NotImplementedError

    def update_translation(
        self,
        inputs: np.ndarray,
        outputs: np.ndarray,
        targets: np.ndarray,
        translate_back: Callable[[], np.ndarray],
    ) -> None:
        """Add a batch of a translation, all images as bytes.

        Args:
            inputs: uint8 array `(n, height, width, channels)`.
            outputs: uint8 array, what the model made of the inputs.
            targets: uint8 array, the true images.
            translate_back: function that returns the outputs in the other direction's
                translation, the cycle.
        """
        self.update_state(targets, outputs)

    def describe(self) -> str:
        values = ", ".join(f"{k} {v:.4g}" for k, v in self.results().items())
        return f"{self.title}, {self.direction}: {values} ({self.num_samples:,} images)"

    def get_config(self) -> Config:
        return {"direction": self.direction, "name": self.name}


@keras.saving.register_keras_serializable(package="keras_gan")
class InDirection(TranslationMetric):
    """A metric of sets of images, such as `FrechetDistance`, of translated images.

    It compares the translated images with the true images of the target domain. Which
    belongs to which does not matter, so the data need not be pairs.

    In `compile` of a model that translates, a `FrechetDistance` alone means this for
    the direction `"a_to_b"`.

    Args:
        metric: a metric of real and generated images.
        direction: `"a_to_b"` or `"b_to_a"`.
        name: string, what the keys of the metric begin with. By default its own
            keys, with `"_b_to_a"` behind them in that direction.

    Example:

    ```python
    from keras_gan import metrics

    distance = metrics.FrechetDistance(metrics.EmojiClassifier())
    back = metrics.InDirection(distance, "b_to_a")
    print(back.name)  # frechet_distance_b_to_a
    ```
    """

    needs_pairs = False

    def __init__(
        self,
        metric: SampleMetric,
        direction: str = "a_to_b",
        name: str | None = None,
    ) -> None:
        if not isinstance(metric, SampleMetric) or isinstance(
            metric, TranslationMetric
        ):
            raise ValueError(
                "`metric` must be a metric of real and generated images, such as "
                f"`FrechetDistance(extractor)`. Received: {metric!r}"
            )
        self.metric = metric
        self.default_name = metric.name
        super().__init__(direction, name)

    @property
    def title(self) -> str:
        """What tables and plots call it: as the metric that it measures."""
        return self.metric.title

    @property
    def least_samples(self) -> int:
        return self.metric.least_samples

    @property
    def num_samples(self) -> int:
        return max(each.num_samples for each in self.metric.fake.values())

    def reset_state(self) -> None:
        super().reset_state()
        self.metric.reset_state()

    def update_state(self, real: Any, fake: Any) -> None:
        self.metric.update_state(real, fake)

    def result(self) -> Any:
        return self.metric.result()

    def results(self) -> dict[str, float]:
        return {self._own(k): value for k, value in self.metric.results().items()}

    def result_directions(self) -> dict[str, str]:
        directions = self.metric.result_directions()
        return {self._own(key): better for key, better in directions.items()}

    def describe(self) -> str:
        return f"{self.direction}: {self.metric.describe()}"

    def _own(self, key):
        if self.name == self.metric.name:
            return key
        if self.name == f"{self.metric.name}_{self.direction}":
            return f"{key}_{self.direction}"
        return f"{self.name}{key.removeprefix(self.metric.name)}"

    def get_config(self) -> Config:
        metric = keras.saving.serialize_keras_object(self.metric)
        return {"metric": metric, **super().get_config()}

    @classmethod
    def from_config(cls, config: Config) -> "InDirection":
        metric = keras.saving.deserialize_keras_object(config["metric"])
        return cls(**{**config, "metric": metric})


def check_directions(metrics: list[SampleMetric], model: Any) -> None:
    """Raise `ValueError` on metrics that a model cannot be measured by.

    Args:
        metrics: those of `compile`.
        model: a model; one that translates has `directions`. None for sets of images.
    """
    directions = getattr(model, "directions", None)
    name = type(model).__name__
    for metric in metrics:
        if not isinstance(metric, TranslationMetric):
            continue
        kind = type(metric).__name__
        if model is None:
            raise ValueError(
                f"{kind} compares images one by one, not two sets of them. Call "
                "`metric.update_state(true_images, images)`, then `metric.result()`."
            )
        if directions is None:
            raise ValueError(
                f"{kind} measures translated images, and {name} does not translate. "
                "Use a metric of generated images, such as `FrechetDistance`."
            )
        if metric.direction not in directions:
            raise ValueError(
                f"{kind} is to measure the direction {metric.direction!r}, and {name} "
                f"translates {' and '.join(directions)} only."
            )
        if metric.needs_both_directions and len(directions) < 2:
            raise ValueError(
                f"{kind} translates images there and back, and {name} translates "
                f"{directions[0]} only. Leave it out."
            )


def measure_translation(
    metrics: list[SampleMetric],
    pairs: Any,
    model: Any,
    num_images: int,
    batch_size: int,
    verbose: str | int,
) -> list[TranslationMetric]:
    """Translate pairs of images, and update the metrics.

    Args:
        metrics: list of metrics, as for `metrics.measure`.
        pairs: `keras_gan.datasets.pairs`, or what else yields `(inputs, targets)`.
        model: an object with `directions` and `translate(images, direction)`.
        num_images: int, how many pairs to use at most.
        batch_size: int, the number of images to translate at once.
        verbose: `"auto"` or 1 for a progress bar, 0 for none.

    Returns:
        The metrics; each that is no `TranslationMetric` in an `InDirection`.
    """
    check_directions(metrics, model)
    metrics = [
        metric if isinstance(metric, TranslationMetric) else InDirection(metric)
        for metric in metrics
    ]
    source = PairSource(pairs, batch_size)
    for metric in metrics:
        metric.reset_state()
        if metric.needs_pairs and not source.is_paired:
            raise ValueError(
                f"{type(metric).__name__} compares each translated image with its own "
                "target, and these data are unpaired. Pass pairs, "
                "`keras_gan.datasets.pairs(inputs, targets)`, or leave it out."
            )
    by_direction = {name: [] for name in model.directions}
    for metric in metrics:
        by_direction[metric.direction].append(metric)
    bar = keras.utils.Progbar(None, verbose=1, unit_name="image")
    seen = 0
    for a, b in _chunks(source, batch_size, num_images):
        for direction, chosen in by_direction.items():
            if chosen:
                inputs, targets = (a, b) if direction == DIRECTIONS[0] else (b, a)
                batch = _Batch(inputs, targets, model, direction, batch_size)
                for metric in chosen:
                    batch.update(metric)
        seen += len(a)
        if verbose not in (0, False):
            bar.update(seen)
    source.check_range()
    return metrics


class PairSource(Source):
    """Batches `(a, b)` of pairs, or of two domains.

    Args:
        data: as for `Source`, with pairs in the place of images with labels.
        batch_size: int, for data that is not in batches.
    """

    def __init__(self, data: Any, batch_size: int) -> None:
        super().__init__(data, batch_size)
        self.is_paired = getattr(self.data, "is_paired", True)

    def __iter__(self):
        is_empty = True
        for batch in self._batches():
            parts = unpack_batch(batch)
            if len(parts) != 2 or as_array(parts[1]).ndim < 3:
                raise ValueError(
                    "A translation is measured on pairs of images, and the data yield "
                    f"{_described(parts)}. Pass `keras_gan.datasets.pairs(inputs, "
                    "targets)`, or two arrays: `evaluate(inputs, targets)`."
                )
            a, b = map(as_array, parts)
            if len(a) == 0:
                continue
            is_empty = False
            for images in (a, b):
                lowest = float(images.min()) if images.dtype.kind == "f" else -np.inf
                self.lowest = min(self.lowest, lowest)
            yield a, b
        if is_empty:
            raise ValueError("There are no pairs to measure the translation on.")


class _Batch:
    """A batch of one direction, translated once, and back if a metric asks for it."""

    def __init__(self, inputs, targets, model, direction, batch_size):
        self.model, self.batch_size = model, batch_size
        self.inputs, self.targets = to_uint8(inputs), to_uint8(targets)
        self.direction = direction
        self.outputs = self._translate(inputs, direction)
        if self.outputs.shape != self.targets.shape:
            raise ValueError(
                f"Translated {direction}, images have the shape "
                f"{self.outputs.shape[1:]}, and the true ones "
                f"{self.targets.shape[1:]}. A comparison would measure the resizing: "
                "bring the pairs to the model's shape."
            )
        self._back = None

    def update(self, metric):
        metric.update_translation(
            self.inputs, self.outputs, self.targets, self.translate_back
        )

    def translate_back(self):
        if self._back is None:
            other = DIRECTIONS[1 - DIRECTIONS.index(self.direction)]
            self._back = self._translate(self.outputs, other)
        return self._back

    def _translate(self, images, direction):
        is_bytes = images.dtype == np.uint8
        images = from_uint8(images) if is_bytes else images.astype("float32")
        images = as_array(
            self.model.translate(images, direction, batch_size=self.batch_size)
        )
        return to_uint8(AsSaved()(images))


def _chunks(source, size, limit) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the rows of batches in chunks of one size, up to a limit."""
    waiting, num_waiting, num_seen = [], 0, 0
    for batch in source:
        batch = tuple(images[: limit - num_seen] for images in batch)
        waiting.append(batch)
        num_waiting += len(batch[0])
        num_seen += len(batch[0])
        if num_waiting >= size:
            yield tuple(map(np.concatenate, zip(*waiting, strict=True)))
            waiting, num_waiting = [], 0
        if num_seen >= limit:
            break
    if num_waiting:
        yield tuple(map(np.concatenate, zip(*waiting, strict=True)))


def _described(parts):
    shapes = " and ".join(str(as_array(part).shape) for part in parts)
    return f"batches of {shapes}"
