"""Measure a generator against real images."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.inputs import num_samples
from keras_gan.metrics.features import RawSamples
from keras_gan.metrics.references import ReferenceCache, identity
from keras_gan.metrics.sample_metric import SampleMetric, outputs_with_pixels
from keras_gan.metrics.saved import AsSaved
from keras_gan.metrics.sources import Source, join_labels
from keras_gan.metrics.tables import check_tables, measure_tables
from keras_gan.metrics.translation import check_directions, measure_translation
from keras_gan.pixels import as_array

# Part of the protocol: each chunk of images has its own seed, which keeps memory
# constant. Another size would give other images.
CHUNK = 128


def measure(
    metrics: list[SampleMetric],
    real: Any,
    sampler: Any,
    num_images: int = 10_000,
    batch_size: int = 128,
    seed: int = 0,
    verbose: str | int = "auto",
    cache_dir: PathLike | bool | None = None,
) -> dict[str, float]:
    """Measure generated images against real ones.

    Each extractor processes every image once, even if several metrics share it.
    Memory does not grow with `num_images`, except for metrics that compare single
    images. All real images are used, also the last partial batch.

    Args:
        metrics: list of `SampleMetric`s. They keep their state, so that
            `metric.describe()` and `NearestNeighbours.pairs()` work afterwards.
        real: an array of images, uint8, or float in [-1, 1]; `(images, labels)`; a
            folder of pictures; a `tf.data.Dataset`, a `PyDataset` or any iterable
            of batches of images or of `(images, labels)`. None if no metric uses
            real images. For a model that translates: pairs of images, such as
            `keras_gan.datasets.pairs(inputs, targets)`, or two arrays.
        sampler: a `GAN`, or an object with `generate(num_images, seed=..., labels=
            ...)`, and `num_classes`, None for a model without labels. For
            `PerceptualPathLength` also `prior` and `synthesize(latents, labels)`. Or a
            model that translates images, with `directions` and `translate(images,
            direction)`: then the inputs of the pairs are translated. Or a model of
            tables, with `codec` and `sample`: then `real` is a `pandas.DataFrame`.
        num_images: int, the number of generated images, or of pairs at most.
        batch_size: int, the number of images in a batch of the extractor.
        seed: int. The same seed gives the same generated images.
        verbose: `"auto"` or 1 for a progress bar, 0 for none.
        cache_dir: string, the folder where the statistics of real images are kept
            between runs. None for a folder in Keras' own, False for no cache. Data
            that can be iterated only once is never cached.

    Returns:
        dict of floats. A conditional sampler generates labels with the frequencies
        of the real labels, or with equal frequencies if there are none.

    ```python
    import numpy as np
    from keras_gan import metrics

    class Noise:
        num_classes = None

        def generate(self, num_images, seed=None):
            shape = (num_images, 28, 28, 1)
            return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")

    real = np.random.default_rng(0).integers(0, 256, (1000, 28, 28, 1), "uint8")
    distance = metrics.FrechetDistance(metrics.MNISTClassifier())
    metrics.measure([distance], real, Noise(), num_images=1000, cache_dir=False)
    print(distance.describe())
    ```
    """
    check_metrics(metrics, sampler)
    check_num_images(metrics, num_images)
    check_num_real(metrics, num_samples(real))
    for metric in metrics:
        metric.reset_state()
    if hasattr(sampler, "codec"):
        return gather(measure_tables(metrics, real, sampler, num_images, seed))
    if getattr(sampler, "directions", None) is not None:
        return gather(
            measure_translation(metrics, real, sampler, num_images, batch_size, verbose)
        )
    source, labels = None, None
    if any(metric.real for metric in metrics):
        source, labels = update_real(metrics, real, batch_size, cache_dir, verbose)
    fakes = _generated(sampler, num_images, seed, labels)
    shape = None if source is None else source.image_shape
    update_fake(metrics, fakes, batch_size, num_images, verbose, shape)
    for metric in metrics:
        metric.update_sampler(sampler, seed, batch_size)
    return gather(metrics)


def check_metrics(metrics: Any, model: Any) -> None:
    """Raise `ValueError` unless `metrics` is a nonempty list of metrics for a model.

    Args:
        metrics: what was passed as metrics.
        model: the model that they are to measure; None for two sets of images.
    """
    if not metrics or not all(isinstance(each, SampleMetric) for each in metrics):
        raise ValueError(
            "`metrics` must be a list of metrics of `keras_gan.metrics`, such as "
            f"`[FrechetDistance(extractor)]`. Received: {metrics!r}"
        )
    check_directions(metrics, model)
    check_tables(metrics, model)


def check_num_images(metrics: list[SampleMetric], num_images: int) -> None:
    """Raise `ValueError` unless a number of generated images suffices for all metrics.

    Args:
        metrics: list of metrics.
        num_images: int, how many images are to be generated.
    """
    if num_images < 1:
        raise ValueError(f"`num_images` must be positive. Received: {num_images}")
    _check_number(metrics, num_images, "generated")


def check_num_real(metrics: list[SampleMetric], num_images: int | None) -> None:
    """Raise `ValueError` unless there are enough real images for all metrics.

    Args:
        metrics: list of metrics.
        num_images: int, how many real images there are; None if that is not known
            before they are read. Then it is not checked.
    """
    if num_images is not None:
        comparing = [metric for metric in metrics if metric.real]
        _check_number(comparing, num_images, "real")


def _check_number(metrics, num_images, which):
    for metric in metrics:
        if num_images < metric.least_samples:
            raise ValueError(
                f"{metric.name!r} needs at least {metric.least_samples:,} {which} "
                f"images. Received: {num_images:,}"
            )


def gather(metrics: list[SampleMetric]) -> dict[str, float]:
    """Return the results of all metrics in one dict."""
    gathered = {}
    for metric in metrics:
        for key, value in metric.results().items():
            if key in gathered:
                raise ValueError(
                    f"Two metrics have the key {key!r}. Give one another `name`."
                )
            gathered[key] = value
    return gathered


def update_real(
    metrics: list[SampleMetric],
    real: Any,
    batch_size: int,
    cache_dir: PathLike | bool | None,
    verbose: str | int,
) -> tuple[Source, np.ndarray | None]:
    """Update metrics with real images, from the cache if possible.

    Returns:
        `(source, labels)`: the images, and the labels of all of them, or None.
    """
    if real is None:
        raise ValueError("These metrics compare with real images. Received: real=None")
    source = Source(real, batch_size)
    images_only = any(
        metric.real and not isinstance(metric.extractor, RawSamples)
        for metric in metrics
    )
    parts = _share(metrics, "real")
    if cache_dir is False or not source.repeatable:
        labels = _update(parts, source, batch_size, None, verbose)
        if images_only:
            source.check_range()
        return source, labels
    cache = ReferenceCache(cache_dir)
    labels = source.labels()
    data = source.fingerprint
    if images_only:
        source.check_range()
    missing = {}
    for extractor, accumulators in parts.values():
        for output, accumulator in accumulators:
            key = identity(data, extractor, output, accumulator.kind)
            kept = accumulator.kind != "pixels"
            if not (kept and cache.load(accumulator, key)):
                entry = missing.setdefault(extractor.fingerprint, (extractor, []))
                entry[1].append((output, accumulator))
    if missing:
        _update(missing, source, batch_size, None, verbose)
    for extractor, accumulators in missing.values():
        for output, accumulator in accumulators:
            # Augmented data differs in every pass and is not cached.
            if accumulator.kind != "pixels" and source.fingerprint == data:
                key = identity(data, extractor, output, accumulator.kind)
                cache.save(accumulator, key)
    return source, labels


def update_fake(
    metrics: list[SampleMetric],
    fakes: Iterable[tuple[np.ndarray, np.ndarray | None]],
    batch_size: int,
    num_images: int | None,
    verbose: str | int,
    real_shape: tuple[int, ...] | None = None,
) -> None:
    """Update metrics with batches of generated `(images, labels)`."""
    parts = _share(metrics, "fake")
    if not parts:
        return
    if not any(isinstance(metric.extractor, RawSamples) for metric in metrics):
        fakes = _as_saved(fakes)
    fakes = _of_shape(fakes, real_shape)
    _update(parts, fakes, batch_size, num_images, verbose)


def _share(metrics, side):
    """Share equal accumulators between metrics.

    Returns:
        dict from an extractor's fingerprint to `(extractor, [(output,
        accumulator)])`.
    """
    parts, shared = {}, {}
    for metric in metrics:
        accumulators = getattr(metric, side)
        for output, accumulator in accumulators.items():
            fingerprint = metric.extractor.fingerprint
            key = (fingerprint, output, accumulator.kind)
            if key not in shared:
                shared[key] = accumulator
                entry = parts.setdefault(fingerprint, (metric.extractor, []))
                entry[1].append((output, accumulator))
            accumulators[output] = shared[key]
    return parts


def _update(parts, batches, batch_size, num_images, verbose):
    bar = keras.utils.Progbar(num_images, verbose=1, unit_name="image")
    show, all_labels, seen = verbose not in (0, False), [], 0
    for images, labels in batches:
        for extractor, accumulators in parts.values():
            outputs = outputs_with_pixels(extractor, images, batch_size)
            for output, accumulator in accumulators:
                if output not in outputs:
                    raise ValueError(
                        f"The extractor {extractor.name!r} gives no {output!r}, only "
                        f"{sorted(outputs)}."
                    )
                accumulator.update(outputs[output], labels)
        all_labels.append(labels)
        seen += len(images)
        if show:
            bar.update(seen)
    return join_labels(all_labels)


def _as_saved(fakes):
    as_saved = AsSaved()
    for images, labels in fakes:
        yield as_saved(images), labels
    as_saved.check()


def _of_shape(fakes, real_shape):
    for images, labels in fakes:
        if real_shape is not None and tuple(images.shape[1:]) != tuple(real_shape):
            raise ValueError(
                f"Generated images have the shape {tuple(images.shape[1:])}, real "
                f"ones {tuple(real_shape)}. A distance between them would measure "
                "the resizing: bring the real ones to the generator's shape."
            )
        yield images, labels


def _generated(sampler, num_images, seed, real_labels):
    """Yield chunks of generated images and labels, each with its own seed."""
    num_classes = getattr(sampler, "num_classes", None)
    labels = None
    if num_classes:
        labels = np.arange(num_images) % num_classes
        if real_labels is not None:
            rng = np.random.default_rng(seed)
            order = rng.permutation(len(real_labels))
            labels = np.resize(real_labels[order], num_images)
    for index, start in enumerate(range(0, num_images, CHUNK)):
        num = min(CHUNK, num_images - start)
        chunk_seed = np.random.SeedSequence([seed, index]).generate_state(1)[0]
        options = {"seed": int(chunk_seed) % 2**31}
        if labels is not None:
            options["labels"] = labels[start : start + num]
        images = as_array(sampler.generate(num, **options))
        if len(images) != num:
            raise ValueError(
                f"The sampler was asked for {num} images and gave {len(images)}."
            )
        yield images, options.get("labels")
