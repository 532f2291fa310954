"""Checkpoints during training, and going on from them."""

import contextlib
import errno
import shutil
import warnings
from pathlib import Path

import keras
import numpy as np

from keras_gan import backend, checkpoints
from keras_gan.callbacks import checks, run_state
from keras_gan.callbacks.fast_forward import FastForward
from keras_gan.callbacks.signals import StopRequest
from keras_gan.validation import arguments


class Checkpoint(keras.callbacks.Callback):
    """Save all of training now and then; the same `fit` run again goes on there.

    A checkpoint holds the networks, the optimizers, the moving average, the random
    generators, the running means of the epoch, the history, the counters of other
    callbacks, and the place in the data, in mid-epoch too. A run that was killed,
    at whatever moment, and started again takes the course that it would have taken.

    Files are `directory/step_000000500.npz` and so on. Each is written beside its
    place and renamed, and carries a checksum. If the newest is damaged, a warning
    names it and the one before is used.

    Under `SIGTERM`, as a cluster sends it before it takes a machine away, the
    step under way is finished and saved, and the process leaves with the code 143.
    Ctrl-C saves as well; pressed twice it stops at once.

    A stop without notice costs the steps since the last checkpoint, `every / 2`
    of them on average. A save of a DCGAN for 28 x 28 images (19 MB) takes about as
    long as one of its training steps on a small machine, so that `every=500` costs
    a few thousandths of the time. See `docs/checkpoints.md`.

    Args:
        directory: the folder of this run's checkpoints. It is made if needed.
        every: int, the number of steps between saves; `"epoch"` to save at the end
            of every epoch; None to save on `SIGTERM` and at the end only.
        keep: int, how many of the last checkpoints to keep.
        best: name of a metric, such as `"val_frechet_distance"`: `best.npz` is
            the checkpoint of the epoch that had the best value.
        mode: `"min"`, `"max"`, or `"auto"`, which takes names with "score",
            "precision", "recall", "coverage", "density" or "accuracy" to be better
            when larger, and all others when smaller.
        resume: bool, whether to go on from the newest checkpoint in the folder.

    Raises:
        OSError: before training, if the folder cannot be written to or the disk has
            no room for `keep + 1` checkpoints.
        ValueError: before training, if the checkpoint found is of another model or
            of other data; if none in the folder is whole; and, with `resume=False`,
            if the folder holds any.

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
        self, directory, every=500, keep=3, best=None, mode="auto", resume=True
    ):
        super().__init__()
        if every not in ("epoch", None):
            every = arguments.integer("every", every)
        if mode not in ("min", "max", "auto"):
            raise ValueError(
                f"`mode` must be 'min', 'max' or 'auto'. Received: {mode!r}"
            )
        self.directory = Path(directory)
        self.every = every
        self.keep = arguments.integer("keep", keep)
        self.best = best
        self.larger_is_better = mode == "max" or (
            mode == "auto" and best is not None and run_state.larger_is_better(best)
        )
        self.resume = resume
        self.stop_request = StopRequest()
        self._run = self._arrays = self._fast_forward = None

    @contextlib.contextmanager
    def at_work(self, model, data, callbacks, initial_epoch=0):
        """Surround a `fit`: find where to go on, and listen to signals meanwhile.

        Args:
            model: the model to train.
            data: what it is trained on.
            callbacks: the other callbacks of this `fit`.
            initial_epoch: int, where to begin if there is no checkpoint.

        Yields:
            `epoch, step`: the next step to take.
        """
        self._find(data, callbacks, initial_epoch)
        if self._arrays is not None:
            # Of another model? Better said now than when training has begun.
            variables = model.checkpoint_variables()
            checkpoints.check(variables, self._arrays, self._path)
        self._check_room(model)
        try:
            with contextlib.ExitStack() as stack:
                if backend.num_processes(model) == 1:  # several have to save together
                    stack.enter_context(self.stop_request.listening())
                yield self._run.epoch, self._run.step
        finally:
            self._end_fast_forward()
            self._run = self._arrays = None

    def _find(self, data, callbacks, initial_epoch):
        checks.check_writable(self.directory, "Checkpoint")
        checkpoints.sweep(self.directory)
        self.others = [c for c in callbacks if c is not self]
        self._run = run_state.RunState(data, initial_epoch)
        self._history_is_whole = False
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

    def on_train_begin(self, logs=None):
        if self._run is None:
            raise ValueError(
                "`Checkpoint` works in `fit` of a keras_gan model, such as "
                f"`keras_gan.GAN`. This model is a {type(self.model).__name__}."
            )
        self._run.watch(self.others)
        if self._arrays is not None and self._run.step == 0:
            self._restore()

    def on_epoch_begin(self, epoch, logs=None):
        if self._arrays is not None:
            # After the other callbacks, which may have set learning rates anew, and
            # after Keras has reset the metrics.
            self._restore()
            self._fast_forward = FastForward(
                self.model, self._run.step, self.others, self.params["steps"]
            )
        if not self._history_is_whole:
            self._run.hand_history(self.model.history)
            self._history_is_whole = True
        self._run.begin_epoch(epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self._fast_forward is not None:
            if not self._fast_forward.is_passing:
                self._end_fast_forward()
            return
        before = self._run.num_steps
        self._run.advance(batch + 1, self.params["steps"])
        if self.stop_request.signal is not None:
            self._save_and_leave()
        elif isinstance(self.every, int) and (
            self._run.num_steps // self.every > before // self.every
        ):
            self.save()

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        steps = self.params["steps"] or self._run.step
        is_best = False
        if self._run.step >= steps:  # else another callback has cut it short
            self._run.end_epoch(epoch, logs)
            is_best = self._is_best(logs)
        is_last = self.model.stop_training or epoch + 1 == self.params["epochs"]
        if self.stop_request.signal is not None:
            self._save_and_leave(is_best)
        elif self.every == "epoch" or is_best or is_last:
            self.save(is_best)

    def on_train_end(self, logs=None):
        if not self._history_is_whole:  # there was nothing left to train
            self._run.hand_history(self.model.history)

    def save(self, is_best=False):
        """Save now.

        A disk that is full or fails is survived: a warning says so, the
        checkpoints there are stay, and the next save tries again.

        Args:
            is_best: bool, whether `best.npz` is to be this one.

        Returns:
            The `pathlib.Path` of the checkpoint; None where saving failed.
        """
        backend.sync_state(self.model)
        path = checkpoints.path_of(self.directory, self._run.num_steps)
        arrays = checkpoints.arrays_of(self.model.checkpoint_variables())
        if not _is_finite(arrays):
            warnings.warn(
                f"The checkpoint {str(path)!r} was not written: the model contains "
                "NaN or infinity, so training has diverged. Older checkpoints are "
                "still there.",
                stacklevel=2,
            )
            return None
        if not backend.is_chief(self.model):
            return path
        try:
            checkpoints.write(path, arrays, self._run.facts())
            if is_best:
                checkpoints.copy(path, self.directory / "best.npz")
        except OSError as error:
            code = errno.errorcode.get(error.errno, error.errno)
            warnings.warn(
                f"The checkpoint {str(path)!r} could not be written: "
                f"{error.strerror or error} ({code}). Training goes on, and the next "
                "save will try again. Older checkpoints are still there. Make room "
                f"on the disk of {str(self.directory)!r}, or see that it can be "
                "written to.",
                stacklevel=2,
            )
            return None
        checkpoints.prune(self.directory, self.keep, self._run.num_steps)
        return path

    def _restore(self):
        variables = self.model.checkpoint_variables()
        checkpoints.assign(variables, self._arrays, self._path)
        self._arrays = None

    def _end_fast_forward(self):
        if self._fast_forward is not None:
            self._fast_forward.end()
        self._fast_forward = None

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
        if best is not None and not (
            value > best if self.larger_is_better else value < best
        ):
            return False
        self._run.best = value
        return True

    def _save_and_leave(self, is_best=False):
        path = self.save(is_best)
        if path is None:
            said = "Stopped. The last step could not be saved; older checkpoints are in"
            self.stop_request.leave(f"{said} {self.directory}.")
        self.stop_request.leave(
            f"Stopped after epoch {self._run.epoch}, step {self._run.step}. The "
            f"checkpoint is {path}. Run the same command again to go on from there."
        )

    def _check_room(self, model):
        variables = model.checkpoint_variables().values()
        size = sum(int(np.prod(v.shape)) * 4 + 512 for v in variables)
        number = self.keep + 1 + (self.best is not None)
        there = sum(p.stat().st_size for p in checkpoints.listed(self.directory))
        free = shutil.disk_usage(self.directory).free
        if free + there < number * size:
            raise OSError(
                errno.ENOSPC,
                f"Checkpoint needs room for {number} files of {_megabytes(size)} in "
                f"{str(self.directory)!r}, and the disk has {_megabytes(free)} left. "
                "Make room, pass a folder on another disk, or a smaller `keep`",
            )


def _is_finite(arrays):
    return all(
        np.isfinite(array).all()
        for name, array in arrays.items()
        if not name.startswith("metrics/")
    )


def _megabytes(size):
    return f"{size / 1e6:.1f} MB"
