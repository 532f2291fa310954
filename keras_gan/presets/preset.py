"""What a preset is: a whole training, written down as data."""

import dataclasses
import inspect
import math
from dataclasses import dataclass, field
from pathlib import Path

import keras

from keras_gan import conditions, datasets
from keras_gan.architectures.mlp import set_output_to_mean
from keras_gan.datasets.loading import MIXTURES, SOURCES
from keras_gan.latents import Normal
from keras_gan.presets import specs, weights
from keras_gan.presets.specs import Make
from keras_gan.sampler import Sampler
from keras_gan.validation import networks as network_checks


@dataclass(frozen=True)
class Preset:
    """Networks, losses, data and length of a training, as plain data.

    Args:
        name: str.
        description: str, one sentence.
        networks: `Make` of a function in `keras_gan.architectures` that returns all
            networks, in the order of `network_names`; or a dict of `Make`s, from the
            names that the model's constructor takes.
        compile: dict, the arguments of the model's `compile`. Objects in it are
            `Make`s, settings that change in training ramps, and numbers of training
            images `ImageShare`s.
        prior: `Make` of a class in `keras_gan.latents`; None for a standard normal.
        model: str, the name of a class in `keras_gan.models`.
        network_names: tuple of str, what the model's constructor calls its networks.
        generators: dict from a direction to the name of the network that translates
            in it, for a model with directions. The first is the default.
        dataset: str for `keras_gan.datasets.load`, or the path or paths that `loader`
            takes; None for the presets of a family, which `replace` adapts to data.
        loader: str, the function of `keras_gan.datasets` that reads folders: `"load"`,
            `"unpaired"` or `"pairs"`.
        data: dict, arguments of the dataset.
        batch_size: int, the images of one step.
        num_images: int, the training images to learn from in all.
        metrics: tuple of `Make`s of classes in `keras_gan.metrics`.
        initializer: str, how the networks are initialised from the data before
            training: None for not at all, or `"pixel_marginals"`, see
            `initialize`.
        finish: `Make` of what is done to the trained generator: a function that takes
            it, and latents of many images or None, and returns the one that is kept.
            See `finished_generator`. None for nothing.
        note: str, what a user should know, such as "untrained".

    Example:

    ```python
    preset = keras_gan.presets.get("dcgan_fashion_mnist")
    gan = keras_gan.GAN.from_preset(preset, load_weights=False, seed=0)
    data = preset.load_data(seed=0)
    gan.fit(data, epochs=10, steps_per_epoch=preset.num_steps // 10)
    ```
    """

    name: str
    description: str
    networks: Make | dict[str, Make]
    compile: dict
    prior: Make | None = None
    model: str = "GAN"
    network_names: tuple[str, ...] = ("generator", "discriminator")
    generators: dict[str, str] = field(default_factory=dict)
    dataset: str | tuple[str, ...] | None = None
    loader: str = "load"
    data: dict = field(default_factory=dict)
    batch_size: int = 128
    num_images: int = 1_000_000
    metrics: tuple = ()
    initializer: str | None = None
    finish: Make | None = None
    note: str = ""

    @property
    def num_classes(self) -> int | None:
        """The number of classes of a conditional preset, else None."""
        return self._network_argument("num_classes")

    @property
    def image_shape(self) -> tuple[int, ...] | None:
        """`(height, width, channels)`, or None before a family is adapted to data."""
        return self._network_argument("image_shape", "data_shape")

    @property
    def condition(self) -> conditions.Condition | None:
        """What the networks are told besides the latents."""
        return conditions.get(num_classes=self.num_classes)

    @property
    def num_steps(self) -> int:
        """How many batches `num_images` make."""
        return math.ceil(self.num_images / self.batch_size)

    @property
    def trained(self) -> Path | None:
        """The folder of the trained generator, or None where there is none."""
        return weights.find(self.name)

    @property
    def has_test_split(self) -> bool:
        """Whether the data set has images that are held out."""
        return self.dataset in SOURCES.keys() - MIXTURES

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions in which a model translates; empty for one without them."""
        return tuple(self.generators)

    def trained_name(self, direction: str | None = None) -> str:
        """Return the name under which a trained generator is kept.

        Args:
            direction: str, of a model that has some; None for the first.

        Raises:
            ValueError: on an unknown direction.
        """
        self.generator_name(direction)
        is_first = direction in (None, *self.directions[:1])
        return self.name if is_first else f"{self.name}_{direction}"

    def generator_name(self, direction: str | None = None) -> str:
        """Return which of the networks generates.

        Args:
            direction: str, of a model that has some; None for the first.

        Raises:
            ValueError: on an unknown direction.
        """
        known = self.directions
        if direction not in (None, *known):
            has = f"has {', '.join(map(repr, known))}" if known else "has none"
            raise ValueError(
                f"There is no direction {direction!r}: the preset {self.name!r} {has}."
            )
        return self.generators[direction or known[0]] if known else "generator"

    def make_networks(self) -> dict[str, keras.Model]:
        """Return new networks, by the names that the model's constructor takes."""
        self._check_is_adapted()
        made = specs.resolve(self.networks, self.num_images, self.batch_size)
        if isinstance(made, dict):
            return made
        return dict(zip(self.network_names, made, strict=True))

    def make_sampler(
        self, direction: str | None = None, is_finished: bool = False
    ) -> Sampler:
        """Return a sampler with a new generator.

        Nothing else is built where the generator has a function of its own.

        Args:
            direction: str, of a model that has some; None for the first.
            is_finished: bool, whether the generator has the form of a trained one; see
                `finished_generator`.
        """
        self._check_is_adapted()
        network = self._make_generator(self.generator_name(direction))
        if is_finished:
            network = self.finished_generator(network)
        prior = self.make_prior()
        if prior is None and network_checks.image_input(network) is None:
            prior = Normal(network_checks.latent_dim(network))
        return Sampler(network, prior, self.condition, self.name)

    def _make_generator(self, name):
        if isinstance(self.networks, dict):
            make = self.networks[name]
        elif self.generators:
            return self.make_networks()[name]
        else:
            make = Make(f"{self.networks.target}_generator")
            taken = inspect.signature(make.function).parameters
            arguments = self.networks.arguments
            make = Make(make.target, {k: arguments[k] for k in taken if k in arguments})
        return specs.resolve(make, self.num_images, self.batch_size)

    def finished_generator(self, generator: keras.Model, prior=None) -> keras.Model:
        """Return a generator as it is kept after training, where `finish` says so.

        Args:
            generator: `keras.Model`, which stays as it is.
            prior: from `keras_gan.latents`, that of a trained generator; None to make
                only the form of the finished one, for weights to be read.

        Raises:
            ValueError: on a generator that cannot be finished so.
        """
        if self.finish is None:
            return generator
        inputs = None
        if prior is not None:
            inputs = prior.sample(_FINISHED_BY, seed=0)
        if inputs is not None and self.condition is not None:
            inputs = [inputs, self.condition.default(_FINISHED_BY)]
        return self.finish.function(generator, inputs, **self.finish.arguments)

    def make_prior(self):
        """Return the prior, or None for the model's default."""
        return specs.resolve(self.prior, self.num_images, self.batch_size)

    def compile_arguments(self) -> dict:
        """Return the arguments of the model's `compile`, objects made.

        A ramp counts the updates of the player whose setting it is; that of an
        augmentation counts the images that the discriminator sees.
        """
        k = self.compile.get("discriminator_steps", 1)
        num_minibatches = k + bool(self.compile.get("fresh_reals_for_generator"))

        def images_per_update(argument):
            if argument == "augment":
                return num_minibatches / k
            is_discriminators = argument.startswith("discriminator_")
            return self.batch_size // (k if is_discriminators else 1)

        return {
            argument: specs.resolve(value, self.num_images, images_per_update(argument))
            for argument, value in self.compile.items()
        }

    def initialize(self, model, data) -> None:
        """Initialise new networks from the data, where the preset says so.

        `"pixel_marginals"` sets the bias of the generator's output layer so that it
        begins at the mean image, as the code of Goodfellow et al. 2014 does.

        Args:
            model: what `from_preset` made of this preset.
            data: what `load_data` returned.
        """
        if self.initializer is None:
            return
        if self.initializer != "pixel_marginals":
            raise ValueError(
                "`initializer` must be None or 'pixel_marginals'. Received: "
                f"{self.initializer!r}"
            )
        set_output_to_mean(model.generator, data)

    def load_data(self, split: str = "train", path=None, **overrides):
        """Load the images, with labels for a conditional preset.

        Labels that are clusters are of the training images alone: the images of other
        splits have none.

        Args:
            split: `"train"`, `"test"`, or `"validation"` where the data set has it.
            path: folder of the data set, where it is not in its usual place.
            **overrides: arguments of the dataset, `seed` among them.

        Returns:
            `keras_gan.datasets.Batches`.
        """
        self._check_is_adapted()
        settings = {"batch_size": self.batch_size, **self.data}
        if self.num_classes and "clusters" not in self.data:
            settings["labels"] = True
        if split != "train":
            settings.pop("augment", None)
            settings.pop("clusters", None)
        if self.has_test_split:
            settings["split"] = split
            settings |= {"data_dir": path} if path else {}
        return self.read_data(self.dataset, **(settings | overrides))

    def read_data(self, dataset: str | tuple[str, ...], **settings):
        """Read a data set by its name, or folders as this preset takes them.

        Args:
            dataset: str, a name or a path; or a tuple of paths.
            **settings: arguments of the dataset.

        Raises:
            ValueError: on another number of folders than the preset trains on.
        """
        paths = (dataset,) if isinstance(dataset, str) else tuple(dataset)
        if dataset in SOURCES:
            return datasets.load(dataset, **settings)
        wanted, numbers = _FOLDERS[self.loader]
        if len(paths) not in numbers:
            raise ValueError(
                f"The preset {self.name!r} trains on {wanted}. Received: "
                f"{', '.join(paths)}"
            )
        return getattr(datasets, self.loader)(*paths, **settings)

    def make_metrics(self) -> list:
        """Return what the generated images are measured by; it may be empty."""
        return list(specs.resolve(self.metrics, self.num_images, self.batch_size))

    def replace(self, image_shape=None, num_classes=None, **changes) -> "Preset":
        """Return the same recipe for other data, or another length of training.

        Args:
            image_shape: `(height, width, channels)` of own data.
            num_classes: int, where own data have labels to be learned.
            **changes: any other field: `dataset`, `data`, `batch_size`,
                `num_images`, ...; and `arguments`, a dict of further arguments of the
                networks. What is given of `compile` goes into that of the recipe.

        Returns:
            A `Preset`. Metrics, which belong to a data set, are dropped when that
            is another.
        """
        arguments = changes.pop("arguments", {})
        fields = {each.name for each in dataclasses.fields(self)}
        unknown = set(changes) - fields
        if unknown:
            raise ValueError(
                f"A preset has no field {sorted(unknown)}. There are: "
                f"{', '.join(sorted(fields))}; `image_shape` and `num_classes`; and "
                "`arguments`, for those of the networks."
            )
        shape = {} if image_shape is None else {"image_shape": tuple(image_shape)}
        classes = {} if num_classes is None else {"num_classes": num_classes}
        if changes.get("dataset", self.dataset) != self.dataset:
            changes = {"metrics": (), "data": {}, **changes}
        if "compile" in changes:
            changes["compile"] = self.compile | changes["compile"]
        made = _with_arguments(self.networks, arguments | shape | classes)
        return dataclasses.replace(self, networks=made, **changes)

    def to_dict(self) -> dict:
        """Return all settings, as what JSON can hold."""
        names = [each.name for each in dataclasses.fields(self)]
        return {name: specs.to_json(getattr(self, name)) for name in names}

    @classmethod
    def from_dict(cls, facts: dict) -> "Preset":
        """Return the preset that `to_dict` wrote down.

        Raises:
            ValueError: if it was written by a version with other settings.
        """
        try:
            return cls(**{name: specs.from_json(v) for name, v in facts.items()})
        except TypeError as error:
            raise ValueError(
                "The settings were written by another version of keras-gan, and do not "
                f"make a preset here: {error}. Use that version, which the file names."
            ) from error

    def _network_argument(self, *names):
        is_pair = isinstance(self.networks, Make)
        makes = [self.networks] if is_pair else self.networks.values()
        found = (make.arguments.get(name) for make in makes for name in names)
        return next((value for value in found if value is not None), None)

    def _check_is_adapted(self):
        if self.dataset is None or self.image_shape is None:
            raise ValueError(
                f"The preset {self.name!r} is a recipe for data of your own. Say "
                f"which: presets.get({self.name!r}).replace(image_shape=(64, 64, 3), "
                f'dataset={_EXAMPLES[self.loader]}, data={{"size": (64, 64)}}), or, on '
                f"the command line: keras-gan train {self.name} --data "
                f"{_typed(_EXAMPLES[self.loader])} --size 64"
            )


