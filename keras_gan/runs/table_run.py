"""A training run on a table, and its folder."""

import os
import warnings
from pathlib import Path
from typing import Any

import keras

from keras_gan import callbacks, folder_lock, tables
from keras_gan.files import DamagedFile, atomic_write, read_json, write_json
from keras_gan.models.tabular import TabularGAN
from keras_gan.paths import expand
from keras_gan.runs import layout, model_file
from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.log import RunLog
from keras_gan.runs.progress import Progress

CODEC = "codec.json"
# The key of the settings that tells a run on a table from others.
TABLE = "table"
DEFAULTS = {
    "schema": None,
    "num_rows": 360_000,
    "batch_size": 128,
    "seed": 0,
    "checkpoint_every": 500,
    "held_out": 0.1,
    "target": None,
}
NUM_REPORTED = 4_000  # rows are generated for the report at the end


class TableRun:
    """Train a `TabularGAN` on a table, in a folder that holds all that is needed.

    The folder gets the settings, the codec of the table, a log, checkpoints, the
    model, and a report of the quality and the privacy of its rows. A run that was
    stopped goes on with the newest checkpoint.

    Args:
        folder: the folder.
        data: the path of a CSV or Parquet file.
        **settings: `schema`, a dict from names of columns to kinds; `num_rows`, on how
            many rows to train in all (360,000); `batch_size` (128); `seed` (0);
            `checkpoint_every`, in steps (500); `held_out`, the share of rows that are
            not trained on, for the report (0.1); `target`, the column that classifiers
            predict in the report, by default the last one of two values.

    Raises:
        ValueError: on a setting that there is not.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 50, "job": ["cook", "smith"] * 100})
    frame.to_csv("rows.csv", index=False)
    run = keras_gan.runs.TableRun("runs/rows", "rows.csv", num_rows=1_000)
    run.begin()
    gan = run.train()
    table = gan.sample(10)
    ```
    """

    def __init__(self, folder: str | os.PathLike, data, **settings: Any):
        unknown = sorted(set(settings) - set(DEFAULTS))
        if unknown:
            raise ValueError(
                f"A run on a table has no settings {unknown}. It has {list(DEFAULTS)}."
            )
        self.folder = expand(folder)
        self.settings = DEFAULTS | settings | {TABLE: os.path.abspath(expand(data))}
        self.codec = None

    @staticmethod
    def is_one(folder: str | os.PathLike) -> bool:
        """Return whether a folder holds a run on a table."""
        path = Path(folder) / layout.SETTINGS
        if not path.is_file() or not (Path(folder) / CODEC).is_file():
            return False
        facts = read_json(path)
        return isinstance(facts, dict) and TABLE in facts

    @classmethod
    def open(cls, folder: str | os.PathLike) -> "TableRun":
        """Open the run in a folder.

        Raises:
            ValueError: if the folder holds none, or its files are damaged.
        """
        folder = expand(folder)
        if not cls.is_one(folder):
            raise ValueError(f"{str(folder)!r} is not the folder of a run on a table.")
        settings = read_json(folder / layout.SETTINGS)
        settings.setdefault("held_out", 0.0)  # a run from before there was this
        run = cls(folder, settings.pop(TABLE), **settings)
        try:
            run.codec = tables.TableCodec.from_config(read_json(folder / CODEC))
        except (AttributeError, LookupError, TypeError) as error:
            found = f"it is no codec ({error})"
            raise DamagedFile(folder / CODEC, found, "Train again.") from error
        return run

    @property
    def is_finished(self) -> bool:
        """Whether training is complete."""
        return (self.folder / layout.MODEL).is_file()

    @property
    def data(self) -> tables.HeldOut:
        """The rows to train on, and those that are held out."""
        settings = self.settings
        return tables.HeldOut(settings[TABLE], settings["held_out"], settings["seed"])

    @property
    def _num_steps(self):
        return max(1, self.settings["num_rows"] // self.settings["batch_size"])

    def begin(self) -> None:
        """Recognise the columns, create the folder, and write the settings.

        Raises:
            ValueError: if the folder is not empty, and on a table that cannot be
                learned from.
        """
        if self.folder.exists() and (
            not self.folder.is_dir() or any(self.folder.iterdir())
        ):
            raise ValueError(
                f"{str(self.folder)!r} is not empty. Go on with the run in it by "
                "--resume, or train into another folder: --output."
            )
        self.codec = tables.fit_codec(self.data, self.settings["schema"])
        target = self.settings["target"]
        names = [column.name for column in self.codec.kept]
        if target not in (None, *names):
            raise ValueError(f"`target` is {target!r}, and the columns are {names}.")
        write_json(self.folder / CODEC, self.codec.get_config())
        write_json(self.folder / layout.SETTINGS, self.settings)

    def build(self) -> TabularGAN:
        """Return the compiled model, not trained."""
        keras.utils.set_random_seed(self.settings["seed"])
        gan = TabularGAN(self.codec, seed=self.settings["seed"])
        gan.compile(num_steps=self._num_steps)
        return gan

    def restore(self) -> TabularGAN:
        """Return the trained model, or that of the newest checkpoint.

        Raises:
            ValueError: if there is neither.
        """
        return model_file.restore(self.folder, self.build)

    def train(self, progress: bool = True) -> TabularGAN:
        """Train to the end, from the newest checkpoint if there is one.

        Args:
            progress: bool, whether to show a progress bar, with the time left.

        Returns:
            The trained model.

        Raises:
            OSError: if another process trains in the folder.
            ValueError: if the table has changed.
        """
        batch_size = self.settings["batch_size"]
        epochs, steps = epochs_of(self._num_steps)
        with folder_lock.hold(self.folder):
            gan = self.build()
            data = tables.batches(
                self.codec, self.data, batch_size, self.settings["seed"]
            )
            bar = Progress(batch_size, unit="rows") if progress else None
            every = self.settings["checkpoint_every"]
            chosen = [
                RunLog(self.folder / layout.LOG, steps * batch_size, "rows"),
                callbacks.Checkpoint(self.folder / layout.CHECKPOINTS, every=every),
            ]
            try:
                gan.fit(
                    data.with_steps_per_epoch(steps),
                    epochs=epochs,
                    verbose=0,
                    callbacks=[bar, *chosen] if progress else chosen,
                )
            finally:
                if bar is not None:
                    bar.close()
            with atomic_write(self.folder / layout.MODEL) as draft:
                gan.save(draft)
            if self.settings["held_out"]:
                self._report_or_warn(gan)
        return gan

    def measure(
        self, gan: TabularGAN, test=None, num_rows: int = NUM_REPORTED, seed: int = 0
    ) -> dict[str, float]:
        """Measure the model's rows, and write `report.html` and `metrics.json`.

        Args:
            gan: the trained model.
            test: `pandas.DataFrame`, real rows that it has not seen; None for those
                that the run holds out.
            num_rows: int, how many rows to generate.
            seed: int, which rows.

        Returns:
            The scores of `keras_gan.metrics.table_quality`.

        Raises:
            ValueError: without held-out rows.
            ImportError: without scikit-learn.
        """
        names = [column.name for column in self.codec.kept]
        test = self.data.held_out() if test is None else test
        absent = [name for name in names if name not in test]
        if absent:
            raise ValueError(
                f"The rows to compare with lack the columns {absent}. They have "
                f"{list(test.columns)}."
            )
        train = self.data.trained_on()
        found = tables.write_report(
            self.folder / layout.REPORT,
            train[names],
            test[names],
            gan.sample(num_rows, seed=seed),
            self.settings["target"],
            title=self.folder.name,
        )
        described = [f"{name} {value:.3f}" for name, value in found.items()]
        facts = {"epoch": epochs_of(self._num_steps)[0], "metrics": found}
        write_json(self.folder / layout.METRICS, facts | {"described": described})
        return found

    def _report_or_warn(self, gan):
        try:
            self.measure(gan)
        except Exception as error:  # a report never ends a training
            is_sentence = isinstance(error, OSError | ValueError | ImportError)
            said = str(error) if is_sentence else f"{type(error).__name__}: {error}"
            warnings.warn(
                f"The report of {str(self.folder)!r} was not written ({said}). The "
                "model is trained.",
                stacklevel=3,
            )
