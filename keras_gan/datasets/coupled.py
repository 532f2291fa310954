"""Images of two domains side by side, for coupled networks."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import PathLike
from keras_gan.datasets.arrays import check_labels
from keras_gan.datasets.idx import check_split
from keras_gan.datasets.mnist import load_arrays
from keras_gan.datasets.unpaired import UnpairedBatches


def coupled(
    a: ArrayLike,
    b: ArrayLike,
    labels: ArrayLike | None = None,
    batch_size: int = 64,
    seed: int = 0,
    **options: Any,
) -> "CoupledBatches":
    """Images of two domains, a row of a batch with one of each, side by side.

    The two of a row do not belong together: of both domains the images are drawn in
    an order of their own, as by `unpaired`.

    Args:
        a: Images of the first domain, an array or `Batches`.
        b: Images of the second domain, of the same shape. There may be more or fewer.
        labels: Integers, the class of each image of the first domain, or `None`.
        batch_size: Number of rows in a batch.
        seed: Non-negative integer.
        **options: Further arguments of `Batches`.

    Returns:
        `CoupledBatches`, whose batches are images `(batch, height, 2 * width,
        channels)`; with labels `(images, labels)`.

    Raises:
        ValueError: If the domains have images of different shapes, or the labels are
            not as many as the images.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    digits = np.random.default_rng(0).integers(0, 256, (30, 8, 8, 1), "uint8")
    data = datasets.coupled(digits[:20], datasets.edges(digits[20:]), batch_size=4)
    print(data[0].shape)  # (4, 8, 16, 1)
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536.
    """
    return CoupledBatches(a, b, labels, batch_size=batch_size, seed=seed, **options)


class CoupledBatches(UnpairedBatches):
    """Batches of images of two domains side by side; made by `coupled`.

    Args:
        a: Images of the first domain.
        b: Images of the second domain.
        labels: Integers, the class of each image of the first domain, or `None`.
        **options: Further arguments of `UnpairedBatches`.

    Raises:
        ValueError: If the domains have images of different shapes, or the labels are
            not as many as the images.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    digits = np.zeros((20, 8, 8, 1), "uint8")
    few = np.full((6, 8, 8, 1), 255, "uint8")
    images, labels = datasets.CoupledBatches(digits, few, np.zeros(20, int))[0]
    ```
    """

    def __init__(
        self, a: Any, b: Any, labels: ArrayLike | None = None, **options: Any
    ) -> None:
        super().__init__(a, b, **options)
        if labels is not None:
            first = self.domains[0]
            first.labels = check_labels(labels, len(first.images))

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of a pair."""
        image_height, image_width, channels = self.shapes[0]
        return image_height, 2 * image_width, channels

    @property
    def num_classes(self) -> int | None:
        """Number of classes of the first domain, or `None` without labels."""
        return self.domains[0].num_classes

    def batch(self, step: int) -> Any:
        a, b = super().batch(step)
        a, labels = a if isinstance(a, tuple) else (a, None)
        pairs = np.concatenate([a, b], axis=2)
        return pairs if labels is None else (pairs, labels)

    def as_uint8(self) -> "CoupledBatches":
        """Return the same batches as bytes, if both domains are stored so."""
        if any(domain.as_uint8() is domain for domain in self.domains):
            return self
        return super().as_uint8()

    def _check_sizes(self):
        a, b = self.shapes
        if a != b or len(a) != 3:
            raise ValueError(
                f"The images of the first domain have the shape {a}, and those of the "
                f"second {b}. A pair is side by side: give them one size and as many "
                "channels."
            )

    def __repr__(self) -> str:
        return super().__repr__().replace("UnpairedBatches", "CoupledBatches", 1)


def edges(images: ArrayLike) -> np.ndarray:
    """Return the outlines of bright shapes: a 3 x 3 dilation minus the image.

    Args:
        images: array `(num_images, height, width, channels)`, uint8, or float in
            [-1, 1].

    Returns:
        An array of the same shape and type.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    dot = np.zeros((1, 3, 3, 1), "uint8")
    dot[0, 1, 1] = 255
    datasets.edges(dot)[0, ..., 0]  # 255 around a 0
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    images = np.asarray(images)
    low, _ = _range(images)
    padded = np.pad(
        images, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=images.dtype.type(low)
    )
    image_height, image_width = images.shape[1:3]
    dilated = np.max(
        [
            padded[:, y : y + image_height, x : x + image_width]
            for y in range(3)
            for x in range(3)
        ],
        axis=0,
    )
    return (dilated - images + images.dtype.type(low)).astype(images.dtype)


def negatives(images: ArrayLike) -> np.ndarray:
    """Return images with black and white exchanged.

    Args:
        images: array, uint8, or float in [-1, 1].

    Returns:
        An array of the same shape and type.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    datasets.negatives(np.array([0, 255], "uint8"))  # 255, 0
    ```
    """
    images = np.asarray(images)
    low, high = _range(images)
    return (low + high - images).astype(images.dtype)


TRANSFORMS = {"edges": edges, "negatives": negatives}


def mnist_edges(
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    **options: Any,
) -> CoupledBatches:
    """Digits, and the outlines of other digits, side by side.

    The first half of MNIST are the digits, and the second half the outlines. So no
    image is seen in both forms.

    Args:
        split: `"train"` or `"test"`.
        labels: Whether to yield `(images, labels)`, the classes of the digits.
        data_dir: Folder with MNIST, see `mnist`.
        **options: Further arguments of `coupled`.

    Returns:
        `CoupledBatches` of images (batch, 28, 56, 1).

    Raises:
        FileNotFoundError: If there is no copy of MNIST. The message says how to get
            one.

    Example:

    ```python
    from keras_gan import datasets

    pairs = datasets.mnist_edges(batch_size=64)
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536.
    """
    return _halves(edges, split, labels, data_dir, options)


def mnist_negatives(
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    **options: Any,
) -> CoupledBatches:
    """Digits, and the negatives of other digits, side by side.

    Args:
        split: `"train"` or `"test"`.
        labels: Whether to yield `(images, labels)`, the classes of the digits.
        data_dir: Folder with MNIST, see `mnist`.
        **options: Further arguments of `coupled`.

    Returns:
        `CoupledBatches` of images (batch, 28, 56, 1); see `mnist_edges`.

    Raises:
        FileNotFoundError: If there is no copy of MNIST. The message says how to get
            one.

    Example:

    ```python
    from keras_gan import datasets

    pairs = datasets.mnist_negatives(batch_size=64)
    ```

    Liu and Tuzel 2016, arXiv:1606.07536.
    """
    return _halves(negatives, split, labels, data_dir, options)


def _halves(transform, split, labels, data_dir, options):
    digits, classes = load_arrays(check_split(split), data_dir)
    digits = digits[..., None]
    half = len(digits) // 2
    return coupled(
        digits[:half],
        transform(digits[half:]),
        classes[:half] if labels else None,
        **options,
    )


def _range(images):
    """Return what black and white are."""
    return (0, 255) if images.dtype == np.uint8 else (-1, 1)
