"""A training and the folder that it leaves."""

from pathlib import Path

import keras

from keras_gan import callbacks, checkpoints
from keras_gan.models import GAN
from keras_gan.presets import Preset
from keras_gan.runs import report
from keras_gan.plotting.files import replacing
from keras_gan.runs.report import files
from keras_gan.runs import settings as settings_file
from keras_gan.runs.epochs import epochs_of
from keras_gan.runs.evaluation import Evaluation
from keras_gan.runs.exactness import add_in_one_order
from keras_gan.runs.log import RunLog
from keras_gan.runs.progress import Progress
from keras_gan.runs.reporting import Reporting

DEFAULTS = {
    "seed": 0,
    "precision": None,
    "tensorboard": False,
    "evaluate_every": None,
    "num_evaluated": 10_000,
    "checkpoint_every": 500,
    "data_dir": None,
}


class Run:
    """A preset's training, whose folder says all that is needed to go on with it.

    Args:
        folder: where settings, log, pictures, checkpoints, metrics, the model and
            the report go.
        preset: a `keras_gan.presets.Preset`, adapted to data.
        **settings: `seed`, 0 by default; `precision`, a Keras dtype policy such as
            `"mixed_bfloat16"`, or None for the one that is set; `tensorboard`,
            whether to write logs for it; `evaluate_every`, in epochs, or None for
            the end only; `num_evaluated`, how many images metrics look at
            (10,000); `checkpoint_every`, in steps (500); `data_dir`, where the data
            set lies. Whatever else is given is noted.

    Example:

    ```python
    from keras_gan import presets
    from keras_gan import runs

    preset = presets.get("dcgan_fashion_mnist").replace(num_images=50_000)
    run = runs.Run("runs/short", preset, seed=1)
    run.begin()
    gan = run.train()

    gan = runs.Run.open("runs/short").restore()
    ```
    """

    def __init__(self, folder, preset, **settings):
        self.folder = Path(folder)
        self.preset = preset
        self.settings = DEFAULTS | settings

    @classmethod
    def open(cls, folder):
        """The run of a folder.

        Raises:
            ValueError: if there is none.
        """
        path = Path(folder) / files.SETTINGS
        if not path.is_file():
            raise ValueError(
                f"{str(folder)!r} is not the folder of a run: it has no "
                f"{files.SETTINGS}. `keras-gan train PRESET --output {folder}` would "
                "make it one."
            )
        settings = settings_file.read(path)
        preset = Preset.from_dict(settings.pop("preset"))
        return cls(folder, preset, **settings)

    @property
    def is_over(self):
        """Whether all was trained."""
        return (self.folder / files.MODEL).is_file()

    def check(self):
        """See that the folder is free, and that there is what is to be measured.

        Raises:
            ValueError: if not.
        """
        if (self.folder / files.SETTINGS).exists():
            raise ValueError(
                f"{str(self.folder)!r} holds a run already. Go on with it by --resume, "
                "or train into another folder: --output."
            )
        if self.folder.is_dir() and any(self.folder.iterdir()):
            raise ValueError(
                f"{str(self.folder)!r} is not empty, and what lies there is no run. "
                "Train into another folder: --output."
            )
        if self.settings["evaluate_every"] and not self.preset.metrics:
            raise ValueError(
                f"The preset {self.preset.name!r} has no metrics on these data, so "
                "there is nothing to evaluate. Leave out --evaluate-every, and "
                "measure afterwards with `keras-gan evaluate`."
            )

    def begin(self):
        """Make the folder, with the settings in it.

        Raises:
            ValueError: as `check`.
        """
        self.check()
        facts = {
            "preset": self.preset.to_dict(),
            **self.settings,
            **settings_file.circumstances(),
        }
        settings_file.write(self.folder / files.SETTINGS, facts)

    def results(self):
        """The last measurement in words, a line for each metric."""
        path = self.folder / files.METRICS
        return settings_file.read(path)["described"] if path.is_file() else []

    def load_data(self, split="train"):
        """The images to learn from, or those of the test split."""
        options = {"seed": self.settings["seed"]} if split == "train" else {}
        return self.preset.load_data(split, self.settings["data_dir"], **options)

    def build(self):
        """The compiled, untrained GAN of this run."""
        add_in_one_order()
        if self.settings["precision"] is not None:
            keras.config.set_dtype_policy(self.settings["precision"])
        keras.utils.set_random_seed(self.settings["seed"])
        return GAN.from_preset(
            self.preset, load_weights=False, seed=self.settings["seed"]
        )

    def restore(self):
        """The GAN as the run left it: at its end, or at the newest checkpoint."""
        if self.is_over:
            return keras.saving.load_model(self.folder / files.MODEL)
        folder = self.folder / files.CHECKPOINTS
        if not checkpoints.listed(folder):
            raise ValueError(
                f"The run in {str(self.folder)!r} has no checkpoint yet. Wait for the "
                f"first, or train on: keras-gan train --output {self.folder} --resume"
            )
        gan = self.build()
        gan.restore(folder)
        return gan

    def train(self, gan=None, data=None, progress=True):
        """Train to the end, from the newest checkpoint if there is one.

        Args:
            gan: what `build` made, if it was called before.
            data: what `load_data` gave, likewise.
            progress: bool, whether to show a bar.

        Returns:
            The trained GAN.
        """
        gan = self.build() if gan is None else gan
        data = self.load_data() if data is None else data
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
        with replacing(self.folder / files.MODEL) as beside:
            gan.save(beside)
        report.write(self.folder)
        return gan

    def _callbacks(self, steps_per_epoch):
        """Who follows the training, in the order in which they need each other."""
        folder, settings = self.folder, self.settings
        board = folder / files.TENSORBOARD if settings["tensorboard"] else None
        draws_pictures = len(self.preset.image_shape) == 3
        chosen = [self._evaluation()]
        chosen += [RunLog(folder / files.LOG, steps_per_epoch * self.preset.batch_size)]
        chosen += [callbacks.SampleGrid(folder / files.SAMPLES, tensorboard=board)]
        if draws_pictures:
            walk = folder / files.WALK
            chosen += [callbacks.LatentWalk(walk, num_keys=3, num_steps=12)]
        if board is not None:
            chosen += [keras.callbacks.TensorBoard(board, write_graph=False)]
        chosen += [Reporting(folder)]
        path, every = folder / files.CHECKPOINTS, settings["checkpoint_every"]
        chosen += [callbacks.Checkpoint(path, every=every)]
        return [each for each in chosen if each is not None]

    def _evaluation(self):
        measures = self.preset.make_metrics()
        if not measures:
            return None
        every, number = self.settings["evaluate_every"], self.settings["num_evaluated"]
        path = self.folder / files.METRICS
        return Evaluation(measures, self.load_data("test"), path, every, number)
