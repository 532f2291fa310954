"""The base of models that translate images."""

import contextlib

import keras
import numpy as np
from keras import ops

from keras_gan import backend, conditions, losses
from keras_gan.datasets import SeededDataset
from keras_gan.datasets.inputs import is_array, peek
from keras_gan.layers import ImagePool
from keras_gan.models import checks
from keras_gan.models.base import AdversarialModel
from keras_gan.models.minibatches import unpack
from keras_gan.optimizers.adversarial import dcgan_adam
from keras_gan.sampler import Sampler
from keras_gan.validation import data as data_checks
from keras_gan.validation import translators


class ImageTranslator(AdversarialModel):
    """Networks that turn images of one kind, A, into images of another, B.

    A model of this kind learns from batches `(images_a, images_b)`. This class checks
    them, translates, exports, and makes the files of the model. A subclass names its
    directions and its networks, and writes `adversarial_step`. See
    `keras_gan.models.Pix2Pix` for a short one.

    Args:
        players: dict from each player's name to its networks, as in
            `keras_gan.AdversarialModel`. The first player are the generators, one for
            each direction.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.

    Raises:
        ValueError: if a generator does not turn images into images, or the second is
            not the way back of the first.
    """

    # The directions in which images are translated: of A to B first.
    directions: tuple[str, ...] = ("a_to_b",)
    # The arguments of the constructor that are networks, which are attributes too.
    network_names: tuple[str, ...] = ()
    # Whether an image of A and one of B, in a row of a batch, belong together.
    learns_from_pairs = False

    def __init__(
        self,
        players: dict[str, keras.Model | list[keras.Model]],
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(players, seed=seed, name=name)
        (taken, made), *back = (
            translators.check_translator(f"generator, {direction},", network)
            for direction, network in zip(
                self.directions, self._generators(), strict=True
            )
        )
        if any(not translators.are_back(taken, made, *each) for each in back):
            raise ValueError(
                f"The first generator turns images of shape {taken} into {made}, and "
                f"the second {back[0][0]} into {back[0][1]}. Expected the way back."
            )
        self.shape_a, self.shape_b = taken, made
        self.condition = conditions.Image(made)
        self.image_size = None
        self._checked_sizes, self._samplers = set(), {}

    def _generators(self):
        return next(iter(self.players.values()))

    # Training.

    def compile(
        self, generator_optimizer, discriminator_optimizer, loss, settings, **kwargs
    ):
        """Set how the networks are trained.

        Args:
            generator_optimizer: a Keras optimizer, or its name; None for Adam with
                2e-4 and beta_1 = 0.5.
            discriminator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name.
            settings: dict of the further arguments of the subclass's `compile`. They
                become attributes, and are saved.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.
        """
        loss = losses.get(loss)
        optimizers = (generator_optimizer, discriminator_optimizer)
        named = zip(self.players, optimizers, strict=True)
        super().compile(
            {name: optimizer or dcgan_adam() for name, optimizer in named}, **kwargs
        )
        self._settings = {"loss": loss, **settings}
        for name, value in self._settings.items():
            setattr(self, name, value)

    def training_shapes(self, image_size=None) -> list[tuple]:
        """Return the shapes of images of A and of B in training; None is any size.

        Args:
            image_size: `(height, width)`, where the networks take any size; or None.

        Raises:
            ValueError: if the networks do not take this size.
        """
        size = tuple(image_size or (None, None))
        shapes = [self.shape_a, self.shape_b]
        if not all(translators.matches(size, shape[:2]) for shape in shapes):
            raise ValueError(
                f"The networks work on images of the shapes {self.shape_a} and "
                f"{self.shape_b}. Received: image_size={image_size}. Leave it out."
            )
        return [
            (shape[0] or size[0], shape[1] or size[1], shape[2]) for shape in shapes
        ]

    @staticmethod
    def run_network(network: keras.Model, *images):
        """Return what a network makes of images in training, as float32."""
        outputs = network(
            images[0] if len(images) == 1 else list(images), training=True
        )
        return ops.cast(outputs, "float32")

    @staticmethod
    def l1(images, others):
        """Return the mean absolute difference of images."""
        return ops.mean(ops.abs(images - others))

    def check_weights(self, weights: dict[str, float]) -> None:
        """Check the weights of losses, by their names in `compile`.

        Raises:
            ValueError: if one is negative, or if `identity_weight` is not 0 and images
                of A and of B differ in their channels.
        """
        if not all(weight >= 0 for weight in weights.values()):
            raise ValueError(f"Weights must not be negative. Received: {weights}")
        channels = self.shape_a[2], self.shape_b[2]
        if weights.get("identity_weight") and channels[0] != channels[1]:
            raise ValueError(
                f"Images of A have {channels[0]} channels and those of B "
                f"{channels[1]}: none can be left as it is. Pass `identity_weight=0`."
            )

    def new_pool(self, name: str, size: int, shape: tuple) -> ImagePool:
        """Return a pool of earlier images, in float32.

        Args:
            name: str, of the layer.
            size: int, how many images it keeps; 0 for none.
            shape: tuple, that of an image.

        Raises:
            ValueError: if the size of the images is not known.
        """
        pool = ImagePool(size, dtype="float32", name=name)
        if pool.size and None in shape:
            raise ValueError(
                "The networks take images of any size, and the pool of earlier images "
                "needs one. Pass `compile(image_size=(height, width))`, that of the "
                "training images, or `pool_size=0`."
            )
        pool.build((None, *shape))
        return pool

    def check_discriminator(self, name: str, network: keras.Model, *shapes: tuple):
        """Check that a discriminator takes images of some shapes, and gives logits.

        Args:
            name: str, the argument's.
            network: the discriminator.
            *shapes: of the images that it takes, one for each of its inputs.

        Raises:
            ValueError: if it does not.
        """
        translators.check_patches(name, network, *shapes)

    def generator_loss_of(self, discriminator: keras.Model, real, fakes):
        """Return the adversarial loss of a generator.

        Args:
            discriminator: one of the model's.
            real: tuple of the images that the discriminator takes, real ones.
            fakes: likewise, of which the last are translated.
        """
        real_logits = None
        if self.loss.is_relativistic:
            real_logits = self.run_network(discriminator, *real)
        return self.loss.generator_loss(
            self.run_network(discriminator, *fakes), real_logits
        )

    def discriminator_loss_of(self, discriminator: keras.Model, real, fakes):
        """Return half of the loss of a discriminator, and its logs.

        The half slows the discriminator down, as published. Args are those of
        `generator_loss_of`.
        """
        real_logits = self.run_network(discriminator, *real)
        fake_logits = self.run_network(discriminator, *fakes)
        d_loss = 0.5 * self.loss.discriminator_loss(real_logits, fake_logits)
        return d_loss, {
            "d_loss": d_loss,
            "real_score": ops.mean(self.loss.score(real_logits)),
            "fake_score": ops.mean(self.loss.score(fake_logits)),
        }

    def fit(self, x=None, y=None, **kwargs):
        """Train on images of A and of B. Every batch is checked.

        Args:
            x: images of A, channels last, float32 in [-1, 1] or uint8; or a dataset
                that yields batches `(images_a, images_b)`, such as those of
                `keras_gan.datasets.unpaired` and `keras_gan.datasets.pairs`.
            y: images of B, where `x` is an array. Unpaired, they may be more or fewer.
                Batches are of `batch_size=1` by default.
            **kwargs: as for `keras_gan.AdversarialModel.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch.

        Raises:
            ValueError: on images that the networks cannot learn from.
        """
        is_paired = self.learns_from_pairs
        check = self._check_arrays
        x = checks.translation_data(x, y, kwargs, is_paired, self.seed, check)
        return super().fit(x, **kwargs)

    def unpack(self, data):
        """Return a batch as `(images_a, images_b)`, float32 in [-1, 1]."""
        return unpack(data, self.condition)

    def _prepare_data(self, data, targets, settings):
        data, images, targets = peek(data, targets)
        self._check_examples(images, targets)
        is_whole = is_array(data)
        if not isinstance(data, SeededDataset):
            data_checks.check_scale(images, self.shape_a, is_whole)
            data_checks.check_scale(targets, self.shape_b, is_whole)
        batch_size = settings.get("batch_size") or 32 if is_whole else len(images)
        self._check_batch_size(batch_size)
        if backend.num_devices(self) > 1 and not isinstance(data, SeededDataset):
            backend.check_data(self, data, batch_size)
        # Bytes are scaled in the step: a quarter of the memory to carry.
        return data.as_uint8() if isinstance(data, SeededDataset) else data

    def _check_batch(self, x, y):
        targets = None if y is None else np.asarray(ops.convert_to_numpy(y))
        self._check_examples(np.asarray(ops.convert_to_numpy(x)), targets)
        self._check_batch_size(len(x))

    def _check_batch_size(self, batch_size):
        num_devices = backend.num_devices(self)
        data_checks.check_split(batch_size, self.parts_per_batch, num_devices)

    def _check_examples(self, examples, conditions, is_later=False):
        if conditions is None:
            raise ValueError(
                f"{type(self).__name__} learns from images of A and of B, and the data "
                "hold one kind. Pass `fit(images_a, images_b)`, or a dataset that "
                "yields (images_a, images_b)."
            )
        for images, shape, named in self._kinds(examples, conditions):
            with named:
                data_checks.check_images(images, shape, may_have_nan=is_later)
        if len(examples) != len(conditions):
            raise ValueError(
                f"There are {len(examples)} images of A and {len(conditions)} of B. A "
                "batch has as many of both."
            )
        self._check_sizes(examples.shape[1:], conditions.shape[1:])

    def _check_arrays(self, images_a, images_b):
        """Check whole arrays, which may differ in length."""
        for images, shape, named in self._kinds(images_a, images_b):
            with named:
                data_checks.check_images(images, shape)
                data_checks.check_scale(images, shape, is_whole=True)

    def _kinds(self, *images):
        """Yield the images of A and of B, their shape, and a scope that names them."""
        shapes = self.training_shapes(self.image_size)
        for kind, each, shape in zip("AB", images, shapes, strict=True):
            yield each, shape, _naming(kind)

    def _check_sizes(self, *shapes):
        """Check each pair of shapes once, where the networks take any size."""
        is_any = None in (*self.shape_a, *self.shape_b)
        if is_any and shapes not in self._checked_sizes:
            ways = zip(self._generators(), (shapes, shapes[::-1]), strict=False)
            for network, (taken, made) in ways:
                translators.check_sizes(network, taken, made)
            self._checked_sizes.add(shapes)

    # Translating.

    def call(self, images, training=False):
        return self._generators()[0](images, training=training)

    def translator(self, direction: str = "a_to_b") -> Sampler:
        """Return the network of a direction, to translate with or to export.

        Args:
            direction: str, one of `directions`.

        Raises:
            ValueError: on another direction.
        """
        if direction not in self.directions:
            raise ValueError(
                f"`direction` must be one of {list(self.directions)}. Received: "
                f"{direction!r}"
            )
        backend.sync_state(self)
        if direction not in self._samplers:
            index = self.directions.index(direction)
            condition = conditions.Image((self.shape_a, self.shape_b)[index])
            name = f"{self.name}_{direction}"
            network = self._generators()[index]
            self._samplers[direction] = Sampler(network, condition=condition, name=name)
        return self._samplers[direction]

    def translate(
        self, images, direction: str = "a_to_b", batch_size: int = 16
    ) -> np.ndarray:
        """Translate images; see `keras_gan.Sampler.translate`.

        Args:
            images: array `(num_images, height, width, channels)`, or one image;
                float32 in [-1, 1], or uint8.
            direction: str, one of `directions`.
            batch_size: int, how many to compute at a time.

        Returns:
            A float32 array, in [-1, 1], of as many images; a single one for one.

        Raises:
            ValueError: on another direction, and on images that the network does not
                take.
        """
        return self.translator(direction).translate(images, batch_size)

    def export(
        self,
        path,
        direction: str = "a_to_b",
        version=None,
        overwrite=False,
        format="saved_model",
        card=None,
    ):
        """Write the network of a direction to files; see `keras_gan.Sampler.export`.

        Args:
            path: the folder of the model, or the file.
            direction: str, one of `directions`.
            version: int; None for the next free one.
            overwrite: whether what exists may be replaced.
            format: `"saved_model"`, `"onnx"`, `"litert"` or `"openvino"`.
            card: dict for the model card of a SavedModel.

        Returns:
            The `pathlib.Path` of the version's folder, or of the file.

        Raises:
            ValueError: as `keras_gan.Sampler.export`, and on another direction.
        """
        translator = self.translator(direction)
        if format == "saved_model":
            training = {"model": type(self).__name__, "direction": direction}
            if self.compiled:
                training["generator_steps"] = int(self.optimizer.iterations)
            card = {"training": training, **(card or {})}
        return translator.export(path, version, overwrite, format, card)

    # Saving.

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        networks = {name: serialize(getattr(self, name)) for name in self.network_names}
        return {**networks, "seed": self.seed, "name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        deserialize = keras.saving.deserialize_keras_object
        return cls(
            **{
                key: deserialize(value, custom_objects)
                if isinstance(value, dict)
                else value
                for key, value in config.items()
            }
        )

    def get_compile_config(self):
        if not self.compiled:
            return None
        serialize = keras.saving.serialize_keras_object
        optimizers = [serialize(each) for each in self.optimizer.players.values()]
        return {
            "generator_optimizer": optimizers[0],
            "discriminator_optimizer": optimizers[1],
            **self._settings,
            "loss": serialize(self.loss),
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "metrics": [serialize(metric) for metric in self._eval_metrics.value],
            **self._run_settings,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(dict(config)))


@contextlib.contextmanager
def _naming(kind):
    """Let errors say which images they are about."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"In the images of {kind}: {error}") from None
