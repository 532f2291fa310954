"""Pairs of images: an input and its target, changed alike."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import PathLike, Size
from keras_gan.datasets.arrays import check_images, scale
from keras_gan.datasets.batches import Batches, resize_all
from keras_gan.datasets.pair_folders import read_folders, read_halves
from keras_gan.datasets.transforms import check_geometry


def pairs(
    inputs: PathLike | ArrayLike,
    targets: PathLike | ArrayLike | None = None,
    size: Size = None,
    crop: str | None = None,
    channels: int | Sequence[int | None] | None = None,
    input_half: str = "left",
    cache: PathLike | None = "memory",
    on_error: str = "raise",
    value_range: Sequence[float] | None = None,
    **options: Any,
) -> "PairedBatches":
    """Pairs of images, from two folders, from one of double pictures, or from arrays.

    In two folders, pictures of the same name are a pair, whatever their endings:
    `sketches/cats/1.png` and `photos/cats/1.jpg`. With one folder each picture holds
    both, side by side. Files are read as `image_folder` reads them.

    Both images of a pair are cropped and flipped alike.

    Args:
        inputs: The folder of the inputs, or of double pictures; or an array (n, height,
            width, channels), as for `Batches`.
        targets: The folder, or the array, of the targets. `None` for double pictures.
        size: Pair (height, width) that every image is resized to. Needed unless all
            of them have the same size.
        crop: `None` stretches to `size`; `"center"` and `"random"` keep the aspect
            ratio and cut out a window of `size`, a new random one for each pass.
        channels: 1 (grey) or 3 (colour), for both, or a pair of them. By default 1
            where all inputs, or all targets, are grey.
        input_half: Which half of a double picture is the input, `"left"` or `"right"`.
        cache: As for `image_folder`: `"memory"`, a folder, or `None`.
        on_error: `"raise"` raises an error that names pictures without a partner and
            the first broken file; `"skip"` leaves their pairs out, with a warning.
        value_range: Pair (low, high), the values of black and white in float arrays.
        **options: Further arguments of `Batches`: `batch_size`, `seed`, `augment` ...
            An augmentation gets both images of a pair as one: the channels of the
            target follow those of the input.

    Returns:
        `PairedBatches`, whose batches are `(inputs, targets)`.

    Raises:
        ValueError: If there is no pair, if a picture has no partner, if both folders
            are one, or if the sizes of two partners do not fit.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    photos = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), "uint8")
    edges = (photos[..., :1] > 128) * np.uint8(255)
    data = datasets.pairs(
        edges, photos, batch_size=4, augment=datasets.horizontal_flip
    )
    inputs, targets = data[0]
    print(inputs.shape, targets.shape)  # (4, 32, 32, 1) (4, 32, 32, 3)
    ```
    """
    refuse_labels(options)
    size = check_geometry(size, crop)
    channels = _pair_of_channels(channels)
    paths = [isinstance(each, (str, os.PathLike)) for each in (inputs, targets)]
    files = None
    if not any(paths) and targets is not None:
        images, channels, options["value_range"] = _join_arrays(
            inputs, targets, size, crop, value_range
        )
    elif paths[0] and (paths[1] or targets is None):
        if targets is None:
            found = read_halves(
                inputs, size, crop, channels, input_half, cache, on_error
            )
        else:
            found = read_folders(inputs, targets, size, crop, channels, cache, on_error)
        images, channels, files = found
        if cache != "memory":
            options = {"prefetch": 2} | options
    else:
        kinds = " and ".join(type(each).__name__ for each in (inputs, targets))
        raise ValueError(
            "`pairs` takes two folders, one folder of pictures that hold two images "
            f"side by side, or two arrays. Received: {kinds}"
        )
    if crop == "random":
        options |= {"size": size, "crop": crop}
    data = PairedBatches(images, channels, **options)
    data.files = files
    return data


class PairedBatches(Batches):
    """Batches of pairs `(inputs, targets)`, each float32 images in [-1, 1].

    Made by `pairs`. The two images of a pair are stored as one, the channels of the
    target behind those of the input. So both are cropped and augmented alike, and stay
    together in any order.

    Args:
        images: Array, or source, of joined images, as for `Batches`.
        channels: The numbers of channels of inputs and of targets.
        **options: Further arguments of `Batches`.

    Example:

    ```python
    import numpy as np
    from keras_gan import datasets

    joined = np.zeros((8, 16, 16, 4), "uint8")
    data = datasets.PairedBatches(joined, (1, 3), batch_size=4)
    print(data.image_shape, data.target_shape)  # (16, 16, 1) (16, 16, 3)
    ```
    """

    is_paired = True

    def __init__(self, images: Any, channels: Sequence[int], **options: Any) -> None:
        refuse_labels(options)
        self.channels = tuple(channels)
        super().__init__(images, **options)
        height, width, joined = self.image_shape
        if joined != sum(self.channels):
            raise ValueError(
                f"The joined images have {joined} channels, and {self.channels} were "
                "expected. An augmentation must keep their number."
            )
        self.image_shape = (height, width, self.channels[0])
        self.target_shape = (height, width, self.channels[1])

    @property
    def shapes(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """The shapes of an input and of a target."""
        return self.image_shape, self.target_shape

    def _as_batch(self, images, indices):
        split = self.channels[0]
        return images[..., :split], images[..., split:]

    def __repr__(self) -> str:
        return (
            f"PairedBatches({self.num_samples:,} pairs of shapes {self.image_shape} "
            f"and {self.target_shape}; {len(self)} batches of {self.batch_size}, "
            f"shuffle={self.shuffle}, seed={self.seed}, epoch={self.epoch})"
        )


def refuse_labels(options: dict[str, Any]) -> None:
    """Raise `ValueError` on arguments of `Batches` that images in pairs do not have."""
    for name in ("labels", "class_names", "clusters"):
        if options.get(name) is not None and options[name] is not False:
            raise ValueError(
                f"`{name}` was passed, and batches of two images have no labels. "
                "Leave it out."
            )
        options.pop(name, None)


def _pair_of_channels(channels):
    if channels is None or isinstance(channels, int):
        return channels, channels
    if len(channels) != 2:
        raise ValueError(
            "`channels` must be 1, 3, None, or a pair of them for inputs and targets. "
            f"Received: {channels!r}"
        )
    return tuple(channels)


def _join_arrays(inputs, targets, size, crop, value_range):
    """Return arrays as one, the channels of each, and the range of the values."""
    sides = []
    for name, images in (("inputs", inputs), ("targets", targets)):
        try:
            images, found_range = check_images(images, value_range)
        except ValueError as error:
            raise ValueError(f"Of the {name}: {error}") from None
        if images.ndim != 4:
            raise ValueError(
                f"`pairs` takes images. Received vectors as {name}: shape "
                f"{images.shape}"
            )
        images = resize_all(images, size, crop)
        sides.append((images, found_range))
    (a, _), (b, _) = sides
    if len(a) != len(b):
        raise ValueError(
            f"There are {len(a)} inputs and {len(b)} targets. Each input needs its "
            "target, at the same position. Images that are no pairs are the data of "
            "`keras_gan.datasets.unpaired`."
        )
    if a.shape[1:3] != b.shape[1:3]:
        raise ValueError(
            f"The inputs are of size {a.shape[1:3]} and the targets of size "
            f"{b.shape[1:3]}"
            + (", after resizing, which keeps their aspect ratio" * bool(crop and size))
            + ". Both images of a pair must have one size: pass size=(height, width)."
        )
    channels = a.shape[-1], b.shape[-1]
    if a.dtype == b.dtype == np.uint8:
        return np.concatenate([a, b], axis=-1), channels, None
    joined = [scale(images, found_range) for images, found_range in sides]
    return np.concatenate(joined, axis=-1), channels, (-1, 1)
