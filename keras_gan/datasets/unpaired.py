"""Images of two domains, of which nothing says what belongs together."""

import copy
import os
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import PathLike, Size
from keras_gan.datasets import fingerprints
from keras_gan.datasets.batches import Batches
from keras_gan.datasets.folder import image_folder
from keras_gan.datasets.pair_folders import refuse_overlap
from keras_gan.datasets.pairs import refuse_labels
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.validation import arguments


def unpaired(
    a: PathLike | ArrayLike,
    b: PathLike | ArrayLike,
    size: Size = None,
    crop: str | None = None,
    channels: int | None = None,
    cache: PathLike | None = "memory",
    on_error: str = "raise",
    batch_size: int = 1,
    seed: int = 0,
    **options: Any,
) -> "UnpairedBatches":
    """Images of two domains, from two folders or two arrays, for unpaired translation.

    The domains may differ in size. An epoch is one pass over the larger one; of the
    other, images are drawn anew. Order, crops and augmentation of each domain are its
    own.

    Args:
        a: The folder of the first domain, or an array, as for `Batches`.
        b: The folder, or the array, of the second domain.
        size: Pair (height, width) that every image is resized to. Needed unless all
            pictures have the same size.
        crop: `None` stretches to `size`; `"center"` and `"random"` keep the aspect
            ratio and cut out a window of `size`, a new random one for each pass.
        channels: 1 (grey) or 3 (colour). By default 1 if all pictures of both folders
            are grey.
        cache: As for `image_folder`: `"memory"`, a folder, or `None`.
        on_error: As for `image_folder`: `"raise"` or `"skip"`.
        batch_size: Number of images of each domain in a batch.
        seed: Non-negative integer.
        **options: Further arguments of `Batches`: `augment`, `value_range`,
            `drop_remainder` ..., which hold for both domains.

    Returns:
        `UnpairedBatches`, whose batches are `(images_a, images_b)`.

    Raises:
        ValueError: If a folder holds no picture, if both are one, or if the domains
            have images of different sizes.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    rng = np.random.default_rng(0)
    photos = rng.integers(0, 256, (30, 32, 32, 3), "uint8")
    paintings = rng.integers(0, 256, (7, 32, 32, 3), "uint8")
    data = datasets.unpaired(
        photos, paintings, batch_size=2, augment=datasets.horizontal_flip
    )
    print(len(data))  # 15
    ```
    """
    refuse_labels(options)
    paths = [isinstance(each, (str, os.PathLike)) for each in (a, b)]
    if any(paths) != all(paths):
        raise ValueError(
            "`unpaired` takes two folders or two arrays. Received: "
            f"{type(a).__name__} and {type(b).__name__}"
        )
    settings = {"batch_size": batch_size, "size": size, "crop": crop, **options}
    if not all(paths):
        if a is b:
            raise ValueError(
                "Both domains are the same array. Pass one for each kind of images."
            )
        return UnpairedBatches(a, b, seed=seed, **settings)
    refuse_overlap(a, b)
    steps = {name: settings.pop(name, None) for name in ("steps_per_epoch", "prefetch")}
    if cache != "memory" and steps["prefetch"] is None:
        steps["prefetch"] = 2
    drop_remainder = settings.pop("drop_remainder", True)

    def read(folder, channels):
        return image_folder(
            folder,
            channels=channels,
            cache=cache,
            on_error=on_error,
            **{**settings, "drop_remainder": False, "prefetch": 0},
        )

    domains = [read(folder, channels) for folder in (a, b)]
    numbers = [domain.image_shape[-1] for domain in domains]
    if len(set(numbers)) > 1:  # only one of them is grey
        grey = numbers.index(1)
        domains[grey] = read((a, b)[grey], 3)
    return UnpairedBatches(
        *domains,
        batch_size=batch_size,
        seed=seed,
        drop_remainder=drop_remainder,
        **{name: value for name, value in steps.items() if value is not None},
    )


