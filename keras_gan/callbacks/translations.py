"""Pictures of translations, after every epoch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from keras_gan._typing import PathLike
from keras_gan.callbacks.pictures import EpochPictures
from keras_gan.datasets.inputs import unpack_batch
from keras_gan.files import atomic_write
from keras_gan.pixels import as_array, from_uint8
from keras_gan.validation import arguments

DIRECTIONS = ("a_to_b", "b_to_a")
GAP = 10  # pixels between the directions


class TranslationGrid(EpochPictures):
    """Save images, their translation, the target and the cycle after every epoch.

    Each row is a pair. Its columns are the input, the output, the target if the data
    are pairs, and, for a model of both directions, the output translated back. The
    columns of the second direction follow those of the first.

    Files and epochs are named as for `SampleGrid`. A text in each PNG file says what
    the columns are; the report of a run shows it.

    Args:
        folder: the folder of the pictures. It is created if needed.
        pairs: images to translate: a dataset of `(a, b)` batches, or two arrays. The
            first ones are shown. Held-out ones tell more than those of training.
        num_images: int, the number of rows.
        directions: the directions to show, `"a_to_b"` or `"b_to_a"`, in a list; None
            for all of the model's.
        every: int, the number of epochs between pictures.
        tensorboard: a log folder, as for `SampleGrid`.
        early_steps: int, or list of int, as for `SampleGrid`.

    Raises:
        OSError: before training, if the folder cannot be written to.
        ValueError: before training, if there are no such images, or the model does not
            translate in such a direction.

    Example:

    ```python
    images = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 3)).astype("float32")
    pairs = keras_gan.datasets.pairs(images[:4], images[4:], batch_size=4)
    grid = keras_gan.callbacks.TranslationGrid("samples", pairs, num_images=2)
    ```
    """

    def __init__(
        self,
        folder: PathLike,
        pairs: Any,
        num_images: int = 8,
        directions: Sequence[str] | None = None,
        every: int = 1,
        tensorboard: PathLike | None = None,
        early_steps: int | Sequence[int] = (),
    ) -> None:
        super().__init__(folder, every, tensorboard, early_steps)
        self.num_images = arguments.integer("num_images", num_images)
        self.directions = None if directions is None else list(directions)
        self.is_paired = getattr(pairs, "is_paired", True)
        self.images = dict(
            zip(DIRECTIONS, first_images(pairs, self.num_images), strict=True)
        )

    def prepare(self) -> None:
        known = getattr(self.model, "directions", None)
        name = type(self.model).__name__
        if known is None:
            raise ValueError(
                f"TranslationGrid shows translated images, and {name} does not "
                "translate. Use `keras_gan.callbacks.SampleGrid(folder)`."
            )
        unknown = set(self.directions or ()) - set(known)
        if unknown:
            raise ValueError(
                f"TranslationGrid was given the directions {sorted(unknown)}, and "
                f"{name} has {' and '.join(known)}."
            )
        self.directions = self.directions or list(known)

    def columns(self) -> list[str]:
        """Return what the columns of the picture show, from left to right."""
        names = []
        for direction in self.directions:
            names += [f"{direction.replace('_', ' ')}: input", "output"]
            names += ["target"] * self.is_paired
            names += ["cycle"] * self._has_cycle()
        return names

    def make(self) -> np.ndarray:
        """Return the images of the grid, `(directions, columns, rows, h, w, c)`."""
        return np.stack([self._translated(each) for each in self.directions])

    def _translated(self, direction):
        other = DIRECTIONS[1 - DIRECTIONS.index(direction)]
        inputs, targets = self.images[direction], self.images[other]
        outputs = self._translate(inputs, direction)
        columns = [inputs, outputs] + [targets] * self.is_paired
        if self._has_cycle():
            columns.append(self._translate(np.clip(outputs, -1, 1), other))
        colours = max(images.shape[-1] for images in self.images.values())
        return np.stack([_with_channels(images, colours) for images in columns])

    def _translate(self, images, direction):
        return as_array(self.model.translate(images, direction))

    def _has_cycle(self):
        return len(self.model.directions) > 1

    def plot(self, samples: np.ndarray, path: PathLike) -> None:
        from keras_gan import plotting  # imports Matplotlib

        grids = []
        for columns in samples:  # of a direction
            rows = columns.swapaxes(0, 1).reshape(-1, *columns.shape[2:])
            grids.append(plotting.image_grid(plotting.to_uint8(rows), len(columns)))
        width = sum(grid.width for grid in grids) + GAP * (len(grids) - 1)
        sheet = Image.new(grids[0].mode, (width, grids[0].height), "white")
        left = 0
        for grid in grids:
            sheet.paste(grid, (left, 0))
            left += grid.width + GAP
        text = PngImagePlugin.PngInfo()
        text.add_text("Description", " | ".join(self.columns()))
        with atomic_write(path) as draft:
            sheet.save(draft, "PNG", pnginfo=text)


def first_images(pairs: Any, num_images: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first images of both sides of pairs, float32 in [-1, 1].

    Args:
        pairs: a dataset or iterable of `(a, b)` batches, or two arrays in a tuple.
        num_images: int, how many at most.

    Raises:
        ValueError: if there are none, or they are no pairs.
    """
    is_arrays = isinstance(pairs, tuple) and len(pairs) == 2
    if is_arrays:
        batches = iter([pairs])
    elif hasattr(pairs, "__getitem__") and hasattr(pairs, "__len__"):
        batches = (pairs[index] for index in range(len(pairs)))
    else:
        batches = iter(pairs)
    sides, num_found = [], 0
    while num_found < num_images:
        batch = next(batches, None)
        if batch is None:
            break
        parts = unpack_batch(batch)
        if len(parts) != 2:
            raise ValueError(
                "TranslationGrid shows pairs of images, and the data yield batches of "
                f"{len(parts)} part. Pass `keras_gan.datasets.pairs(inputs, targets)`, "
                "`unpaired(a, b)`, or two arrays."
            )
        sides.append([as_array(part)[: num_images - num_found] for part in parts])
        num_found += len(sides[-1][0])
    if num_found == 0:
        raise ValueError("TranslationGrid was given no images.")
    a, b = (np.concatenate(images) for images in zip(*sides, strict=True))
    if a.ndim != 4 or b.ndim != 4 or a.shape[:3] != b.shape[:3]:
        raise ValueError(
            "TranslationGrid shows images of one size side by side. Received images of "
            f"the shapes {a.shape} and {b.shape}."
        )
    return tuple(
        from_uint8(images) if images.dtype == np.uint8 else images.astype("float32")
        for images in (a, b)
    )


def _with_channels(images, number):
    """Return grey images with as many channels as the others."""
    if images.shape[-1] == 1:
        return np.repeat(images, number, axis=-1)
    return images
