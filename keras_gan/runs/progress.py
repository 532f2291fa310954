"""Progress bar."""

import sys

import keras
from tqdm import tqdm


class Progress(keras.callbacks.Callback):
    """Show one progress bar for a whole training on stderr.

    It counts images, and shows the losses and scores; of a model that logs others, the
    first four results.

    Args:
        batch_size: int.
        unit: str, what a batch is made of.
    """

    SHOWN = ("d_loss", "g_loss", "real_score", "fake_score")

    def __init__(self, batch_size: int, unit: str = "images"):
        super().__init__()
        self.batch_size, self.unit = batch_size, unit
        self._bar = None

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        steps = self._epoch * self.params["steps"] + batch + 1
        if self._bar is None:
            self._open(steps - 1)
        self._bar.update(steps * self.batch_size - self._bar.n)
        self._show(logs)

    def on_epoch_end(self, epoch, logs=None):
        if self._bar is not None:
            self._show(logs)

    def on_train_end(self, logs=None):
        self.close()

    def close(self) -> None:
        """Close the bar and leave it on the screen, also after an interruption."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _open(self, num_steps):
        self._bar = tqdm(
            initial=num_steps * self.batch_size,
            total=self.params["epochs"] * self.params["steps"] * self.batch_size,
            unit=f" {self.unit}",
            unit_scale=True,
            dynamic_ncols=True,
            # Not ten lines a second if stderr is a file.
            mininterval=0.2 if sys.stderr.isatty() else 30,
        )

    def _show(self, logs):
        logs = logs or {}
        known = [name for name in self.SHOWN if name in logs]
        values = {name: logs[name] for name in known or list(logs)[:4]}
        if values:
            text = ", ".join(f"{name} {float(v):.3f}" for name, v in values.items())
            self._bar.set_postfix_str(text, refresh=False)
