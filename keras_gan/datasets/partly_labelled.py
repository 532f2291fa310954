"""Images of which only some have a label."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.datasets.arrays import check_labels
from keras_gan.datasets.batches import SHUFFLE, Batches
from keras_gan.validation import arguments

NO_LABEL = -1


def hide_labels(labels: ArrayLike, per_class: int, seed: int = 0) -> np.ndarray:
    """Keep a few labels of each class, and make the others -1.

    Args:
        labels: Integers (n,), counted from 0.
        per_class: How many to keep of each class.
        seed: Non-negative integer, of the choice.

    Returns:
        An int32 array (n,).

    Raises:
        ValueError: If a class has fewer labels, or they are no integers.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    few = datasets.hide_labels(np.arange(100) % 10, per_class=2)
    print((few >= 0).sum())  # 20
    ```
    """
    per_class = arguments.integer("per_class", per_class)
    labels = check_labels(labels, len(labels))
    hidden = np.full(len(labels), NO_LABEL, np.int32)
    rng = np.random.default_rng(arguments.integer("seed", seed, at_least=0))
    for each in np.unique(labels):
        rows = np.flatnonzero(labels == each)
        if len(rows) < per_class:
            raise ValueError(
                f"Class {each} has {len(rows)} labels. Received: per_class={per_class}"
            )
        hidden[rng.choice(rows, per_class, replace=False)] = each
    return hidden


class PartlyLabelled(Batches):
    """Batches `(images, labels)` in which every second row has a label.

    The other rows, with the label -1, are drawn from all images; an epoch is one pass
    over these. Those with a label follow in passes of their own, each in a new order,
    so that few labels are used often. `keras_gan.models.SemiSupervisedGAN` learns from
    both.

    Args:
        images: As for `Batches`.
        labels: Integers (n,), counted from 0; -1 where the class is not known.
        batch_size: Number of rows in a batch, even.
        **options: Further arguments of `Batches`.

    Raises:
        ValueError: If no image has a label, or every one has.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    images = np.random.default_rng(0).integers(0, 256, (100, 8, 8, 1), "uint8")
    labels = datasets.hide_labels(np.arange(100) % 10, per_class=2)
    pictures, some = datasets.PartlyLabelled(images, labels, batch_size=8)[0]
    print(some)  # a label, -1, a label, -1 ...
    ```
    """

    def __init__(
        self, images: Any, labels: ArrayLike, batch_size: int = 128, **options: Any
    ) -> None:
        labels = np.asarray(labels)
        self._known = _check_known(labels)
        self._half = arguments.integer("batch_size", batch_size, at_least=2) // 2
        if batch_size % 2:
            raise ValueError(
                "Half of the rows of a batch have labels: `batch_size` must be even. "
                f"Received: {batch_size}"
            )
        class_names = options.pop("class_names", None)
        super().__init__(images, np.maximum(labels, 0), batch_size, **options)
        self.labels = labels.astype(np.int32)
        self.class_names = None if class_names is None else list(class_names)
        self._check_classes()

    @property
    def steps_per_pass(self) -> int:
        """Number of batches in one pass over all images."""
        return self.num_samples // self._half

    def subset(self, indices: ArrayLike) -> "PartlyLabelled":
        other = super().subset(indices)
        kept = np.isin(self._known, other._samples)
        if not kept.any():
            raise ValueError("None of these samples has a label.")
        other._known = self._known[kept]
        return other

    def batch(self, step: int) -> Any:
        number, position = divmod(step, self.steps_per_pass)
        start = position * self._half
        others = self._pass(number)[start : start + self._half]
        indices = np.stack([self._drawn_with_label(step), others], axis=1).ravel()
        images, labels = self._read_batch(indices, number, position)
        labels = np.array(labels)
        labels[1::2] = NO_LABEL
        return images, labels

    def _drawn_with_label(self, step):
        """Return the samples with a label for a step: passes one after another."""
        places = step * self._half + np.arange(self._half)
        passes, rows = np.divmod(places, len(self._known))
        orders = {
            number: self.rng(SHUFFLE, number, 1).permutation(self._known)
            for number in np.unique(passes)
        }
        return np.array(
            [orders[n][row] for n, row in zip(passes, rows, strict=True)], np.int64
        )


def _check_known(labels):
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            "`labels` must be integers, one for each image, and -1 where the class is "
            f"not known. Received: {labels.dtype} of shape {labels.shape}"
        )
    if labels.size and labels.min() < NO_LABEL:
        raise ValueError(
            "`labels` count the classes from 0, and -1 says that the class is not "
            f"known. Received: {labels.min()}"
        )
    known = np.flatnonzero(labels >= 0)
    if len(known) in (0, len(labels)):
        raise ValueError(
            f"{len(known)} of {len(labels)} images have a label. Expected some, and "
            "-1 for the others: see `keras_gan.datasets.hide_labels`."
        )
    return known
