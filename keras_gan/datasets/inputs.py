"""What users pass as data: arrays and tables, or something that yields batches."""

import itertools
import os
from typing import Any

import keras
import numpy as np

from keras_gan.pixels import as_array

LISTS = (
    "A list must hold single examples of one shape. Of batches make one array: "
    "`numpy.concatenate(batches)`; a list of one array is that array: `data[0]`."
)


def as_data(data: Any, labels: Any = None) -> tuple[Any, Any]:
    """Return data, and their labels or None, as arrays or as a dataset.

    Args:
        data: An array or tensor, a `DataFrame` of numbers, a list of examples, or an
            iterable of batches.
        labels: The same, for arrays.

    Raises:
        ValueError: On what is neither, with the way to pass it.
    """
    if data is None:
        raise ValueError("There is nothing to train on: `fit` received no data.")
    if isinstance(data, str | os.PathLike):
        raise ValueError(
            f"`fit` takes images, not a path. Received: {str(data)!r}. Load them: "
            "`keras_gan.datasets.load(path)`, or `image_folder(path, size=64)`."
        )
    if isinstance(data, dict):
        raise ValueError(
            f"The data are a dict with the keys {sorted(map(str, data))}. Pass its "
            "arrays: `fit(data['image'])`, or `fit(data['image'], data['label'])`."
        )
    if isinstance(data, tuple):
        raise ValueError(
            f"The data are a tuple of {len(data)}. Pass what it holds: "
            "`fit(images)`, or `fit(images, labels)`."
        )
    data = as_rows(data, "data")
    if labels is not None and not is_array(data):
        raise ValueError(
            f"Labels were passed beside a {type(data).__name__}. They belong into its "
            "batches, (images, labels)."
        )
    return data, labels if labels is None else as_rows(labels, "labels")


def num_samples(data: Any) -> int | None:
    """Return how many samples there are, if that is known before they are read.

    Args:
        data: An array or a table, a tuple of these, or a dataset that says how many it
            has by `num_samples`. A list may hold samples or batches.
    """
    if isinstance(data, tuple) and data:
        return num_samples(data[0])
    if hasattr(data, "shape"):
        return data.shape[0] if len(data.shape) else 0
    number = getattr(data, "num_samples", None)
    return number if isinstance(number, int) else None


def as_rows(values: Any, name: str) -> Any:
    """Return tables and lists as arrays, and all else as it is."""
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if not isinstance(values, list):
        return values
    kinds = sorted({type(value).__name__ for value in values})
    arrays = [as_array(value) for value in values]
    try:
        rows = np.asarray(arrays)
    except ValueError as error:
        shapes = sorted({array.shape for array in arrays})
        raise ValueError(
            f"The {name} are a list of arrays of the shapes {shapes[:5]}. {LISTS}"
        ) from error
    if rows.dtype == object:
        raise ValueError(f"The {name} are a list of {', '.join(kinds)}. {LISTS}")
    return rows


def is_array(data: Any) -> bool:
    """Return whether data are one array or tensor, not batches."""
    return hasattr(data, "shape") and hasattr(data, "dtype")


def peek(data: Any, labels: Any = None) -> tuple[Any, np.ndarray, np.ndarray | None]:
    """Take one batch of what `as_data` returned, without using it up.

    Returns:
        `data, images, labels`: what to train on in place of `data` (an iterator gives
        its first batch back), and the batch as NumPy arrays. Of arrays the whole is
        returned. `labels` is None where there are none.

    Raises:
        ValueError: If there is no batch at all.
    """
    if is_array(data):
        batch = (data, labels)
    elif isinstance(data, keras.utils.PyDataset):
        batch = None if data.num_batches == 0 else data[0]
    elif hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        batch = data[0] if len(data) else None
    else:
        iterator = iter(data)
        batch = next(iterator, None)
        if iterator is data:
            data = (each for each in itertools.chain([batch], iterator))
    if batch is None:
        raise ValueError(
            f"The dataset is empty: {data!r} gave no batch. If its last, smaller "
            "batch is dropped, the batch size may be larger than the data."
        )
    images, labels = (*map(as_array, unpack_batch(batch)), None)[:2]
    return data, images, labels


def unpack_batch(batch: Any) -> tuple:
    """Return a batch as a tuple, `(images,)` or `(images, labels)`.

    Raises:
        ValueError: On a batch of another form.
    """
    if isinstance(batch, dict):
        raise ValueError(
            f"The dataset yields dicts with the keys {sorted(batch)}. Expected "
            "images, or (images, labels). Map it first: "
            "`dataset.map(lambda batch: (batch['image'], batch['label']))`."
        )
    if not isinstance(batch, tuple | list):
        return (batch,)
    if len(batch) not in (1, 2, 3):
        raise ValueError(
            f"The dataset yields {type(batch).__name__}s of {len(batch)}. Expected "
            "images, or (images, labels), each one array: `numpy.stack(examples)`."
        )
    while len(batch) > 1 and batch[-1] is None:
        batch = batch[:-1]
    if len(batch) == 3:
        raise ValueError(
            "The dataset yields three parts. Sample weights, if the third is one, have "
            "no effect on adversarial losses. Yield (images, labels)."
        )
    return tuple(batch)


def is_endless(data: Any) -> bool:
    """Return whether data are known to yield batches without end."""
    if isinstance(data, keras.utils.PyDataset):
        return data.num_batches is None
    if hasattr(data, "cardinality"):  # of `tf.data`
        return int(data.cardinality()) == -1
    return isinstance(data, itertools.cycle | itertools.count)


def check_length(data: Any, settings: dict) -> None:
    """Check that the epochs of `fit` end, and that there are data for all of them.

    Args:
        data: What `as_data` returned.
        settings: The further arguments of `fit`.

    Raises:
        ValueError: If `steps_per_epoch` is missing.
    """
    if settings.get("steps_per_epoch"):
        return
    if is_endless(data):
        raise ValueError(
            "The data never end, so nothing says how long an epoch is. Pass "
            "`steps_per_epoch`, such as fit(data, epochs=10, steps_per_epoch=1000)."
        )
    num_epochs = settings.get("epochs", 1) - settings.get("initial_epoch", 0)
    if hasattr(data, "__next__") and num_epochs > 1:
        raise ValueError(
            f"A {type(data).__name__} is used up after one epoch, and there are to be "
            f"{num_epochs}. Pass `steps_per_epoch`, or data that can be read again: an "
            "array, a `keras.utils.PyDataset`, a `tf.data.Dataset`, a `DataLoader`."
        )
