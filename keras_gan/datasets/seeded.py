"""Datasets whose batches are a pure function of a seed and a step."""

import contextlib
import copy
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from keras_gan.datasets.prefetch import Prefetcher
from keras_gan.validation import arguments


class SeededDataset(keras.utils.PyDataset):
    """Base class of datasets whose batches depend only on the seed and the step.

    Batch `index` of epoch `epoch` is `batch(epoch * steps_per_epoch + index)`, for
    every thread and every order of access. A run that stops after epoch 7 and resumes
    with `dataset.epoch = 7` gets the same batches as an uninterrupted run. A run that
    stops within epoch 7, after 120 of its batches, resumes with
    `dataset.seek(7, 120)`.

    The epoch advances automatically after all its batches have been read, in `fit`
    and in a `for` loop.

    Subclasses implement `batch(step)`.

    Args:
        steps_per_epoch: Number of batches in an epoch.
        seed: Non-negative integer, the seed of all random numbers.
        prefetch: Number of batches that a thread prepares ahead of the training step.
            Useful if a batch is slow to make, for instance if pictures are decoded
            for every batch. (Keras' own `workers` is not used, because its queue
            carries batches of one epoch over to the next.)
    """

    def __init__(self, steps_per_epoch: int, seed: int = 0, prefetch: int = 0) -> None:
        super().__init__()
        self.seed = arguments.integer("seed", seed, at_least=0)
        self.steps_per_epoch = arguments.integer("steps_per_epoch", steps_per_epoch)
        self.prefetch = arguments.integer("prefetch", prefetch, at_least=0)
        self._in_epoch = False
        self._check = self._share = None
        self._rewind()

    @property
    def epoch(self) -> int:
        """The epoch that the next batches belong to, counted from 0."""
        return self._epoch

    @epoch.setter
    def epoch(self, value: int) -> None:
        self.seek(value)

    @property
    def start(self) -> int:
        """The number of batches of this epoch that are skipped."""
        return self._start

    def seek(self, epoch: int, start: int = 0) -> None:
        """Move to a position within an epoch, to resume a run that stopped there.

        The rest of this epoch follows; later epochs are complete. A `for` loop begins
        with batch `start`. Keras' trainers also request the batches before `start`;
        these are empty and cost almost nothing.

        Args:
            epoch: Number of the epoch, counted from 0.
            start: Number of its batches that have been read before.

        Example:

        ```python
        from keras_gan import datasets

        data = datasets.ring(batch_size=512, steps_per_epoch=10)
        data.seek(epoch=2, start=7)
        print(len(list(data)), data.epoch)  # 3 3
        ```
        """
        start = arguments.integer("start", start, at_least=0)
        if start > len(self):
            raise ValueError(
                f"`start` must be at most {len(self)}, the number of batches in an "
                f"epoch. Received: start={start}"
            )
        self._epoch = arguments.integer("epoch", epoch, at_least=0)
        self._start = start
        self._read = set(range(start))
        self._no_samples = None

    def batch(self, step: int) -> Any:
        """Return the batch of this step, counted from the start of training."""
        raise NotImplementedError

    def with_steps_per_epoch(self, steps_per_epoch: int) -> "SeededDataset":
        """Return the same data with epochs of another length.

        An epoch can be shorter or longer than one pass over the data: each epoch
        continues where the one before it ended. Prefer this to the argument
        `steps_per_epoch` of Keras' `fit`, which stops at the end of every pass.

        Args:
            steps_per_epoch: Number of batches in an epoch.

        Returns:
            A dataset at epoch 0 that shares the data with this one.
        """
        other = copy.copy(self)
        other.steps_per_epoch = arguments.integer("steps_per_epoch", steps_per_epoch)
        other._rewind()
        return other

    def share(self, index: int, number: int) -> "SeededDataset":
        """Return the same data for one of several processes, which reads its rows.

        The first process has the first rows of every batch. All of them read, and
        check, the whole of it.

        Args:
            index: Which of the processes this is, from 0.
            number: Number of processes, which divides the rows of a batch.

        Returns:
            A dataset at epoch 0 that shares the data with this one.

        Raises:
            ValueError: If there is no such process; when a batch is read, if its rows
                do not split.
        """
        number = arguments.integer("number", number)
        index = arguments.integer("index", index, at_least=0, at_most=number - 1)
        other = copy.copy(self)
        other._share = index, number
        other._rewind()
        return other

    def as_uint8(self) -> "SeededDataset":
        """Return the same batches as bytes, or this dataset if it holds no bytes."""
        return self

    def fingerprint(self) -> str | None:
        """Return a digest of the data, by which a resumed run knows them, or `None`."""
        return None

    def rng(self, stream: int, *position: int) -> np.random.Generator:
        """Return the NumPy generator of a random stream at a position."""
        return np.random.default_rng((self.seed, stream, *position))

    def on_epoch_begin(self) -> None:
        self._in_epoch = True

    def on_epoch_end(self) -> None:
        # Keras also calls this before the first epoch, and after it reads a single
        # batch to build an unbuilt model. Neither of them is an epoch.
        if self._in_epoch and len(self._read) == len(self):
            self.epoch += 1
        self._in_epoch = False

    def __len__(self):
        return self.steps_per_epoch

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of an epoch of {len(self)} batches.")
        self._read.add(index)
        first = self.epoch * len(self)
        if index < self.start:
            if self._no_samples is None:
                batch = self.batch(first + index)
                self._no_samples = keras.tree.map_structure(lambda a: a[:0], batch)
            return self._no_samples
        read = self._prefetcher or self.batch
        batch = read(first + index)
        if self._check is not None:
            self._check(batch)
        return batch if self._share is None else self._own_rows(batch)

    def _own_rows(self, batch):
        process, number = self._share

        def own(array):
            size, left_over = divmod(len(array), number)
            if left_over:
                raise ValueError(
                    f"A batch of {len(array)} does not split over {number} processes. "
                    f"Use a batch size that is a multiple of {number}."
                )
            return array[process * size :][:size]

        return keras.tree.map_structure(own, batch)

    @contextlib.contextmanager
    def checking(self, check: Callable[[Any], Any]) -> Iterator[None]:
        """Context in which a function sees every batch that is read.

        Args:
            check: Function of a batch, which raises an error if it is not to be used.
        """
        self._check = check
        try:
            yield
        finally:
            self._check = None

    def __iter__(self):
        self.on_epoch_begin()
        for index in range(self.start, len(self)):
            yield self[index]
        self.on_epoch_end()

    def _rewind(self):
        self.seek(0)
        self._prefetcher = None
        if self.prefetch:
            self._prefetcher = Prefetcher(self.batch, self.prefetch)
