"""A training run and its folder."""

import os
import warnings
from typing import Any

import keras

from keras_gan import callbacks, checkpoints, folder_lock, metrics, precision
from keras_gan.files import atomic_write, write_json
from keras_gan.models import AdversarialModel
from keras_gan.paths import expand
from keras_gan.presets import Preset
from keras_gan.runs import best as best_of_run
from keras_gan.runs import (
    environment,
    evaluation,
    finishing,
    layout,
    model_file,
    neutral,
    report,
    samples,
)
from keras_gan.runs import log as run_log
from keras_gan.runs import settings as run_settings
from keras_gan.runs.duration import steps_in
from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.log import RunLog
from keras_gan.runs.progress import Progress
from keras_gan.runs.report import ReportWriter
from keras_gan.runs.tensorboard import TensorBoard

# How often a run is evaluated that keeps its best generator, unless it is said.
NUM_EVALUATIONS = 10


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
            `num_evaluated`, how many images the metrics use (10,000); `keep_best`,
            the name of the result by which the best generator is kept, such as
            `"frechet_distance"`, or None for the last one; `patience`, after how many
            evaluations without a better one training stops, or None;
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
        self.folder = expand(folder)
        self.preset = preset
        self.settings = run_settings.DEFAULTS | settings

    @classmethod
    def open(cls, folder: str | os.PathLike) -> "Run":
        """Open the run in a folder.

        Args:
            folder: the folder of a run.

        Raises:
            ValueError: if the folder holds no run, or its settings are damaged.
        """
        preset, settings = run_settings.read(expand(folder))
        run = cls(folder, preset)
        run.settings = settings
        return run

    @property
    def is_finished(self) -> bool:
        """Whether training is complete."""
        return (self.folder / layout.MODEL).is_file()

    @property
    def is_evaluated(self) -> bool:
        """Whether the results after the last epoch are there, or cannot be."""
        last, _ = epochs_of(self.preset.num_steps)
        results = evaluation.read(self.folder / layout.METRICS)
        is_of_the_end = results.get("epoch") == last or results.get("kept")
        return not self.preset.metrics or bool(is_of_the_end)

    def check(self) -> None:
        """Check that the folder can be used and that evaluation is possible.

        Raises:
            ValueError: if the folder is not empty, if `evaluate_every` is set and the
                preset has no metrics, or if `num_evaluated` is less than these need.
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
        if wanted := self.preset.make_metrics():
            metrics.check_num_images(wanted, self.settings["num_evaluated"])
        best_of_run.check(self.preset, self.settings)
        neutral.check(self.preset)

    def fit_to(self, minutes: float, data=None) -> None:
        """Choose the length of the training for the time that there is.

        A few steps are timed on this device. Learning rates and everything else that
        the preset schedules follow the length, which is kept in the settings: a run
        that is resumed has the same. Call this before `begin`.

        Args:
            minutes: float, the time until training ends. The evaluation after it is
                not counted.
            data: what `load_data` returned, or None to call it.

        Raises:
            ValueError: if the time is over before the first step is.
        """
        data = self.load_data() if data is None else data
        recipe = self.preset

        def build(num_steps):
            self.preset = recipe.replace(num_images=recipe.batch_size * num_steps)
            return self.build()

        try:
            num_steps = steps_in(minutes, build, data)
        finally:
            self.preset = recipe
        self.preset = recipe.replace(num_images=recipe.batch_size * num_steps)

    def begin(self) -> None:
        """Create the folder and write the settings.

        Raises:
            ValueError: if `check` fails.
        """
        self.check()
        self._choose_precision()
        self.settings |= environment.describe()
        self._write_settings()

    def results(self) -> list[str]:
        """Return the last metrics in words, a line for each."""
        return evaluation.read(self.folder / layout.METRICS).get("described", [])

    def measured(self) -> dict[str, float]:
        """Return the last metrics, numbers by their names; empty if there are none."""
        return evaluation.read(self.folder / layout.METRICS).get("metrics", {})

    def load_data(self, split: str = "train"):
        """Load the training images, or those of another split.

        Args:
            split: `"train"`, `"test"`, or `"validation"` where the data set has it.
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
        gan = AdversarialModel.from_preset(
            self.preset, load_weights=False, seed=self.settings["seed"]
        )
        finishing.check(gan, self.preset)
        return gan

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
        return model_file.restore(self.folder, self.build)

    def train(self, gan=None, data=None, progress: bool = True) -> keras.Model:
        """Train to the end, from the newest checkpoint if there is one.

        The model is saved before it is evaluated. What cannot be written beside the
        model, such as samples on a full disk, is a warning, and training goes on.

        Args:
            gan: what `build` returned, or None to call it.
            data: what `load_data` returned, or None to call it.
            progress: bool, whether to show a progress bar.

        Returns:
            The trained GAN.

        Raises:
            OSError: if another process trains in the folder, or the model cannot be
                written.
            ValueError: if the evaluation fails. The model is saved then.
        """
        with folder_lock.hold(self.folder):
            gan = self.build() if gan is None else gan
            data = self.load_data() if data is None else data
            evaluations = self._evaluation()
            self._fit(gan, data, evaluations, progress)
            if self.settings["keep_best"]:
                best_of_run.restore(self.folder / layout.BEST, gan)
            gan = finishing.finished(gan, self.preset)
            with atomic_write(self.folder / layout.MODEL) as draft:
                gan.save(draft)
            self._evaluate(gan, evaluations)
        return gan

    def evaluate(self) -> None:
        """Evaluate the trained GAN, as `train` does at its end.

        Raises:
            ValueError: if that fails, or if training is not complete.
        """
        if not self.is_finished:
            raise ValueError(
                f"The run in {str(self.folder)!r} is not complete. Train on: keras-gan "
                f"train --output {self.folder} --resume"
            )
        with folder_lock.hold(self.folder):
            self._evaluate(self.restore(), self._evaluation())

    def _fit(self, gan, data, evaluations, progress):
        epochs, steps = epochs_of(self.preset.num_steps)
        if not checkpoints.listed(self.folder / layout.CHECKPOINTS):
            self.preset.initialize(gan, data)
            self._warn_of_lost_checkpoints()
        bar = [Progress(self.preset.batch_size)] if progress else []
        try:
            gan.fit(
                data.with_steps_per_epoch(steps),
                epochs=epochs,
                verbose=0,
                callbacks=[
                    *(*bar, *evaluations, *self._keep_best()),
                    *self._callbacks(gan, data, steps),
                ],
            )
        finally:
            for each in bar:
                each.close()

    def _warn_of_lost_checkpoints(self):
        rows = run_log.read(self.folder / layout.LOG)
        num_images = rows[-1]["images"] if rows else 0
        if num_images >= self.settings["checkpoint_every"] * self.preset.batch_size:
            warnings.warn(
                f"The run in {str(self.folder)!r} has lost its checkpoints: training "
                "begins again with the first step.",
                stacklevel=4,
            )

    def _evaluate(self, gan, evaluations):
        """Evaluate after the last epoch; log and report it."""
        last, steps = epochs_of(self.preset.num_steps)
        kept = self._kept()
        try:
            for each in evaluations:
                if kept:
                    each.run(gan, kept["epoch"], kept, seed=1)
                else:
                    self._log(steps).add(each.run(gan, last))
        except (OSError, ValueError) as error:
            raise ValueError(
                f"Training is complete, and the model is saved; its evaluation "
                f"failed: {error} After that is mended: keras-gan train --output "
                f"{self.folder} --resume"
            ) from error
        finally:
            report.write_or_warn(self.folder)

    def _kept(self):
        """Return how the best generator was chosen; empty where the last one stays."""
        if not self.settings["keep_best"]:
            return {}
        rows = run_log.read(self.folder / layout.LOG)
        return best_of_run.describe(self.folder / layout.BEST, rows)

    def _log(self, steps_per_epoch):
        num_images = steps_per_epoch * self.preset.batch_size
        return RunLog(self.folder / layout.LOG, num_images)

    def _write_settings(self):
        facts = {"preset": self.preset.to_dict(), **self.settings}
        write_json(self.folder / layout.SETTINGS, facts)

    def _keep_settings(self, epoch, logs):
        """Write the settings again where they were removed during training."""
        path = self.folder / layout.SETTINGS
        if not path.exists():
            with callbacks.checks.going_on(path):
                self._write_settings()
                warnings.warn(
                    f"{str(path)!r} was removed during training, and is written again.",
                    stacklevel=2,
                )

    def _callbacks(self, gan, data, steps_per_epoch):
        """Return the callbacks; each may need the results of those before it."""
        folder, settings = self.folder, self.settings
        board = folder / layout.TENSORBOARD if settings["tensorboard"] else None
        chosen = [self._log(steps_per_epoch)]
        is_held_out = self.preset.directions and self.preset.has_test_split
        shown = self.load_data("test") if is_held_out else data
        chosen += samples.callbacks_for(gan, shown, folder, board)
        if board is not None:
            chosen += [TensorBoard(board, write_graph=False)]
        chosen += [keras.callbacks.LambdaCallback(on_epoch_end=self._keep_settings)]
        chosen += [ReportWriter(folder)]
        path, every = folder / layout.CHECKPOINTS, settings["checkpoint_every"]
        return [*chosen, callbacks.Checkpoint(path, every=every)]

    def _evaluation(self):
        """Return the callback that evaluates, in a list that may be empty."""
        metrics = self.preset.make_metrics()
        if not metrics:
            return []
        every, number = self.settings["evaluate_every"], self.settings["num_evaluated"]
        path, real = self.folder / layout.METRICS, self.load_data("test")
        keep = self.settings["keep_best"]
        if keep and not every:
            every = max(1, epochs_of(self.preset.num_steps)[0] // NUM_EVALUATIONS)
        return [evaluation.Evaluation(metrics, real, path, every, number, bool(keep))]

    def _keep_best(self):
        """Return the callback that keeps the best generator, in a list."""
        keep, patience = self.settings["keep_best"], self.settings["patience"]
        if not keep:
            return []
        path = self.folder / layout.BEST
        is_larger_better = best_of_run.directions(self.preset)[keep] == "max"
        return [best_of_run.KeepBest(path, f"val_{keep}", is_larger_better, patience)]
