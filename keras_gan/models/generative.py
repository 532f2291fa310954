"""Games whose outcome is a generator: sampling it, and shipping it."""

import secrets

import keras
import numpy as np
from keras import ops

from keras_gan import backend, export
from keras_gan.datasets import SeededDataset
from keras_gan.models.measured import MeasuredModel
from keras_gan.models.minibatches import fill, round_size
from keras_gan.validation import arguments, networks
from keras_gan.validation import data as data_checks


class GenerativeModel(MeasuredModel):
    """A game with a generator that turns latents into data.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)`, or from
            `[latents, labels]`, to data.
        prior: from `keras_gan.latents`.
        num_classes: int, where the generator is conditional.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
    """

    def __init__(self, generator, prior, num_classes=None, seed=None, name=None):
        if not hasattr(prior, "sample"):
            raise ValueError(
                "`prior` must be a prior, such as `keras_gan.latents.Normal(128)`. "
                f"Received: {prior!r}"
            )
        super().__init__(seed=seed, name=name)
        self.generator = generator
        self.average = None
        self.prior = prior
        self.num_classes = num_classes
        self.seed = seed

    def compile(self, optimizers, reports, ema=None, **kwargs):
        """As `MeasuredModel.compile`, with a moving average of the generator.

        Args:
            optimizers: dict from a player's name to a Keras optimizer.
            reports: the names of the scalars that `adversarial_step` returns.
            ema: `keras_gan.EMA`, or None.
            **kwargs: see `MeasuredModel.compile`.
        """
        if ema is not None and not hasattr(ema, "clone"):
            raise ValueError(
                "`ema` must be `keras_gan.EMA(half_life=10_000)`, its half-life in "
                f"images. Received: {ema!r}"
            )
        self.ema = ema
        if ema is None:
            self.average = None
        elif self.average is None:
            shape = (self.prior.latent_dim,)
            latents = networks.symbolic_inputs(shape, self.num_classes)
            self.average = ema.clone(self.generator, latents)
        super().compile(optimizers, reports, **kwargs)

    def fit(self, x=None, y=None, **kwargs):
        """Train on real data, after a look at one batch of it.

        Args:
            x: images, channels last, float32 in [-1, 1] or uint8: an array, or a
                dataset (`keras_gan.datasets`, `tf.data.Dataset`, `PyDataset`,
                torch `DataLoader`) that yields batches of images or of
                `(images, labels)`.
            y: int array `(num_images,)`, the labels, where `x` is an array.
            **kwargs: `epochs`, `batch_size` (for arrays), `callbacks`,
                `validation_data`, ..., as for `keras.Model.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch: `d_loss`,
            `g_loss`, `real_score`, `fake_score`, and `penalty` where there is
            one.

        Raises:
            ValueError: on data that the networks cannot learn from.
        """
        if self.compiled:
            x = self._check_data(x, y, kwargs)
        if isinstance(x, SeededDataset):
            x = x.as_uint8()  # scaled in the step: a quarter of the way to carry
        return super().fit(x, y, **kwargs)

    def _check_data(self, data, labels, settings):
        is_array = hasattr(data, "shape")
        data, images, labels = data_checks.peek(data, labels)
        data_checks.check_images(images, self.image_shape)
        if self.num_classes:
            data_checks.check_labels(labels, len(images), self.num_classes)
        batch_size = len(images)
        if is_array:
            batch_size = settings.get("batch_size") or 32
        num_devices = backend.num_devices(self)
        data_checks.check_split(batch_size, self.parts_per_batch, num_devices)
        last_size = data_checks.last_batch_size(data, batch_size, settings)
        num_parts = self.parts_per_batch * num_devices
        data_checks.check_packs(
            batch_size, last_size, num_parts, self.images_per_logit()
        )
        if num_devices > 1 and not isinstance(data, SeededDataset):
            backend.check_data(self, data, batch_size)
        return data

    def images_per_logit(self):
        """How many examples are judged together, and so must be in one batch."""
        return 1

    def after_step(self, data, sound):
        """Let the average follow, by as many images as the step has seen."""
        if self.ema is not None:
            num_images = ops.shape(keras.tree.flatten(data)[0])[0]
            num_images = ops.where(sound, num_images, 0)
            steps_before = self.optimizer.players["generator"].iterations - 1
            self.ema.update(self.average, self.generator, num_images, steps_before)

    @property
    def sampler(self):
        """The generator that is shown: the average where there is one."""
        return self.generator if self.average is None else self.average

    def call(self, latents, training=False):
        return self.sampler(latents, training=training)

    def generate(
        self, num_images, seed=None, labels=None, truncation=None, batch_size=256
    ):
        """Invent images.

        Args:
            num_images: int.
            seed: int; the same seed gives the same images. None for fresh ones.
                Neither disturbs training.
            labels: int, or int array `(num_images,)`, for conditional networks;
                by default the classes take turns.
            truncation: float, for less diverse and more typical images; see
                `truncate` of the prior.
            batch_size: int, how many to compute at a time.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ValueError: on a number, label or truncation that cannot be.

        Example:

        ```python
        images = gan.generate(16, seed=0)
        trousers = gan.generate(16, labels=1)  # of a conditional GAN
        ```
        """
        num_images = arguments.integer("num_images", num_images)
        seed = secrets.randbits(31) if seed is None else seed
        latents = self.prior.sample(num_images, seed=seed)
        if truncation is not None:
            latents = self.prior.truncate(latents, truncation)
        if labels is None and self.num_classes:
            labels = np.arange(num_images) % self.num_classes
        return self.synthesize(latents, labels, batch_size)

    def synthesize(self, latents, labels=None, batch_size=256):
        """The images that given latents stand for.

        Args:
            latents: float array or tensor `(num_images, latent_dim)`.
            labels: int, or int array `(num_images,)`, for conditional networks.
            batch_size: int, how many to compute at a time.

        Returns:
            A float32 array `(num_images, height, width, channels)`, in [-1, 1].

        Raises:
            ValueError: on latents of another size, and on labels that are
                missing, out of range or not wanted.

        Example:

        ```python
        latents = keras_gan.latents.sweep(gan.prior.sample(1, seed=0), 3, [-2, 0, 2])
        images = gan.synthesize(latents)
        ```
        """
        latents = ops.convert_to_numpy(latents)
        if latents.ndim != 2 or latents.shape[1] != self.prior.latent_dim:
            raise ValueError(
                f"`latents` have the shape {latents.shape}. Expected "
                f"(num_images, {self.prior.latent_dim})."
            )
        labels = self._labels_for(len(latents), labels)
        backend.settle(self)
        num_images, size = len(latents), round_size(len(latents), batch_size)
        latents = fill(latents, size)
        given = latents if labels is None else [latents, fill(labels, size)]
        images = backend.predict(self.sampler, given, size)
        return np.asarray(images[:num_images], "float32")

    def export(
        self, path, version=None, overwrite=False, format="saved_model", card=None
    ):
        """Write the generator to files that other programs load.

        Where there is a moving average, that is the generator that is written.
        See `keras_gan.export` for what each format holds.

        Args:
            path: the folder of the model, in which the version becomes a folder;
                or, for the other formats, the file.
            version: int; None for the next free one.
            overwrite: whether what exists may be replaced.
            format: `"saved_model"` for TensorFlow Serving, `"onnx"`, `"litert"`
                or `"openvino"`.
            card: dict for the model card of a SavedModel: `data`, `metrics`,
                `licence`, or whatever a user should know.

        Returns:
            The `pathlib.Path` of the version's folder, or of the file.

        Raises:
            ValueError: on an unknown format, and on a version that exists.

        Example:

        ```python
        gan.export("savedmodels/fashion", version=1)
        gan.export("fashion.onnx", format="onnx")
        ```
        """
        backend.settle(self)
        if format == "saved_model":
            training = {"model": type(self).__name__}
            if self.compiled:
                steps = self.optimizer.players["generator"].iterations
                training["generator_steps"] = int(steps)
            card = {"training": training, **(card or {})}
            return export.saved_model(
                self.sampler,
                path,
                version,
                overwrite,
                self.prior,
                self.num_classes,
                card,
            )
        if version is not None or card is not None:
            raise ValueError(
                f"`version` and `card` belong to a SavedModel, and format={format!r} "
                "writes a single file."
            )
        if format not in ("onnx", "litert", "openvino"):
            raise ValueError(
                "`format` must be 'saved_model', 'onnx', 'litert' or 'openvino'. "
                f"Received: {format!r}"
            )
        write = getattr(export, format)
        return write(self.sampler, path, overwrite, self.prior, self.num_classes)

    def _labels_for(self, num_images, labels):
        if self.num_classes is None:
            if labels is None:
                return None
            raise ValueError(
                "`labels` were passed, and these networks are not conditional. "
                "Build them, and the GAN, with `num_classes`."
            )
        if labels is not None:
            labels = np.asarray(labels)
            labels = np.full(num_images, labels) if labels.ndim == 0 else labels
        data_checks.check_labels(labels, num_images, self.num_classes)
        return labels.reshape(-1).astype("int32")

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            "generator": serialize(self.generator),
            "prior": serialize(self.prior),
            "num_classes": self.num_classes,
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(
            **{
                key: keras.saving.deserialize_keras_object(value, custom_objects)
                if isinstance(value, dict)
                else value
                for key, value in config.items()
            }
        )
