"""Checkpoints during training, and exact resumption from them."""

import contextlib
import errno
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gan import backend, checkpoints, folder_lock
from keras_gan._typing import Logs, PathLike
from keras_gan.callbacks import checks, run_state
from keras_gan.callbacks.signals import StopRequest
from keras_gan.callbacks.skip_seen_batches import SkipSeenBatches
from keras_gan.paths import expand
from keras_gan.validation import arguments


class Checkpoint(keras.callbacks.Callback):
    """Save the whole state of training, and resume from it in the next `fit`.

    A checkpoint holds the networks, the optimizers, the moving average, the random
    generators, the running means of the epoch, the history, the counters of other
    callbacks, and the position in the data, also within an epoch. If a run is killed
    at any moment and started again, it gives the same result as without the
    interruption.

    Files are `directory/step_000000500.npz` and so on. Each is written under a
    temporary name, then renamed, and holds a checksum. If the newest file is damaged,
    a warning names it and the one before is used.

    On `SIGTERM`, which a cluster sends before it stops a machine, the current step is
    finished and saved, and the process exits with the code 143. Ctrl-C saves too.
    A second Ctrl-C stops at once.

    A stop without notice loses the steps since the last checkpoint, `every / 2` of
    them on average. Saving a DCGAN for 28 x 28 images (19 MB) takes about as long as
    one of its training steps on a small machine. So `every=500` costs a few
    thousandths of the time. See `docs/checkpoints.md`.

    Args:
        directory: the folder of this run's checkpoints. It is made if needed.
        every: int, the number of steps between saves; `"epoch"` to save at the end
            of every epoch; None to save on `SIGTERM` and at the end only.
        keep: int, the number of latest checkpoints to keep.
        best: name of a metric, such as `"val_frechet_distance"`. The checkpoint of
            the epoch with the best value is kept as `best.npz`.
        mode: `"min"`, `"max"`, or `"auto"`: metrics of `compile` know which is
            better. Of other results, names with "score", "precision", "recall",
            "coverage", "density" or "accuracy" are better when larger, and all others
            when smaller.
        resume: bool, whether to resume from the newest checkpoint in the folder.

    Raises:
        OSError: before training, if the folder cannot be written to, the disk has
            no space for `keep + 1` checkpoints, or another training writes there.
        ValueError: before training, if the checkpoint is of another model or of other
            data; if all checkpoints in the folder are damaged; and, with
            `resume=False`, if the folder holds any.

    Example:

    ```python
    gan.fit(
        dataset,
        epochs=20,
        callbacks=[keras_gan.callbacks.Checkpoint("run/checkpoints")],
    )
    ```
    """

    def __init__(
        self,
        directory: PathLike,
        every: int | str | None = 500,
        keep: int = 3,
        best: str | None = None,
        mode: str = "auto",
        resume: bool = True,
    ) -> None:
        super().__init__()
        if every not in ("epoch", None):
            every = arguments.integer("every", every)
        if mode not in ("min", "max", "auto"):
            raise ValueError(
                f"`mode` must be 'min', 'max' or 'auto'. Received: {mode!r}"
            )
        self.directory = expand(directory)
        self.every = every
        self.keep = arguments.integer("keep", keep)
        self.best = best
        self.mode = mode
        self.resume = resume
        self.stop_request = StopRequest()
        self._run = self._arrays = self._path = self._skipping = None

    @property
    def larger_is_better(self) -> bool:
        """Whether larger values of `best` are better."""
        if self.mode == "auto" and self.best is not None:
            return run_state.better(self.best) == "max"
        return self.mode == "max"

    @contextlib.contextmanager
    def running(
        self,
        model: keras.Model,
        data: Any,
        callbacks: list[keras.callbacks.Callback],
        initial_epoch: int = 0,
    ) -> Iterator[tuple[int, int]]:
        """Find the step to resume from, and handle signals during a `fit`.

        Args:
            model: the model to train.
            data: the training data.
            callbacks: the other callbacks of this `fit`.
            initial_epoch: int, the first epoch if there is no checkpoint.

        Yields:
            `epoch, step`: the next step to take.
        """
        checks.check_writable(self.directory, "Checkpoint")
        with contextlib.ExitStack() as stack:
            if backend.is_chief(model):
                stack.enter_context(folder_lock.hold(self.directory))
            self._find(data, callbacks, initial_epoch)
            if self._arrays is not None:
                # Raise errors about another model before training begins.
                variables = model.checkpoint_variables()
                checkpoints.check(variables, self._arrays, self._path)
            self._check_disk_space(model)
            stack.callback(self._end)
            stack.enter_context(self.stop_request.listening())
            yield self._run.epoch, self._run.step

    def _end(self):
        self._stop_skipping()
        self._run = self._arrays = None

    def _find(self, data, callbacks, initial_epoch):
        checkpoints.sweep(self.directory)
        self.others = [c for c in callbacks if c is not self]
        self._run = run_state.RunState(data, initial_epoch)
        self._history_is_complete = False
        path = checkpoints.latest(self.directory)
        if path is not None and not self.resume:
            raise ValueError(
                f"`resume=False` was passed, and {str(self.directory)!r} holds "
                f"checkpoints of an earlier run, such as {path.name!r}. Pass another "
                "folder, or remove them."
            )
        if path is not None:
            self._arrays, facts = checkpoints.read(path)
            self._run.load(facts, path)
        self._path = path

    def on_train_begin(self, logs: Logs = None) -> None:
        if self._run is None:
            raise ValueError(
                "`Checkpoint` works in `fit` of a keras_gan model, such as "
                f"`keras_gan.GAN`. This model is a {type(self.model).__name__}."
            )
        self._run.track_counters(self.others)
        if self._arrays is not None and self._run.step == 0:
            self._restore()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self._arrays is not None:
            # Now other callbacks have set their learning rates, and Keras has reset
            # the metrics.
            self._restore()
            self._skipping = SkipSeenBatches(
                self.model, self._run.step, self.others, self.params["steps"]
            )
        if not self._history_is_complete:
            self._run.restore_history(self.model.history)
            self._history_is_complete = True
        self._run.begin_epoch(epoch)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        if self._skipping is not None:
            if not self._skipping.is_skipping:
                self._stop_skipping()
            return
        before = self._run.num_steps
        self._run.advance(batch + 1, self.params["steps"])
        if self._is_to_stop():
            self._save_and_exit()
        elif isinstance(self.every, int) and (
            self._run.num_steps // self.every > before // self.every
        ):
            self.save()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        logs = logs or {}
        steps = self.params["steps"] or self._run.step
        is_best = False
        if self._run.step >= steps:  # else another callback has stopped the epoch early
            self._run.end_epoch(epoch, logs)
            is_best = self._is_best(logs)
        is_last = self.model.stop_training or epoch + 1 == self.params["epochs"]
        if self._is_to_stop():
            self._save_and_exit(is_best)
        elif self.every == "epoch" or is_best or is_last:
            self.save(is_best)

    def on_train_end(self, logs: Logs = None) -> None:
        if not self._history_is_complete:  # all epochs were trained before
            self._run.restore_history(self.model.history)

    def save(self, is_best: bool = False) -> Path | None:
        """Save a checkpoint now.

        If the disk is full or fails, training continues: a warning tells it, older
        checkpoints are kept, and the next save tries again.

        Args:
            is_best: bool, whether to copy this checkpoint to `best.npz`.

        Returns:
            The `pathlib.Path` of the checkpoint, or None if saving failed.
        """
        backend.sync_state(self.model)
        path = checkpoints.path_of(self.directory, self._run.num_steps)
        arrays = checkpoints.arrays_of(self.model.checkpoint_variables())
        if not _is_finite(arrays):
            warnings.warn(
                f"The checkpoint {str(path)!r} was not written: the model contains "
                f"NaN or infinity, so training has diverged. {self._older()}",
                stacklevel=2,
            )
            return None
        if not backend.is_chief(self.model):
            return path
        if self._path is not None and not self._path.exists():
            warnings.warn(
                f"The checkpoint {str(self._path)!r} was removed during training. "
                f"{self._older()} Training continues, and {str(path)!r} is written.",
                stacklevel=2,
            )
        try:
            checkpoints.write(path, arrays, self._run.facts())
            if is_best:
                checkpoints.copy(path, self.directory / "best.npz")
        except OSError as error:
            warnings.warn(
                f"{error} Training continues, and the next save will try again. "
                f"{self._older()}",
                stacklevel=2,
            )
            return None
        self._path = path
        checkpoints.prune(self.directory, self.keep, self._run.num_steps)
        return path

    def _older(self):
        """Say truthfully what could be resumed from."""
        number = len(checkpoints.listed(self.directory))
        if number == 0:
            return f"There is no older checkpoint in {str(self.directory)!r}."
        return f"Older checkpoints are still there: {number}."

    def _restore(self):
        variables = self.model.checkpoint_variables()
        checkpoints.assign(variables, self._arrays, self._path)
        self._arrays = None

    def _stop_skipping(self):
        if self._skipping is not None:
            self._skipping.end()
        self._skipping = None

    def _is_best(self, logs):
        if self.best is None:
            return False
        if self.best not in logs:
            warnings.warn(
                f"`best={self.best!r}` is not among the results of the epoch, "
                f"{sorted(logs)}. Results that begin with `val_` need metrics in "
                "`compile` and `validation_data` in `fit`.",
                stacklevel=2,
            )
            return False
        value, best = float(logs[self.best]), self._run.best
        if not np.isfinite(value) or (best is not None and not self._is_better(value)):
            return False
        self._run.best = value
        return True

    def _is_better(self, value):
        best = self._run.best
        return value > best if self.larger_is_better else value < best

    def _is_to_stop(self):
        """Whether a signal came; where several processes train, to any of them."""
        came = self.stop_request.signal is not None
        return backend.any_process(self.model, came)

    def _save_and_exit(self, is_best=False):
        path = self.save(is_best)
        if path is None:
            self.stop_request.exit(
                f"Stopped. The last step could not be saved. {self._older()}"
            )
        self.stop_request.exit(
            f"Stopped after epoch {self._run.epoch}, step {self._run.step}. The "
            f"checkpoint is {path}. Run the same command again to resume from there."
        )

    def _check_disk_space(self, model):
        variables = model.checkpoint_variables().values()
        size = sum(int(np.prod(v.shape)) * 4 + 512 for v in variables)
        number = self.keep + 1 + (self.best is not None)
        used = sum(p.stat().st_size for p in checkpoints.listed(self.directory))
        free = shutil.disk_usage(self.directory).free
        if free + used < number * size:
            raise OSError(
                errno.ENOSPC,
                f"Checkpoint needs space for {number} files of {_megabytes(size)} in "
                f"{str(self.directory)!r}, and the disk has {_megabytes(free)} left. "
                "Free space, pass a folder on another disk, or a smaller `keep`",
            )


def _is_finite(arrays):
    return all(
        np.isfinite(array).all()
        for name, array in arrays.items()
        if not name.startswith("metrics/")
    )


def _megabytes(size):
    return f"{size / 1e6:.1f} MB"
