"""A training run and its folder."""

import os
from pathlib import Path
from typing import Any

import keras

from keras_gan import callbacks, checkpoints, precision
from keras_gan.files import atomic_write, read_json, write_json
from keras_gan.models import GAN
from keras_gan.presets import Preset
from keras_gan.runs import environment, layout, report
from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.evaluation import Evaluation
from keras_gan.runs.log import RunLog
from keras_gan.runs.progress import Progress
from keras_gan.runs.report import ReportWriter

DEFAULTS = {
    "seed": 0,
    "precision": "auto",
    "tensorboard": False,
    "evaluate_every": None,
    "num_evaluated": 10_000,
    "checkpoint_every": 500,
    "data_dir": None,
}


class Run:
    """Train a preset in a folder that holds all that is needed to resume.

    Args:
        folder: the folder for settings, log, samples, checkpoints, metrics, the model
            and the report.
        preset: a `keras_gan.presets.Preset` with a data set.
        **settings: `seed`, 0 by default; `precision`, a Keras dtype policy such as
            `"mixed_bfloat16"`, `"auto"` for the one that is faster on this device
            (`keras_gan.precision.choose`), or None for the current one; the settings
            record what was taken; `tensorboard`, whether to write logs for it;
            `evaluate_every`, in epochs, or None for the end only;
            `num_evaluated`, how many images the metrics use (10,000);
            `checkpoint_every`, in steps (500); `data_dir`, the folder of the data set.
            Other settings are only recorded.

    Example:

    ```python
    from keras_gan import presets, runs

    preset = presets.get("dcgan_fashion_mnist").replace(num_images=50_000)
    run = runs.Run("runs/short", preset, seed=1)
    run.begin()
    gan = run.train()

    gan = runs.Run.open("runs/short").restore()
    ```
    """

    def __init__(self, folder: str | os.PathLike, preset: Preset, **settings: Any):
        self.folder = Path(folder)
        self.preset = preset
        self.settings = DEFAULTS | settings

    @classmethod
    def open(cls, folder: str | os.PathLike) -> "Run":
        """Open the run in a folder.

        Args:
            folder: the folder of a run.

        Raises:
            ValueError: if the folder holds no run.
        """
        path = Path(folder) / layout.SETTINGS
        if not path.is_file():
            raise ValueError(
                f"{str(folder)!r} is not the folder of a run: it has no "
                f"{layout.SETTINGS}. `keras-gan train PRESET --output {folder}` would "
                "make it one."
            )
        settings = read_json(path)
        preset = Preset.from_dict(settings.pop("preset"))
        return cls(folder, preset, **settings)

    @property
    def is_finished(self) -> bool:
        """Whether training is complete."""
        return (self.folder / layout.MODEL).is_file()

    def check(self) -> None:
        """Check that the folder can be used and that evaluation is possible.

        Raises:
            ValueError: if the folder is not empty, or `evaluate_every` is set and the
                preset has no metrics.
        """
        if (self.folder / layout.SETTINGS).exists():
            raise ValueError(
                f"{str(self.folder)!r} holds a run already. Go on with it by --resume, "
                "or train into another folder: --output."
            )
        if self.folder.is_dir() and any(self.folder.iterdir()):
            raise ValueError(
                f"{str(self.folder)!r} is not empty, and its contents are not a run. "
                "Train into another folder: --output."
            )
        if self.settings["evaluate_every"] and not self.preset.metrics:
            raise ValueError(
                f"The preset {self.preset.name!r} has no metrics on these data, so "
                "there is nothing to evaluate. Leave out --evaluate-every, and "
                "measure afterwards with `keras-gan evaluate`."
            )

    def begin(self) -> None:
        """Create the folder and write the settings.

        Raises:
            ValueError: if `check` fails.
        """
        self.check()
        self._choose_precision()
        facts = {
            "preset": self.preset.to_dict(),
            **self.settings,
            **environment.describe(),
        }
        write_json(self.folder / layout.SETTINGS, facts)

    def results(self) -> list[str]:
        """Return the last metrics in words, a line for each."""
        path = self.folder / layout.METRICS
        return read_json(path)["described"] if path.is_file() else []

    def load_data(self, split: str = "train"):
        """Load the training images, or those of another split.

        Args:
            split: `"train"` or `"test"`.
        """
        options = {"seed": self.settings["seed"]} if split == "train" else {}
        return self.preset.load_data(split, self.settings["data_dir"], **options)

    def build(self) -> keras.Model:
        """Return the compiled, untrained GAN of this run."""
        environment.enable_determinism()
        self._choose_precision()
        if self.settings["precision"] is not None:
            keras.config.set_dtype_policy(self.settings["precision"])
        keras.utils.set_random_seed(self.settings["seed"])
        return GAN.from_preset(
            self.preset, load_weights=False, seed=self.settings["seed"]
        )

    def _choose_precision(self):
        """Replace `"auto"`, so that the settings keep what this device gets."""
        if self.settings["precision"] == "auto":
            environment.enable_determinism()
            self.settings["precision"] = precision.choose()

    def restore(self) -> keras.Model:
        """Return the trained GAN, or that of the newest checkpoint.

        Raises:
            ValueError: if there is neither.
        """
        if self.is_finished:
            return keras.saving.load_model(self.folder / layout.MODEL)
        folder = self.folder / layout.CHECKPOINTS
        if not checkpoints.listed(folder):
            raise ValueError(
                f"The run in {str(self.folder)!r} has no checkpoint yet. Wait for the "
                f"first, or train on: keras-gan train --output {self.folder} --resume"
            )
        gan = self.build()
        gan.restore(folder)
        return gan

    def train(self, gan=None, data=None, progress: bool = True) -> keras.Model:
        """Train to the end, from the newest checkpoint if there is one.

        Args:
            gan: what `build` returned, or None to call it.
            data: what `load_data` returned, or None to call it.
            progress: bool, whether to show a progress bar.

        Returns:
            The trained GAN.
        """
        gan = self.build() if gan is None else gan
        data = self.load_data() if data is None else data
        if not checkpoints.listed(self.folder / layout.CHECKPOINTS):
            self.preset.initialize(gan, data)
        epochs, steps = epochs_of(self.preset.num_steps)
        bar = [Progress(self.preset.batch_size)] if progress else []
        try:
            gan.fit(
                data.with_steps_per_epoch(steps),
                epochs=epochs,
                verbose=0,
                callbacks=[*bar, *self._callbacks(steps)],
            )
        finally:
            for each in bar:
                each.close()
        with atomic_write(self.folder / layout.MODEL) as draft:
            gan.save(draft)
        report.write(self.folder)
        return gan

    def _callbacks(self, steps_per_epoch):
        """Return the callbacks; each may need the results of those before it."""
        folder, settings = self.folder, self.settings
        board = folder / layout.TENSORBOARD if settings["tensorboard"] else None
        makes_images = len(self.preset.image_shape) == 3
        chosen = [self._evaluation()]
        chosen += [
            RunLog(folder / layout.LOG, steps_per_epoch * self.preset.batch_size)
        ]
        chosen += [callbacks.SampleGrid(folder / layout.SAMPLES, tensorboard=board)]
        if makes_images:
            walk = folder / layout.WALK
            chosen += [callbacks.LatentWalk(walk, num_keys=3, num_steps=12)]
        if board is not None:
            chosen += [keras.callbacks.TensorBoard(board, write_graph=False)]
        chosen += [ReportWriter(folder)]
        path, every = folder / layout.CHECKPOINTS, settings["checkpoint_every"]
        chosen += [callbacks.Checkpoint(path, every=every)]
        return [each for each in chosen if each is not None]

    def _evaluation(self):
        metrics = self.preset.make_metrics()
        if not metrics:
            return None
        every, number = self.settings["evaluate_every"], self.settings["num_evaluated"]
        path = self.folder / layout.METRICS
        return Evaluation(metrics, self.load_data("test"), path, every, number)
