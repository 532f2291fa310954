"""The log of a run: a row for each epoch, and each epoch in one row."""

import csv
import time
from pathlib import Path

import keras

from keras_gan.plotting.files import replacing
from keras_gan.runs.report import facts


class RunLog(keras.callbacks.Callback):
    """Keep `log.csv`, whatever happens to the process.

    `keras.callbacks.CSVLogger` writes the epochs after the last checkpoint twice
    when a run is taken up again, and has no room for results that only some epochs
    have. Here the rows of epochs that are trained again are dropped first, and the
    file is always whole.

    The columns are `epoch`, counted from 1 as the sample grids are; `images`, those
    trained on so far; `seconds` of training and measuring, those before a stop
    included; then the results.

    Args:
        path: the CSV file.
        images_per_epoch: int.
    """

    def __init__(self, path, images_per_epoch):
        super().__init__()
        self.path = Path(path)
        self.images_per_epoch = images_per_epoch
        self._rows = None

    def on_train_begin(self, logs=None):
        self._rows = None

    def on_epoch_begin(self, epoch, logs=None):
        if self._rows is None:
            self._rows = [row for row in facts.rows(self.path) if row["epoch"] <= epoch]
            before = self._rows[-1]["seconds"] if self._rows else 0.0
            self._start = time.perf_counter() - before

    def on_epoch_end(self, epoch, logs=None):
        row = {
            "epoch": epoch + 1,
            "images": (epoch + 1) * self.images_per_epoch,
            "seconds": round(time.perf_counter() - self._start, 3),
        }
        results = {name: float(value) for name, value in (logs or {}).items()}
        self._rows.append(row | results)
        self._write()

    def _write(self):
        columns = dict.fromkeys(name for row in self._rows for name in row)
        with replacing(self.path) as beside, open(beside, "w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self._rows)
