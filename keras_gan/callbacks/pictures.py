"""A picture of the model's images after every epoch."""

from collections.abc import Sequence

import keras
import numpy as np

from keras_gan._typing import Logs, PathLike
from keras_gan.callbacks import checks
from keras_gan.callbacks.board import Board
from keras_gan.paths import expand
from keras_gan.validation import arguments


class EpochPictures(keras.callbacks.Callback):
    """Base class of callbacks that save a picture after every epoch.

    Subclasses implement `make` and `plot`, and check in `prepare` that they can.

    Args:
        folder: the folder for `epoch_0001.png` and so on. It is created if needed.
        every: int, the number of epochs between pictures.
        tensorboard: a log folder, to show the pictures in TensorBoard too.
        early_steps: int, or list of int, the steps of the first epoch after which to
            save a picture too, `step_00010.png` and so on.
    """

    def __init__(
        self,
        folder: PathLike,
        every: int = 1,
        tensorboard: PathLike | None = None,
        early_steps: int | Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.folder = expand(folder)
        self.every = arguments.integer("every", every)
        self.tensorboard = tensorboard
        steps = [early_steps] if isinstance(early_steps, int) else early_steps
        self.early_steps = sorted({arguments.integer("early_steps", n) for n in steps})
        self.board = None
        self._is_early = False

    def prepare(self) -> None:
        """Check, before training, that the model can make the pictures."""

    def make(self) -> np.ndarray:
        """Return what to plot, a float array, from the present model."""
        raise NotImplementedError

    def plot(self, samples: np.ndarray, path: PathLike) -> None:
        """Save a picture of what `make` returned.

        Args:
            samples: float32 array.
            path: the PNG file to write.
        """
        raise NotImplementedError

    def on_train_begin(self, logs: Logs = None) -> None:
        checks.check_writable(self.folder, type(self).__name__)
        self.prepare()
        if self.tensorboard is not None:
            self.board = Board(self.tensorboard)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if epoch == 0:
            self.write(0)
        self._is_early = epoch == 0

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if not self._is_early:
            return
        # With several steps at once, what is asked for may lie between two calls.
        before = batch - self.model.steps_per_execution
        if any(before < steps - 1 <= batch for steps in self.early_steps):
            self._save(f"step_{batch + 1:05d}.png")

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if (epoch + 1) % self.every == 0:
            self.write(epoch + 1)

    def on_train_end(self, logs: Logs = None) -> None:
        if self.board is not None:
            with checks.going_on(self.tensorboard):
                self.board.close()
            self.board = None

    def write(self, num_epochs: int) -> None:
        """Save the picture after this number of epochs."""
        self._save(f"epoch_{num_epochs:04d}.png", num_epochs)

    def _save(self, name, num_epochs=None):
        """Save a picture; of one after an epoch, TensorBoard gets a copy."""
        samples = self.make()
        if not checks.is_finite(samples, type(self).__name__):
            return
        path = self.folder / name
        with checks.going_on(path):
            self.plot(samples, path)
            if self.board is not None and num_epochs is not None:
                self.board.add_png("samples", path.read_bytes(), num_epochs)
