"""What models share whose generator turns latents into data."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend, conditions
from keras_gan.datasets import Batches, SeededDataset
from keras_gan.datasets.inputs import is_array, peek
from keras_gan.models.minibatches import unpack
from keras_gan.sampler import Sampler
from keras_gan.validation import data as data_checks


class LatentVariableModel:
    """A generator that turns latents, drawn from a prior, into data.

    What its density is nobody needs to say: a `keras_gan.GAN` learns it without, a
    `keras_gan.models.VAE` by a bound of it. This is no model of its own but a part of
    one, beside `keras_gan.AdversarialModel`: it checks the data, samples, exports, and
    makes the files of the model. A class of both writes `adversarial_step`,
    `get_config` and `get_compile_config`:

        class GAN(LatentVariableModel, AdversarialModel):

    Args:
        players: dict from each player's name to its networks, as in
            `keras_gan.AdversarialModel`. One of them is the generator.
        generator: `keras.Model` from latents, or `[latents, conditions]`, to data.
        prior: from `keras_gan.latents`.
        condition: from `keras_gan.conditions`, or None.
        image_shape: tuple, the shape of one example.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
    """

    def __init__(
        self,
        players: dict[str, keras.Model | list[keras.Model]],
        generator: keras.Model,
        prior,
        condition: conditions.Condition | None = None,
        image_shape: tuple[int, ...] = (),
        seed: int | None = None,
        name: str | None = None,
    ):
        super().__init__(players, seed=seed, name=name)
        self.generator = generator
        self.prior = prior
        self.condition = condition
        self.image_shape = tuple(image_shape)

    # The data.

    def unpack(self, data):
        """Return a batch as `(images, conditions)`, as the networks take them."""
        return unpack(data, self.condition)

    def _prepare_data(self, data, labels, settings):
        data, images, labels = peek(data, labels)
        self._check_examples(images, labels)
        if isinstance(data, Batches):
            self._check_all_labels(data.labels)
        else:
            data_checks.check_scale(images, self.image_shape, is_array(data))
        batch_size = len(images)
        if is_array(data):
            batch_size = settings.get("batch_size") or 32
        last_size = data_checks.last_batch_size(data, batch_size, settings)
        self._check_batch_size(batch_size, last_size)
        if backend.num_devices(self) > 1 and not isinstance(data, SeededDataset):
            backend.check_data(self, data, batch_size)
        # Bytes are scaled in the step: a quarter of the memory to carry.
        return data.as_uint8() if isinstance(data, SeededDataset) else data

    def _check_all_labels(self, labels):
        if self.condition is not None and labels is not None:
            self.condition.check(labels, len(labels))

    def _check_batch(self, x, y):
        images = np.asarray(ops.convert_to_numpy(x))
        self._check_examples(images, None if y is None else ops.convert_to_numpy(y))
        if int(ops.convert_to_numpy(self.generator_iterations)) == 0:
            data_checks.check_scale(images, self.image_shape, is_whole=False)
        self._check_batch_size(len(images), len(images))

    def _check_examples(self, images, condition, is_later=False):
        data_checks.check_images(images, self.image_shape, may_have_nan=is_later)
        if self.condition is not None:
            self.condition.check(condition, len(images))

    def _check_batch_size(self, batch_size, last_size):
        num_devices = backend.num_devices(self)
        data_checks.check_split(batch_size, self.parts_per_batch, num_devices)

    @property
    def generator_iterations(self):
        """How many updates the generator has had."""
        moved_by = (
            name for name, each in self.players.items() if self.generator in each
        )
        return self.optimizer.players[next(moved_by)].iterations

    # Sampling.

    def sample_latents(self, num_latents):
        """Draw latents from the prior for a minibatch.

        Args:
            num_latents: int, or int scalar.
        """

        def sample(num_rows):
            return self.prior.sample(num_rows, seed=self.seed_generator)

        return backend.sample_global(
            sample, num_latents, self.gradient_accumulation_steps, self.seed_generator
        )

    @property
    def num_classes(self) -> int | None:
        """The number of classes, where the condition is class labels."""
        return getattr(self.condition, "num_classes", None)

    @property
    def sampler(self) -> Sampler:
        """The generator to sample from: the moving average where there is one."""
        backend.sync_state(self)
        network = self.network_to_sample()
        return Sampler(network, self.prior, self.condition, self.name)

    def network_to_sample(self) -> keras.Model:
        """Return the generator to sample from."""
        return self.generator

    def whole_generator(self) -> keras.Model:
        """Return the generator that presets are shipped with."""
        return self.generator

    def call(self, latents, training=False):
        """Return the generator's data of latents; see `network_to_sample`."""
        return self.network_to_sample()(latents, training=training)

    def generate(
        self,
        num_images,
        seed=None,
        labels=None,
        truncation=None,
        batch_size=256,
        condition=None,
        truncation_psi=None,
        truncation_cutoff=None,
        codes=None,
    ):
        """Generate images; see `keras_gan.Sampler.generate`."""
        return self.sampler.generate(
            num_images,
            seed,
            labels,
            truncation,
            batch_size,
            condition,
            truncation_psi,
            truncation_cutoff,
            codes,
        )

    def synthesize(
        self, latents=None, labels=None, batch_size=256, condition=None, w=None
    ):
        """Return the images of latents, or of w; see `keras_gan.Sampler.synthesize`."""
        return self.sampler.synthesize(latents, labels, batch_size, condition, w)

    def map(self, latents, labels=None, batch_size=256, condition=None, **truncation):
        """Return the w of given latents; see `keras_gan.Sampler.map`."""
        return self.sampler.map(latents, labels, batch_size, condition, **truncation)

    def export(
        self, path, version=None, overwrite=False, format="saved_model", card=None
    ):
        """Write the generator to files; see `keras_gan.Sampler.export`."""
        if format == "saved_model":
            card = {**self.training_facts(), **(card or {})}
        return self.sampler.export(path, version, overwrite, format, card)

    def training_facts(self) -> dict:
        """Return what a model card says of the training."""
        training = {"model": type(self).__name__}
        if self.compiled:
            training["generator_steps"] = int(self.generator_iterations)
        return {"training": training}

    # Saving.

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Make a model from `get_config`; its objects are deserialized."""
        deserialize = keras.saving.deserialize_keras_object
        return cls(
            **{
                key: deserialize(value, custom_objects)
                if isinstance(value, dict)
                else value
                for key, value in config.items()
            }
        )

    def compile_from_config(self, config):
        """Call `compile` with what `get_compile_config` returned."""
        self.compile(**keras.saving.deserialize_keras_object(dict(config)))
