"""Batches that are a pure function of a seed and a step."""

import copy

import keras
import numpy as np

from keras_gan.datasets.prefetch import Prefetcher
from keras_gan.validation import arguments


class SeededDataset(keras.utils.PyDataset):
    """A dataset whose batches depend on its seed and on the step, on nothing else.

    Batch `index` of epoch `epoch` is `batch(epoch * steps_per_epoch + index)`,
    whichever thread asks for it and in whatever order. A run that stops after
    epoch 7 and goes on later with `dataset.epoch = 7` sees the very batches that
    an uninterrupted run would have seen; one that stops within epoch 7, after 120
    of its batches, goes on with `dataset.seek(7, 120)`.

    The epoch moves on by itself each time a whole epoch has been drawn, in
    `fit` as in a `for` loop.

    Subclasses implement `batch(step)`.

    Args:
        steps_per_epoch: Number of batches in an epoch.
        seed: Non-negative integer from which every random draw derives.
        prefetch: Number of batches that a thread prepares ahead of the training step.
            Worth it where a batch takes long to make, as pictures do that are decoded
            for every batch. (Keras' own `workers` is not used: its queue carries
            batches of one epoch over into the next.)
    """

    def __init__(self, steps_per_epoch, seed=0, prefetch=0):
        super().__init__()
        self.seed = arguments.integer("seed", seed, at_least=0)
        self.steps_per_epoch = arguments.integer("steps_per_epoch", steps_per_epoch)
        self.prefetch = arguments.integer("prefetch", prefetch, at_least=0)
        self._in_epoch = False
        self._rewind()

    @property
    def epoch(self):
        """The epoch that the next batches belong to, counted from 0."""
        return self._epoch

    @epoch.setter
    def epoch(self, value):
        self.seek(value)

    @property
    def start(self):
        """How many batches of this epoch are passed over."""
        return self._start

    def seek(self, epoch, start=0):
        """Go to a place within an epoch, to take up a run that stopped there.

        What is left of the epoch follows; later epochs are whole. A `for` loop
        begins with batch `start`. Keras' trainers count every batch of an epoch
        and ask for those before too: they get batches of no samples, which cost
        next to nothing.

        Args:
            epoch: Number of the epoch, counted from 0.
            start: Number of its batches that have been seen.

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
        self._drawn = set(range(start))
        self._no_samples = None

    def batch(self, step):
        """Return the batch of this step, counted from the start of training."""
        raise NotImplementedError

    def with_steps_per_epoch(self, steps_per_epoch):
        """Return the same data with epochs of another length.

        An epoch may be shorter or longer than one pass over the data: each epoch
        goes on where the one before it ended. Prefer this to the argument
        `steps_per_epoch` of Keras' `fit`, which stops at the end of every pass.

        Args:
            steps_per_epoch: Number of batches in an epoch.

        Returns:
            A dataset at epoch 0 which shares the data with this one.
        """
        other = copy.copy(self)
        other.steps_per_epoch = arguments.integer("steps_per_epoch", steps_per_epoch)
        other._rewind()
        return other

    def as_uint8(self):
        """Return the same batches as bytes, where images are stored so, or this."""
        return self

    def rng(self, stream, *position):
        """Return a NumPy generator for this stream of draws at this position."""
        return np.random.default_rng((self.seed, stream, *position))

    def on_epoch_begin(self):
        self._in_epoch = True

    def on_epoch_end(self):
        # Keras also calls this before the first epoch, and after drawing a single
        # batch to build an unbuilt model: neither of them is an epoch.
        if self._in_epoch and len(self._drawn) == len(self):
            self.epoch += 1
        self._in_epoch = False

    def __len__(self):
        return self.steps_per_epoch

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"Batch {index} of an epoch of {len(self)} batches.")
        self._drawn.add(index)
        first = self.epoch * len(self)
        if index < self.start:
            if self._no_samples is None:
                some = self.batch(first + index)
                self._no_samples = keras.tree.map_structure(lambda a: a[:0], some)
            return self._no_samples
        read = self._prefetcher or self.batch
        return read(first + index)

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
