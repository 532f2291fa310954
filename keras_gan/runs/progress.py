"""How far, how fast, how long still."""

import sys

import keras


class Progress(keras.callbacks.Callback):
    """One bar for a whole training, in images, on stderr.

    Args:
        batch_size: int.
    """

    SHOWN = ("d_loss", "g_loss", "real_score", "fake_score")

    def __init__(self, batch_size):
        super().__init__()
        self.batch_size = batch_size
        self._bar = None

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        steps = self._epoch * self.params["steps"] + batch + 1
        if self._bar is None:
            self._open(steps - 1)
        self._bar.update(steps * self.batch_size - self._bar.n)
        self._say(logs)

    def on_epoch_end(self, epoch, logs=None):
        if self._bar is not None:
            self._say(logs)

    def on_train_end(self, logs=None):
        self.close()

    def close(self):
        """Leave the bar as it is, also when training was stopped."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _open(self, num_steps):
        from tqdm import tqdm

        self._bar = tqdm(
            initial=num_steps * self.batch_size,
            total=self.params["epochs"] * self.params["steps"] * self.batch_size,
            unit=" images",
            unit_scale=True,
            dynamic_ncols=True,
            # A file is no place to draw a bar in ten times a second.
            mininterval=0.2 if sys.stderr.isatty() else 30,
        )

    def _say(self, logs):
        values = {name: logs[name] for name in self.SHOWN if name in (logs or {})}
        if values:
            text = ", ".join(f"{name} {float(v):.3f}" for name, v in values.items())
            self._bar.set_postfix_str(text, refresh=False)
