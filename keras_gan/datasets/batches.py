"""Input pipeline: shuffle, read, crop, augment and scale images."""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import Augment, Size
from keras_gan.datasets import fingerprints
from keras_gan.datasets.arrays import check_images, check_labels, scale
from keras_gan.datasets.clusters import check_clusters, cluster_samples
from keras_gan.datasets.pictures import cover
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.datasets.sources import check_source, is_source, read_present
from keras_gan.datasets.transforms import (
    binarize,
    check_geometry,
    crop_windows,
    horizontal_flip,
    map_threads,
    random_shift,
    resize_array,
)
from keras_gan.validation import arguments

SHUFFLE, CROP, AUGMENT = range(3)


class Batches(SeededDataset):
    """Batches of float32 images in [-1, 1], the same for all three backends.

    Images stay in memory as `uint8`. Each batch is gathered, augmented and scaled
    when it is requested. The order of the samples, the augmentation and the crops are
    functions of the seed and of the pass over the data. Therefore a resumed run gets
    the same batches as an uninterrupted one.

    The object works in `fit`, in `evaluate` and in `for images in batches:`.

    Args:
        images: Array (n, height, width, channels) or (n, height, width), `uint8` or
            float, or float vectors (n, features), which are not scaled. Also any
            object with a length that returns, for an array of indices, an array
            of resized `uint8` images (or, if `crop` is random, a list of arrays
            that cover `size`).
        labels: Integers (n,), counted from 0. With labels, a batch is
            `(images, labels)`.
        batch_size: Number of samples in a batch.
        shuffle: Whether to shuffle the samples anew for every pass over the data.
        seed: Non-negative integer.
        augment: Callable `augment(images, rng)`, or a list of them. It takes a batch
            of images in their stored dtype and a `numpy.random.Generator`, and must
            return the same dtype. `"horizontal_flip"`, `"random_shift"` and
            `"binarize"` are short for those functions.
        drop_remainder: Whether to leave out the last, smaller batch of a pass. Use
            it for training (under `shuffle`, each pass leaves out other samples),
            not for evaluation.
        value_range: Pair (low, high), the values of black and white in float images.
            An error says when it is needed.
        size: Pair (height, width). The images are resized once, in memory.
        crop: `None` stretches to `size`. `"center"` and `"random"` keep the aspect
            ratio and cut out a window of `size`, a new random one for each pass.
        class_names: Names of the classes, in the order of the labels.
        clusters: int. Images without labels get those of as many clusters of equal
            size, see `keras_gan.datasets.cluster`.
        **kwargs: `steps_per_epoch` (default: one pass over the data) and `prefetch`,
            see `SeededDataset`.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    pictures = np.random.default_rng(0).integers(0, 256, (100, 28, 28), "uint8")
    data = datasets.Batches(pictures, batch_size=32)
    print(data)
    for images in data:
        print(images.shape, images.min(), images.max())
    ```
    """

    def __init__(
        self,
        images: Any,
        labels: ArrayLike | None = None,
        batch_size: int = 128,
        shuffle: bool = True,
        seed: int = 0,
        augment: Augment | Sequence[Augment] | None = None,
        drop_remainder: bool = True,
        value_range: Sequence[float] | None = None,
        size: Size = None,
        crop: str | None = None,
        class_names: Sequence[str] | None = None,
        clusters: int | None = None,
        **kwargs: Any,
    ) -> None:
        size = check_geometry(size, crop)
        clusters = check_clusters(clusters, labels)
        if is_source(images):
            check_source(images)
            self._range, self._stored = (0, 255), np.dtype(np.uint8)
        else:
            images, self._range = check_images(images, value_range)
            images = resize_all(images, size, crop)
            self._stored = images.dtype
        self.images = images
        self.files = None
        self._window = size if crop == "random" else None
        self._samples = np.arange(len(images))
        self._clusters = clusters
        if clusters is not None:
            labels = cluster_samples(images, self._samples, clusters, self._window)
            class_names = None  # of other classes
        self.labels = None if labels is None else check_labels(labels, len(images))
        self.class_names = None if class_names is None else list(class_names)
        self._check_classes()
        self.batch_size = arguments.integer("batch_size", batch_size)
        self.shuffle = shuffle
        self.drop_remainder = drop_remainder
        self._augment = as_list(augment)
        self._scales = True
        self._order = (None, None)
        kwargs = {"steps_per_epoch": self._check_steps_per_pass()} | kwargs
        super().__init__(seed=seed, **kwargs)
        self.image_shape = self._probe()

    @property
    def num_samples(self) -> int:
        """Number of samples in one pass over the data."""
        return len(self._samples)

    @property
    def num_classes(self) -> int | None:
        """Number of classes, or `None` without labels."""
        if self.labels is None:
            return None
        return len(self.class_names or ()) or int(self.labels.max()) + 1

    @property
    def steps_per_pass(self) -> int:
        """Number of batches in one pass over the data."""
        if self.drop_remainder:
            return self.num_samples // self.batch_size
        return -(-self.num_samples // self.batch_size)

    def subset(self, indices: ArrayLike) -> "Batches":
        """Return the same pipeline over some of the samples.

        Args:
            indices: Integers, positions among the samples of this dataset, or a
                boolean for each of them.
        """
        other = copy.copy(self)
        other._samples = self._samples[np.asarray(indices)]
        other._order = (None, None)
        other.steps_per_epoch = other._check_steps_per_pass()
        other._rewind()
        return other

    def take(self, num_samples: int) -> "Batches":
        """Return the same pipeline over the first samples, in stored order."""
        num_samples = arguments.integer("num_samples", num_samples)
        if num_samples > self.num_samples:
            raise ValueError(
                f"There are only {self.num_samples} samples. "
                f"Received: num_samples={num_samples}"
            )
        return self.subset(np.arange(num_samples))

    def with_remainder(self) -> "Batches":
        """Return the same pipeline, with the last, smaller batch of every pass."""
        other = copy.copy(self)
        other.drop_remainder = False
        if self.steps_per_epoch == self.steps_per_pass:
            other.steps_per_epoch = other.steps_per_pass
        other._rewind()
        return other

    def as_uint8(self) -> "Batches":
        """Return the same pipeline at the same position, without scaling.

        Its images are bytes, which take a quarter of the memory. The user scales
        them with `keras_gan.pixels.from_uint8`. The order, the crops and the
        augmentation are the same.

        Returns:
            `Batches` that share the data with this object, or this object if the
            stored images are not `uint8`.

        Example:

        ```python
        import numpy as np
        from keras_gan import datasets, pixels

        data = datasets.Batches(np.zeros((4, 8, 8, 3), "uint8"), batch_size=2)
        images = pixels.from_uint8(data.as_uint8()[0])  # equal to data[0]
        ```
        """
        if self._stored != np.uint8:
            return self
        other = copy.copy(self)
        other._scales = False
        other._rewind()
        other.seek(self.epoch, self.start)
        return other

    def fingerprint(self) -> str:
        """Return a digest of the images and their labels.

        Of arrays of more than 256 MB, and of images that are not in memory, some are
        looked at. Of clusters only their number counts: the last digits of a machine
        may put an image between two clusters into the other.
        """
        if self.files is not None:
            images = [fingerprints.of_files(*each) for each in self.files]
            images = images[0] if len(images) == 1 else images
        elif isinstance(self.images, np.ndarray):
            images = fingerprints.of_array(self.images)
        else:
            images = fingerprints.of_source(self.images)
        labels = self.labels if self._clusters is None else np.array([self._clusters])
        rows = [self._samples] if labels is None else [self._samples, labels]
        return fingerprints.combined(
            images, self.image_shape, self._range, *map(fingerprints.of_array, rows)
        )

    def arrays(self) -> Any:
        """Return all samples in stored order, neither shuffled nor augmented.

        Returns:
            Images (n, height, width, channels), float32 or, from `as_uint8()`,
            `uint8`; or `(images, labels)`. Random crops become central ones.
        """
        images, indices = read_present(self.images, self._samples)
        if self._window:
            images = crop_windows(images, self._window)
        return self._as_batch(self._scaled(images), indices)

    def batch(self, step: int) -> Any:
        number, position = divmod(step, self.steps_per_pass)
        start = position * self.batch_size
        indices = self._pass(number)[start : start + self.batch_size]
        return self._read_batch(indices, number, position)

    def _read_batch(self, indices, *place):
        """Return samples as a batch; the place determines their random changes."""
        images, indices = read_present(self.images, indices)
        if self._window:
            images = crop_windows(images, self._window, self.rng(CROP, *place))
        images = self._augmented(images, self.rng(AUGMENT, *place))
        return self._as_batch(self._scaled(images), indices)

    def _pass(self, number):
        """Return the order of the samples in this pass over the data."""
        if not self.shuffle:
            return self._samples
        current, order = self._order
        if current != number:
            order = self.rng(SHUFFLE, number).permutation(self._samples)
            self._order = (number, order)
        return order

    def _augmented(self, images, rng):
        for augment in self._augment:
            augmented = augment(images, rng)
            same_dtype = getattr(augmented, "dtype", None) == images.dtype
            if not same_dtype or len(augmented) != len(images):
                raise ValueError(
                    f"`augment` must return {len(images)} images of {images.dtype}, "
                    f"like its input. {augment} returned "
                    f"{getattr(augmented, 'dtype', type(augmented).__name__)} of shape "
                    f"{np.shape(augmented)}"
                )
            images = augmented
        return images

    def _scaled(self, images):
        return scale(images, self._range) if self._scales else images

    def _as_batch(self, images, indices):
        return images if self.labels is None else (images, self.labels[indices])

    def _probe(self):
        """Return the shape of one image after the pipeline."""
        image = self.images[self._samples[:1]]
        if self._window:
            image = crop_windows(image, self._window)
        return self._augmented(image, self.rng(AUGMENT)).shape[1:]

    def _check_steps_per_pass(self):
        if self.steps_per_pass == 0:
            raise ValueError(
                f"{self.num_samples} samples do not fill one batch of "
                f"{self.batch_size}. Lower `batch_size`, or pass drop_remainder=False."
            )
        return self.steps_per_pass

    def _check_classes(self):
        if self.labels is None or self.class_names is None:
            return
        if self.labels.max() >= len(self.class_names):
            raise ValueError(
                f"`labels` go up to {self.labels.max()} but `class_names` has only "
                f"{len(self.class_names)} names: {self.class_names}"
            )

    def __repr__(self) -> str:
        classes = f", {self.num_classes} classes" if self.num_classes else ""
        return (
            f"Batches({self.num_samples:,} samples of shape {self.image_shape}"
            f"{classes}; {len(self)} batches of {self.batch_size}, "
            f"shuffle={self.shuffle}, seed={self.seed}, epoch={self.epoch})"
        )


def resize_all(images: np.ndarray, size: Size, crop: str | None) -> np.ndarray:
    """Resize an array of images in parallel threads."""
    if size is None:
        return images
    if images.ndim != 4:
        raise ValueError(
            f"`size` is for images. Received: size={size} for vectors of shape "
            f"{images.shape[1:]}"
        )
    covered = cover(images.shape[1:3], size) if crop == "random" else size
    if images.shape[1:3] == covered:
        return images
    if images.dtype != np.uint8:
        images = images.astype(np.float32)
    return np.stack(map_threads(lambda image: resize_array(image, size, crop), images))


def as_list(augment: Any) -> list[Augment]:
    """Return a callable, a list of callables or `None` as a list."""
    if augment is None:
        return []
    augment = augment if isinstance(augment, (list, tuple)) else [augment]
    augment = [_NAMED.get(i, i) if isinstance(i, str) else i for i in augment]
    for item in augment:
        if not callable(item):
            raise ValueError(
                "`augment` must be a callable augment(images, rng), one of "
                f"{sorted(_NAMED)}, or a list of them. Received: {item!r}"
            )
    return augment


_NAMED = {
    "binarize": binarize,
    "horizontal_flip": horizontal_flip,
    "random_shift": random_shift,
}
