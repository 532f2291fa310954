"""The log of a run: a CSV file with a row for each epoch."""

import csv
import os
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import keras

from keras_gan.callbacks import checks
from keras_gan.files import atomic_write


class RunLog(keras.callbacks.Callback):
    """Write `log.csv`, with exactly one row for each epoch.

    Unlike `keras.callbacks.CSVLogger`, it does not repeat the epochs after the last
    checkpoint when a run is resumed, and it has columns for results that only some
    epochs have. The file is replaced atomically after each epoch.

    The columns are `epoch`, counted from 1 as the sample grids are; `images`, or
    `rows` of a table, those trained on so far; `seconds` of training and evaluation,
    those before an interruption included; then the results.

    Args:
        path: the CSV file.
        images_per_epoch: int.
        unit: str, what is trained on.
    """

    def __init__(
        self, path: str | os.PathLike, images_per_epoch: int, unit: str = "images"
    ):
        super().__init__()
        self.unit = unit
        self.path = Path(path)
        self.images_per_epoch = images_per_epoch
        self._rows = None

    def on_train_begin(self, logs=None):
        self._rows = None

    def on_epoch_begin(self, epoch, logs=None):
        if self._rows is None:
            self._rows = [row for row in read(self.path) if row["epoch"] <= epoch]
            before = self._rows[-1]["seconds"] if self._rows else 0.0
            self._start = time.perf_counter() - before

    def on_epoch_end(self, epoch, logs=None):
        row = {
            "epoch": epoch + 1,
            self.unit: (epoch + 1) * self.images_per_epoch,
            "seconds": round(time.perf_counter() - self._start, 3),
        }
        results = {name: float(value) for name, value in (logs or {}).items()}
        self._rows.append(row | results)
        self._write()

    def add(self, results: dict[str, float]) -> None:
        """Add results to the row of the last epoch."""
        self._rows = self._rows or read(self.path)
        if self._rows:
            self._rows[-1] |= results
            self._write()

    def _write(self):
        columns = dict.fromkeys(name for row in self._rows for name in row)
        with (
            checks.going_on(self.path),
            atomic_write(self.path) as draft,
            open(draft, "w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self._rows)


def read(path: str | os.PathLike) -> list[dict]:
    """Read the rows of a log.

    Args:
        path: the CSV file.

    Returns:
        List of dicts from a column to a number, without the columns in which an
        epoch has no value. Empty if there is no file. Rows that are damaged are left
        out, with a warning.
    """
    if not os.path.isfile(path):
        return []
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        rows = [_numbers(row) for row in csv.DictReader(_without_nul(file))]
    whole = [row for row in rows if row is not None]
    if len(whole) < len(rows):
        warnings.warn(
            f"{len(rows) - len(whole)} of {len(rows)} rows of {str(path)!r} are no "
            "rows of a log, and are left out.",
            stacklevel=2,
        )
    return whole


def curves(rows: Sequence[dict]) -> dict[str, tuple]:
    """Return the columns of a log: a dict from a name to `(epochs, values)`.

    Args:
        rows: what `read` returned.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    found = {}
    for name in names:
        points = [(row["epoch"], row[name]) for row in rows if name in row]
        found[name] = tuple(zip(*points, strict=True))
    return found


def _without_nul(lines):
    """Yield lines that Python's parser takes."""
    for line in lines:
        yield line.replace("\0", "\ufffd")


def _numbers(row):
    """Return a row's numbers, or None if it is damaged."""
    try:
        unit = "rows" if "rows" in row else "images"
        counts = {name: int(row[name]) for name in ("epoch", unit)}
        values = {name: float(row[name]) for name in row if row[name]}
    except (KeyError, TypeError, ValueError):
        return None
    is_whole = "seconds" in values and counts["epoch"] > 0 and None not in row
    return values | counts if is_whole else None