# By how many latents a trained generator is finished.
_FINISHED_BY = 512

# What the functions that read folders take, and how many.
_FOLDERS = {
    "load": ("one folder of pictures", (1,)),
    "unpaired": ("two folders, one for each kind of pictures", (2,)),
    "pairs": (
        "two folders with pictures of the same names, or on one folder of pictures "
        "that hold two side by side",
        (1, 2),
    ),
}
_EXAMPLES = {
    "load": '"path/to/images"',
    "unpaired": '("path/to/photos", "path/to/paintings")',
    "pairs": '("path/to/inputs", "path/to/targets")',
}


def _typed(paths):
    """Return paths as they are typed on the command line."""
    return "".join(c for c in paths if c not in '"(),')


def _with_arguments(networks, arguments):
    """Give further arguments to the networks that take them."""
    if isinstance(networks, dict):
        return {name: _with_arguments(m, arguments) for name, m in networks.items()}
    taken = inspect.signature(networks.function).parameters
    if "image_shape" in arguments and "image_shape" not in taken:
        arguments = {"data_shape": arguments["image_shape"], **arguments}
    known = {name: value for name, value in arguments.items() if name in taken}
    unknown = set(arguments) - set(taken) - {"image_shape"}
    if unknown:
        raise ValueError(
            f"{networks.target!r} has no argument {sorted(unknown)}. There are: "
            f"{', '.join(taken)}."
        )
    return Make(networks.target, networks.arguments | known)
