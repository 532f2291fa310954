"""Checks that callbacks make before training, so that errors come early."""

import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import PathLike
from keras_gan.files import naming_errors
from keras_gan.paths import expand


def check_writable(folder: PathLike, callback: str) -> None:
    """Create a folder, and raise `OSError` unless files can be written to it.

    Args:
        folder: the path of the folder.
        callback: str, the name of the callback in the error.

    Raises:
        OSError: if the folder cannot be written to.
    """
    folder = expand(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(
            f"{callback} cannot write to the folder {str(folder)!r}: {error}. Pass a "
            "folder that can be made and written to."
        ) from error


@contextlib.contextmanager
def going_on(path: PathLike) -> Iterator[None]:
    """Warn, and let training continue, where a file cannot be written.

    Args:
        path: the file that is written in this context.
    """
    try:
        with naming_errors(path):
            yield
    except OSError as error:
        warnings.warn(f"{error} Training goes on without it.", stacklevel=3)


def check_labels(
    labels: ArrayLike, num_images: int, num_classes: int | None, callback: str
) -> np.ndarray:
    """Return labels as an int32 array `(num_images,)`.

    Args:
        labels: int, the label of all images, or int array `(num_images,)`.
        num_images: int.
        num_classes: int, or None for a model without labels.
        callback: str, the name of the callback in errors.

    Raises:
        ValueError: if the labels do not fit, or if the model takes none.
    """
    if num_classes is None:
        raise ValueError(
            f"{callback} was given `labels`, and the model is not conditional."
        )
    labels = np.asarray(labels)
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{callback} needs integer labels. Received labels of {labels.dtype}."
        )
    if labels.ndim == 0:
        labels = np.full(num_images, labels)
    if labels.shape != (num_images,):
        raise ValueError(
            f"{callback} needs one label for each of {num_images} images. Received "
            f"labels of shape {labels.shape}."
        )
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError(
            f"{callback} needs labels from 0 to {num_classes - 1}. Received: "
            f"{labels.min()} to {labels.max()}."
        )
    return labels.astype("int32")


def is_finite(samples: np.ndarray, callback: str) -> bool:
    """Return whether samples can be shown; if not, warn and let training continue."""
    if np.isfinite(samples).all():
        return True
    warnings.warn(
        f"{callback} wrote no picture: the generator's output contains NaN or "
        "infinity, so training has diverged. `restore` a checkpoint from before, and "
        'see "NaN" in docs/troubleshooting.md.',
        stacklevel=3,
    )
    return False


def class_rows(num_images: int, num_columns: int, num_classes: int) -> np.ndarray:
    """Return labels that give each row of a grid its own class, in cyclic order."""
    return (np.arange(num_images) // num_columns % num_classes).astype("int32")


def check_has_latents(model: Any, callback: str) -> None:
    """Raise `ValueError` on a model that translates images, and draws no latents.

    Args:
        model: the model.
        callback: str, the name of the callback in the error.
    """
    if getattr(model, "directions", None) is not None:
        raise ValueError(
            f"{callback} shows images of random latents, and {type(model).__name__} "
            "translates images. Use `keras_gan.callbacks.TranslationGrid(folder, "
            "pairs)`."
        )
