"""Stacked MNIST: three digits as red, green and blue, with 1,000 modes."""

from typing import Any

import numpy as np

from keras_gan._typing import PathLike, Size
from keras_gan.datasets.batches import Batches, resize_all
from keras_gan.datasets.idx import check_split, split_batches
from keras_gan.datasets.mnist import load_arrays
from keras_gan.datasets.transforms import check_geometry
from keras_gan.validation import arguments


def stacked_mnist(
    num_images: int = 128_000,
    seed: int = 0,
    split: str = "train",
    labels: bool = False,
    data_dir: PathLike | None = None,
    size: Size = None,
    **options: Any,
) -> Batches:
    """Stacked MNIST: images of three random digits, to count the modes of a generator.

    Every image has three random MNIST digits in its three channels. This gives 1,000
    modes, nearly equally likely. A classifier of digits distinguishes them: see
    `keras_gan.metrics.ModeCoverage`. The default is the protocol of PacGAN.

    Only the digits are in memory. Images are composed when batches need them. The
    digits of an image are a function of the seed.

    Metz et al. 2016, "Unrolled Generative Adversarial Networks", arXiv:1611.02163;
    Lin et al. 2017, "PacGAN", arXiv:1712.04086.

    Args:
        num_images: Number of images.
        seed: Non-negative integer, for the choice of digits and for the order.
        split: `"train"` for the 60,000 training digits, or `"test"`: of the 10,000
            others, in order, with nothing dropped.
        labels: Whether to yield `(images, labels)`; the digits a, b, c make the label
            100 a + 10 b + c.
        data_dir: Folder with MNIST, see `mnist`.
        size: Pair (height, width) to resize the digits to.
        **options: Further arguments of `Batches`: `batch_size`, `prefetch` ...

    Returns:
        `Batches` of images (batch, 28, 28, 3).

    Raises:
        FileNotFoundError: If there is no copy of MNIST. The message says how to get
            one.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.stacked_mnist(batch_size=64, labels=True)
    images, labels = data[0]
    ```
    """
    digits, classes = load_arrays(check_split(split), data_dir)
    digits = resize_all(digits[..., None], check_geometry(size, None), None)[..., 0]
    seed = arguments.integer("seed", seed, at_least=0)
    shape = (arguments.integer("num_images", num_images), 3)
    triples = np.random.default_rng((seed, 0x57AC)).integers(len(digits), size=shape)
    return split_batches(
        (_Stacks(digits, triples), classes[triples] @ [100, 10, 1]),
        split,
        labels,
        class_names=[f"{number:03d}" for number in range(1000)],
        seed=seed,
        **options,
    )


class _Stacks:
    """Images that are composed from digits when they are requested."""

    def __init__(self, digits: np.ndarray, triples: np.ndarray) -> None:
        self.digits = digits  # (n, 28, 28)
        self.triples = triples  # (num_images, 3)

    def __len__(self):
        return len(self.triples)

    def __getitem__(self, indices):
        return np.moveaxis(self.digits[self.triples[indices]], 1, -1)
