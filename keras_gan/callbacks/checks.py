"""What callbacks look at before training, rather than hours into it."""

import tempfile
import warnings
from pathlib import Path

import numpy as np


def check_writable(folder, callback):
    """Make a folder, and see that files can be written to it.

    Args:
        folder: the path of the folder.
        callback: str, the name to put in the error.

    Raises:
        OSError: if not.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OSError(
            f"{callback} cannot write to the folder {str(folder)!r}: {error}. Pass a "
            "folder that can be made and written to."
        ) from error


def check_labels(labels, num_images, num_classes, callback):
    """The labels as an int32 array, if there is one for each image, or for all.

    Raises:
        ValueError: if not, or if the model takes none.
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


def is_finite(samples, callback):
    """Whether samples can be drawn. If not, say so and let training go on."""
    if np.isfinite(samples).all():
        return True
    warnings.warn(
        f"{callback} drew nothing: the generator's output contains NaN or infinity, "
        "so training has diverged. `keras.callbacks.TerminateOnNaN` would stop it.",
        stacklevel=3,
    )
    return False


def class_rows(num_images, num_columns, num_classes):
    """Labels that give each row of a grid a class of its own, in turn."""
    return (np.arange(num_images) // num_columns % num_classes).astype("int32")