class UnpairedBatches(SeededDataset):
    """Batches `(images_a, images_b)` of two domains, float32 in [-1, 1].

    Made by `unpaired`. Rows of the two do not belong together. An epoch is one pass
    over the larger domain. The smaller one follows in passes of its own, each in a new
    order and with new crops, so that all its images are used equally often.

    Args:
        a: Images of the first domain, as for `Batches`; or `Batches` without labels.
        b: Images of the second domain.
        batch_size: Number of images of each domain in a batch.
        seed: Non-negative integer. The domains draw from streams of their own.
        drop_remainder: Whether to leave out the last, smaller batch of a pass.
        steps_per_epoch: Number of batches in an epoch, by default one pass over the
            larger domain.
        prefetch: As for `SeededDataset`.
        **options: Further arguments of `Batches`, for arrays.

    Raises:
        ValueError: If the domains have images of different sizes.

    Example:

    ```python
    from keras_gan import datasets

    shirts = datasets.fashion_mnist(labels=True)
    few = datasets.UnpairedBatches(
        shirts.images[shirts.labels == 0],
        shirts.images[shirts.labels == 3][:100],
        batch_size=8,
    )
    images_a, images_b = few[0]
    ```
    """

    is_paired = False

    def __init__(
        self,
        a: Any,
        b: Any,
        batch_size: int = 1,
        seed: int = 0,
        drop_remainder: bool = True,
        steps_per_epoch: int | None = None,
        prefetch: int = 0,
        **options: Any,
    ) -> None:
        refuse_labels(options)
        seed = arguments.integer("seed", seed, at_least=0)
        seeds = [seed, int(np.random.SeedSequence([seed, 1]).generate_state(1)[0])]
        sizes = [_num_samples(each) for each in (a, b)]
        self.larger = int(sizes[1] > sizes[0])
        domains = []
        for position, (images, name) in enumerate(((a, "first"), (b, "second"))):
            settings = {
                "batch_size": batch_size,
                "drop_remainder": drop_remainder and position == self.larger,
            }
            try:
                domains.append(_domain(images, seeds[position], settings, options))
            except ValueError as error:
                raise ValueError(f"Of the {name} domain: {error}") from None
        self.domains = tuple(domains)
        self._check_sizes()
        self.batch_size, self.drop_remainder = batch_size, drop_remainder
        super().__init__(
            steps_per_epoch=steps_per_epoch or self.steps_per_pass,
            seed=seed,
            prefetch=prefetch,
        )

    @property
    def num_samples(self) -> int:
        """Number of images of the larger domain."""
        return self.domains[self.larger].num_samples

    @property
    def steps_per_pass(self) -> int:
        """Number of batches in one pass over the larger domain."""
        return self.domains[self.larger].steps_per_pass

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of an image of the first domain."""
        return self.domains[0].image_shape

    @property
    def shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The shapes of an image of each domain."""
        return tuple(domain.image_shape for domain in self.domains)

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        larger = self.domains[self.larger]
        images = larger.batch(step)
        num_rows = len(images[0] if isinstance(images, tuple) else images)
        drawn = _cycled(self.domains[1 - self.larger], step, num_rows)
        return (drawn, images) if self.larger else (images, drawn)

    def as_uint8(self) -> "UnpairedBatches":
        """Return the same batches as bytes, see `Batches.as_uint8`."""
        other = self._with_domains(domain.as_uint8() for domain in self.domains)
        other.seek(self.epoch, self.start)
        return other

    def with_remainder(self) -> "UnpairedBatches":
        """Return the same batches, with the last, smaller batch of every pass."""
        domains = list(self.domains)
        domains[self.larger] = domains[self.larger].with_remainder()
        is_one_pass = self.steps_per_epoch == self.steps_per_pass
        other = self._with_domains(domains)
        other.drop_remainder = False
        if is_one_pass:
            other.steps_per_epoch = other.steps_per_pass
        other._rewind()
        return other

    def fingerprint(self) -> str:
        """Return a digest of the images of both domains."""
        return fingerprints.combined(*(each.fingerprint() for each in self.domains))

    def _with_domains(self, domains):
        other = copy.copy(self)
        other.domains = tuple(domains)
        other._rewind()
        return other

    def _check_sizes(self):
        a, b = (shape[:-1] for shape in self.shapes)
        if a != b:
            raise ValueError(
                f"The images of the first domain are of size {a}, and those of the "
                f"second of size {b}. Give them one size: size=(height, width)."
            )

    def __repr__(self) -> str:
        numbers = " and ".join(f"{domain.num_samples:,}" for domain in self.domains)
        return (
            f"UnpairedBatches({numbers} samples of shape {self.image_shape}; "
            f"{len(self)} batches of {self.batch_size}, seed={self.seed}, "
            f"epoch={self.epoch})"
        )


def _num_samples(images: Any) -> int:
    if isinstance(images, Batches):
        return images.num_samples
    if not hasattr(images, "__len__"):
        raise ValueError(
            "A domain is an array of images, or `Batches`. Received: "
            f"{type(images).__name__}"
        )
    return len(images)


def _domain(images: Any, seed: int, settings: dict, options: dict) -> Batches:
    """Return the images of one domain as `Batches` with this seed."""
    if not isinstance(images, Batches):
        return Batches(images, seed=seed, **settings, **options)
    unknown = {name for name, value in options.items() if value is not None}
    if unknown:
        raise ValueError(
            f"{sorted(unknown)} cannot be changed of `Batches`. Make them so."
        )
    if images.labels is not None:
        raise ValueError("its batches have labels. Load it without: labels=False.")
    domain = copy.copy(images)
    domain.seed, domain.batch_size = seed, settings["batch_size"]
    domain.drop_remainder = settings["drop_remainder"]
    domain.prefetch, domain._order = 0, (None, None)
    domain.steps_per_epoch = domain._check_steps_per_pass()
    domain._rewind()
    return domain


def _cycled(data: Batches, step: int, num_rows: int) -> np.ndarray:
    """Return images at a position of the endless sequence of passes over the data.

    Unlike the batches of a pass, none is left out, and a batch may be larger than the
    data.
    """
    first = step * data.batch_size
    number, start = divmod(first, data.num_samples)
    last = (first + num_rows - 1) // data.num_samples
    order = np.concatenate([data._pass(n) for n in range(number, last + 1)])
    return data._read_batch(order[start : start + num_rows], step)
