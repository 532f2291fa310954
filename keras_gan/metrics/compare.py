"""Compare two sets of images, without a generator."""

import os
from typing import Any

from keras_gan._typing import PathLike
from keras_gan.datasets.folder import PictureBatches, skips
from keras_gan.metrics.measure import (
    check_metrics,
    gather,
    update_fake,
    update_real,
)
from keras_gan.metrics.sample_metric import SampleMetric
from keras_gan.metrics.sources import Source, warn_of_unequal_compression


def compare(
    real: Any,
    fake: Any,
    metrics: list[SampleMetric],
    batch_size: int = 128,
    verbose: str | int = "auto",
    cache_dir: PathLike | bool | None = None,
    on_error: str = "raise",
) -> dict[str, float]:
    """Compare two folders of pictures, or two arrays, with metrics.

    Args:
        real: the path of a folder of pictures, an array of images, or any
            other data that `measure` takes as `real`.
        fake: the same, for generated images.
        metrics: list of `SampleMetric`s.
        batch_size: int, the number of images in a batch of the extractor.
        verbose: `"auto"` or 1 for a progress bar, 0 for none.
        cache_dir: as for `measure`.
        on_error: for folders, as for `keras_gan.datasets.image_folder`: `"raise"` or
            `"skip"`.

    Returns:
        dict of floats, by the names of the metrics.

    ```python
    import numpy as np
    from keras_gan import metrics

    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (200, 28, 28, 1), "uint8")
    fake = rng.integers(0, 128, (200, 28, 28, 1), "uint8")
    distance = metrics.FrechetDistance(metrics.MNISTClassifier())
    metrics.compare(real, fake, metrics=[distance], cache_dir=False)
    ```
    """
    check_metrics(metrics, None)
    for metric in metrics:
        metric.reset_state()
    folders = [isinstance(each, (str, os.PathLike)) for each in (real, fake)]
    if all(folders):
        warn_of_unequal_compression(real, fake)
    skip = skips(on_error)
    real, fake = (
        PictureBatches(data, batch_size, skip) if is_folder else data
        for data, is_folder in zip((real, fake), folders, strict=True)
    )
    if any(metric.real for metric in metrics):
        update_real(metrics, real, batch_size, cache_dir, verbose)
    fakes = Source(fake, batch_size)
    update_fake(metrics, fakes, batch_size, None, verbose)
    return gather(metrics)
