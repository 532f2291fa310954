"""The base of autoencoders: a generator, and an encoder that finds its latents."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend, latents
from keras_gan.models import importance
from keras_gan.models.base import AdversarialModel
from keras_gan.models.latent_variable import LatentVariableModel
from keras_gan.validation import autoencoders
from keras_gan.validation.coded import checked_images
from keras_gan.validation.networks import latent_dim as latent_dim_of


class Autoencoder(LatentVariableModel, AdversarialModel):
    """An encoder that states the latents of data, beside the generator.

    The encoder states q(z | x), a normal distribution of the latents of an image. This
    class draws from it, reconstructs, and makes the files of the model. A subclass
    writes the losses.

    Args:
        players: dict from each player's name to its networks, as in
            `keras_gan.AdversarialModel`.
        encoder: `keras.Model` from data to means and log standard deviations,
            `(batch, 2 * latent_dim)`.
        generator: `keras.Model` from latents to data.
        prior: `keras_gan.latents.Normal`; None for one of the size that G takes.
        posterior: None, or a `keras.Model` that follows the noise; see
            `keras_gan.models.VAE`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None.

    Raises:
        ValueError: if the networks do not fit each other or the prior.
    """

    # The arguments of `compile` that are optimizers, one for each player.
    optimizer_names: tuple[str, ...] = ()
    # The arguments of the constructor that are objects, which are attributes too.
    part_names: tuple[str, ...] = ("encoder", "generator", "prior")

    def __init__(
        self,
        players: dict[str, keras.Model | list[keras.Model]],
        encoder: keras.Model,
        generator: keras.Model,
        prior=None,
        posterior: keras.Model | None = None,
        seed: int | None = None,
        name: str | None = None,
        condition=None,
    ):
        prior = prior or latents.Normal(latent_dim_of(generator))
        autoencoders.check_prior(prior, condition)
        shape = autoencoders.check_networks(
            encoder, generator, posterior, prior.latent_dim
        )
        super().__init__(players, generator, prior, None, shape, seed, name)
        self.encoder, self.posterior = encoder, posterior

    def compile(self, optimizers: list, settings: dict, **kwargs):
        """Set how the networks are trained.

        Args:
            optimizers: list of Keras optimizers, or their names, one for each player.
            settings: dict of the further arguments of the subclass's `compile`. They
                become attributes, and are saved.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.
        """
        for name, value in settings.items():
            setattr(self, name, value)
        self._setting_names = tuple(settings)
        super().compile(dict(zip(self.players, optimizers, strict=True)), **kwargs)

    def kept_networks(self) -> dict[str, keras.Model]:
        """Return the networks that a trained preset has beside the generator."""
        names = ("encoder", "posterior", "likelihood")
        found = {name: getattr(self, name, None) for name in names}
        return {k: each for k, each in found.items() if getattr(each, "weights", ())}

    def encode_with_divergences(self, images, noise):
        """Return latents of images in training, and KL(q || p) of each of them.

        Args:
            images: float tensor `(batch, ...)`.
            noise: float tensor `(batch, latent_dim)`, standard normal.
        """
        encoded = keras.tree.flatten(self.encoder(images, training=True))
        mean, log_sd = self.latent_statistics(encoded, noise, training=True)
        variance = ops.exp(2 * log_sd)
        divergences = 0.5 * (ops.square(mean) + variance - 1) - log_sd
        return mean + ops.exp(log_sd) * noise, divergences

    def latent_statistics(self, encoded, noise, training=False):
        """Return the mean and log standard deviation of latents, `(batch, latent_dim)`.

        Args:
            encoded: list of tensors, the encoder's outputs.
            noise: float tensor `(batch, latent_dim)`, which a `posterior` follows.
            training: bool.
        """
        outputs = encoded[0]
        if self.posterior is not None:
            outputs = self.posterior([*encoded, noise], training=training)
        return ops.split(ops.cast(outputs, "float32"), 2, axis=-1)

    def encode(
        self, images, seed: int | None = None, batch_size: int = 256
    ) -> np.ndarray:
        """Return latents of images: the middle of q(z | x), or a draw.

        Args:
            images: array `(num_images, ...)`, float in [-1, 1], or uint8.
            seed: int, to draw from q(z | x); None for its middle, at no noise.
            batch_size: int, how many to compute at a time.

        Returns:
            A float32 array `(num_images, latent_dim)`, for `synthesize`.

        Raises:
            ValueError: on images of another shape or range.
        """
        return importance.encode(self, self._checked(images), seed, batch_size)

    def reconstruct(
        self, images, seed: int | None = None, batch_size: int = 256
    ) -> np.ndarray:
        """Return what the generator makes of the latents of images; see `encode`."""
        return self.synthesize(self.encode(images, seed, batch_size), None, batch_size)

    def _checked(self, images):
        backend.sync_state(self)
        return checked_images(images, self.image_shape)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        parts = {name: getattr(self, name) for name in self.part_names}
        found = {k: serialize(v) for k, v in parts.items() if v is not None}
        return {**found, "seed": self.seed, "name": self.name}

    def get_compile_config(self):
        if not self.compiled:
            return None
        serialize = keras.saving.serialize_keras_object
        players = self.optimizer.players.values()
        optimizers = dict(zip(self.optimizer_names, players, strict=True))
        settings = {name: getattr(self, name) for name in self._setting_names}
        return {
            **{
                name: serialize(value)
                for name, value in (optimizers | settings).items()
            },
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "metrics": [serialize(metric) for metric in self._eval_metrics.value],
            **self._run_settings,
        }
