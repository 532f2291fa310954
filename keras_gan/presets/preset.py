"""What a preset is: a whole training, written down."""

import dataclasses
import math
from dataclasses import dataclass, field

from keras_gan import architectures, augment, datasets, metrics, models, penalties
from keras_gan.datasets.loading import MIXTURES, SOURCES
from keras_gan.models.gan import GAN
from keras_gan.optimizers.ema import EMA
from keras_gan.presets import specs, weights


@dataclass(frozen=True)
class Preset:
    """Networks, game, data and length of a training, as plain data.

    Args:
        name: str.
        description: str, one sentence.
        architecture: str, the name of a function in `keras_gan.architectures`.
        arguments: dict, what it is called with.
        discriminator_optimizer: dict, the arguments of Adam.
        generator_optimizer: dict; by default that of the discriminator.
        loss: str.
        penalties: tuple, each `(name, arguments)` from `keras_gan.penalties`.
        turns: dict, further arguments of `compile`, such as `discriminator_steps`
            and `share_fakes`.
        augment: `(name, arguments)` from `keras_gan.augment`, or None.
        half_life: float, of the moving average, in images; or None for no average.
        model: str, `"GAN"` or the name of a class in `keras_gan.models`.
        dataset: str for `keras_gan.datasets.load`; None for the presets of a
            family, which are adapted to data.
        data: dict, arguments of the dataset.
        batch_size: int, the images of one step.
        num_images: int, training images to learn from in all.
        metrics: tuple, each `(name, extractor)` from `keras_gan.metrics`; an
            extractor is a name, or `(name, name)` for one around another.
        note: str, what a user should know, such as "untrained".

    Example:

    ```python
    preset = keras_gan.presets.get("dcgan_fashion_mnist")
    gan = preset.build(seed=0)
    data = preset.load_data(seed=0)
    gan.fit(data, epochs=10, steps_per_epoch=preset.num_steps // 10)
    ```
    """

    name: str
    description: str
    architecture: str
    arguments: dict
    discriminator_optimizer: dict
    generator_optimizer: dict | None = None
    loss: str = "non_saturating"
    penalties: tuple = ()
    turns: dict = field(default_factory=dict)
    augment: tuple | None = None
    half_life: float | specs.BurnIn | None = None
    model: str = "GAN"
    dataset: str | None = None
    data: dict = field(default_factory=dict)
    batch_size: int = 128
    num_images: int = 1_000_000
    metrics: tuple = ()
    note: str = ""

    @property
    def num_classes(self):
        """The number of classes of a conditional preset, else None."""
        return self.arguments.get("num_classes")

    @property
    def image_shape(self):
        """`(height, width, channels)`, or None before a family is adapted to data."""
        return self.arguments.get(self._shape_key)

    @property
    def _shape_key(self):
        return "data_shape" if self.architecture == "mlp" else "image_shape"

    @property
    def num_steps(self):
        """How many batches `num_images` make."""
        return math.ceil(self.num_images / self.batch_size)

    @property
    def trained(self):
        """The folder of the trained generator, or None where there is none."""
        return weights.find(self.name)

    def build(self, seed=None):
        """A compiled, untrained GAN.

        Args:
            seed: int, for the random draws of training. What the networks start
                from is drawn by `keras.utils.set_random_seed`.
        """
        self._check_is_adapted()
        networks = getattr(architectures, self.architecture)(**self.arguments)
        kind = GAN if self.model == "GAN" else getattr(models, self.model)
        gan = kind(*networks, num_classes=self.num_classes, seed=seed, name=self.name)
        gan.compile(**self._game())
        return gan

    def _game(self):
        k = self.turns.get("discriminator_steps", 1)
        per_step = self.batch_size // k
        d_settings = self.discriminator_optimizer
        g_settings = self.generator_optimizer or d_settings
        chosen = specs.settle(self.penalties, self.num_images, per_step)
        game = {
            "discriminator_optimizer": specs.optimizer(
                specs.settle(d_settings, self.num_images, per_step)
            ),
            "generator_optimizer": specs.optimizer(
                specs.settle(g_settings, self.num_images, self.batch_size)
            ),
            "loss": self.loss,
            "discriminator_penalties": [specs.make(penalties, each) for each in chosen],
            **self.turns,
        }
        if self.augment is not None:
            settled = specs.settle(self.augment, self.num_images, 1)
            game["augment"] = specs.make(augment, settled)
        if self.half_life is not None:
            half_life = specs.settle(self.half_life, self.num_images, self.batch_size)
            game["ema"] = EMA(half_life)
        return game

    def load_data(self, split="train", path=None, **overrides):
        """The images, with labels for a conditional preset.

        Args:
            split: `"train"` or `"test"`.
            path: folder of the data set, where it is not in its usual place.
            **overrides: arguments of the dataset, `seed` among them.

        Returns:
            `keras_gan.datasets.Batches`.
        """
        self._check_is_adapted()
        settings = {"labels": True} if self.num_classes else {}
        settings |= {"batch_size": self.batch_size, **self.data}
        if self.dataset in SOURCES.keys() - MIXTURES:
            settings["split"] = split
            settings |= {"data_dir": path} if path else {}
        return datasets.load(self.dataset, **(settings | overrides))

    def make_metrics(self):
        """What the generated images are measured by: a list, which may be empty."""
        return [
            getattr(metrics, name)(_extractor(extractor))
            for name, extractor in self.metrics
        ]

    def adapted(self, image_shape=None, num_classes=None, **changes):
        """The same recipe for other data, or for a shorter or longer training.

        Args:
            image_shape: `(height, width, channels)` of own data.
            num_classes: int, where own data have labels to be learned.
            **changes: any other field: `dataset`, `data`, `batch_size`,
                `num_images`, ... What is given of `arguments` goes into those of
                the recipe.

        Returns:
            A `Preset`. Metrics, which belong to a data set, are dropped when that
            is another.
        """
        arguments = self.arguments | changes.pop("arguments", {})
        if image_shape is not None:
            arguments[self._shape_key] = tuple(image_shape)
        if num_classes is not None:
            arguments["num_classes"] = num_classes
        if changes.get("dataset", self.dataset) != self.dataset:
            changes = {"metrics": (), "data": {}, **changes}
        return dataclasses.replace(self, arguments=arguments, **changes)

    def to_dict(self):
        """All settings, as what JSON can hold."""
        names = [each.name for each in dataclasses.fields(self)]
        return {name: specs.plain(getattr(self, name)) for name in names}

    def _check_is_adapted(self):
        if self.dataset is None or self.image_shape is None:
            raise ValueError(
                f"The preset {self.name!r} is a recipe for data of your own. Say "
                f"which: presets.get({self.name!r}).adapted(image_shape=(64, 64, 3), "
                'dataset="path/to/images", data={"size": (64, 64)}), or, on the '
                f"command line: keras-gan train {self.name} --data path/to/images "
                "--size 64"
            )


def _extractor(names):
    names = (names,) if isinstance(names, str) else names
    made = None
    for name in reversed(names):
        kind = getattr(metrics, name)
        made = kind() if made is None else kind(made)
    return made
