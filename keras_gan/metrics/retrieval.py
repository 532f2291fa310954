"""Retrieval: how often a translated image is nearest to its own target."""

from typing import Any

import keras
import numpy as np

from keras_gan._typing import Config
from keras_gan.metrics.distances import squared_distances
from keras_gan.metrics.sample_metric import require_samples
from keras_gan.metrics.statistics import PixelStore
from keras_gan.metrics.translation import TranslationMetric
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class RetrievalAccuracy(TranslationMetric):
    """Share of translated images that are nearest to their own target, by pixels.

    Of all true images of the evaluation, ordered by their Euclidean distance to a
    translated image, its own target is among the first `k`. A picture that is only
    plausible is not enough: it must be recognisable as the one that was meant. A target
    that others equal counts as the first of them. The more images, the harder it is; so
    compare only values over equal data.

    The metric keeps all images in memory, as bytes.

    Args:
        k: int, how many of the nearest count.
        direction: `"a_to_b"`, or `"b_to_a"`, of the model that is measured.
        name: string, the key in logs; `"retrieval_top_1"` for k = 1 if None, with
            `"_b_to_a"` behind it in that direction.

    Example:

    ```python
    import numpy as np
    from keras_gan import metrics

    images = np.random.default_rng(0).integers(0, 256, (10, 8, 8, 3), "uint8")
    accuracy = metrics.RetrievalAccuracy()
    accuracy.update_state(images, images)
    print(accuracy.result())  # 1.0
    ```
    """

    title = "Retrieval"

    def __init__(
        self, k: int = 1, direction: str = "a_to_b", name: str | None = None
    ) -> None:
        self.k = arguments.integer("k", k)
        self.default_name = f"retrieval_top_{self.k}"
        self.maximized = (self.default_name,)
        super().__init__(direction, name)

    @property
    def num_samples(self) -> int:
        return self._images.num_samples

    def reset_state(self) -> None:
        super().reset_state()
        self._true, self._images = PixelStore(), PixelStore()

    def update_state(self, real: Any, fake: Any) -> None:
        """Add a batch of true images, and one of images to compare with them."""
        if len(real) != len(fake):
            raise ValueError(
                f"Received {len(real)} true images and {len(fake)} others. Each needs "
                "its own."
            )
        self._true.update(real)
        self._images.update(fake)

    def result(self) -> float:
        why = f"with {self.k} or fewer, each is among the nearest {self.k}."
        require_samples(self.num_samples, self.k + 1, "translated", why)
        true, images = (
            store.array.reshape(store.num_samples, -1)
            for store in (self._true, self._images)
        )
        num_hits = 0
        for start, block in squared_distances(images, true):
            block = np.rint(block)  # of bytes; so equal images are equally near
            own = block[np.arange(len(block)), start + np.arange(len(block))]
            num_nearer = (block < own[:, None]).sum(axis=1)
            num_hits += int((num_nearer < self.k).sum())
        return num_hits / len(images)

    def get_config(self) -> Config:
        return {"k": self.k, **super().get_config()}
