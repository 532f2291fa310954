"""Check every batch on its way into training, whatever yields it."""

import contextlib
import copy
import importlib
from collections.abc import Callable, Iterator
from typing import Any

import keras

from keras_gan.datasets.inputs import is_array, unpack_batch
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.pixels import as_array


@contextlib.contextmanager
def checked(data: Any, check: Callable) -> Iterator[Any]:
    """Context in which every batch of the data is checked when training reads it.

    Args:
        data: What `fit` trains on. Of an array nothing more is checked.
        check: Function of `images, labels`, arrays; labels may be None. It raises a
            `ValueError` on a batch that cannot be learned from.

    Yields:
        The data to give to Keras, as batches of tuples. If a batch fails, its
        `ValueError` leaves the context, not the errors around it.
    """
    each = _Check(check)
    try:
        if isinstance(data, SeededDataset):
            with data.checking(each):
                yield data
        else:
            yield _with_check(data, each)
    except Exception:
        if each.error is not None:
            raise each.error from None
        raise


class _Check:
    """Returns a batch as a tuple, and keeps the error that the check raised."""

    def __init__(self, check):
        self.check, self.error = check, None

    def __call__(self, batch):
        try:
            parts = unpack_batch(batch)
            images, labels = (*map(as_array, parts), None)[:2]
            self.check(images, labels)
        except ValueError as error:
            self.error = ValueError(f"In a batch after the first: {error}")
            raise self.error from None
        return parts


def _with_check(data, check):
    if is_array(data):
        return data
    if isinstance(data, keras.utils.PyDataset):
        return _CheckedPyDataset(data, check)
    if hasattr(data, "element_spec"):  # of TensorFlow
        tensorflow = importlib.import_module("keras_gan.backend.tensorflow_pipelines")
        return tensorflow.map_batches(data, check)
    if _is_torch_loader(data):
        return _checked_loader(data, check)
    if hasattr(data, "__next__"):
        return (check(batch) for batch in data)
    if hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        return _CheckedPyDataset(data, check)
    raise ValueError(
        f"`fit` cannot read the {type(data).__name__} again for every epoch. Pass an "
        "array, a `keras.utils.PyDataset`, a `tf.data.Dataset`, a torch `DataLoader`, "
        "or a generator with `steps_per_epoch`: `(batch for batch in data)`."
    )


class _CheckedPyDataset(keras.utils.PyDataset):
    """The batches of another dataset, or of a sequence."""

    def __init__(self, data, check):
        names = ("workers", "use_multiprocessing", "max_queue_size")
        super().__init__(**{n: getattr(data, n) for n in names if hasattr(data, n)})
        self.data, self.check = data, check

    @property
    def num_batches(self):
        return self.data.num_batches if self._is_dataset else len(self.data)

    def __getitem__(self, index):
        return self.check(self.data[index])

    def __getstate__(self):
        # A worker process that is not forked gets no model to check with.
        return vars(self) | {"check": unpack_batch}

    def on_epoch_begin(self):
        if self._is_dataset:
            self.data.on_epoch_begin()

    def on_epoch_end(self):
        if self._is_dataset:
            self.data.on_epoch_end()

    @property
    def _is_dataset(self):
        return isinstance(self.data, keras.utils.PyDataset)


def _is_torch_loader(data):
    names = {
        (kind.__name__, kind.__module__.split(".")[0]) for kind in type(data).mro()
    }
    return ("DataLoader", "torch") in names


def _checked_loader(loader, check):
    """Return a copy of a torch `DataLoader` that checks in this process.

    Keras takes instances of `DataLoader` only, and tuples of tensors only.
    """
    import torch

    class CheckedLoader(type(loader)):
        def __iter__(self):
            for batch in super().__iter__():
                yield tuple(map(torch.as_tensor, check(batch)))

    checked_loader = copy.copy(loader)
    checked_loader.__class__ = CheckedLoader
    return checked_loader
