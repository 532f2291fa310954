"""The variational autoencoder: a generator whose density has a bound."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend, latents, likelihoods
from keras_gan._typing import Setting
from keras_gan.models import importance
from keras_gan.models.latent_variable import LatentVariableModel
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments, autoencoders
from keras_gan.validation.coded import checked_images
from keras_gan.validation.networks import latent_dim as latent_dim_of


@keras.saving.register_keras_serializable(package="keras_gan")
class VAE(LatentVariableModel):
    """A generator that learns to explain data by latents that an encoder finds.

    The encoder states a normal distribution q(z | x) of an image's latents, and the
    generator, as a decoder, the likelihood p(x | z). Both maximise one bound of
    log p(x), the ELBO, with terms in nats an image, SUMMED over pixels and latents:

        ELBO = E_q[log p(x | z)] - KL(q(z | x) || p(z)) <= log p(x)

    The logs are `elbo` and its terms, `reconstruction` and `kl`. What is drawn,
    exported or measured is the generator, as that of a `keras_gan.GAN`.

    Args:
        encoder: `keras.Model` from data to means and log standard deviations,
            `(batch, 2 * latent_dim)`.
        generator: `keras.Model` from latents to data, in [-1, 1] for images.
        prior: `keras_gan.latents.Normal`; by default of the size that G takes.
        likelihood: from `keras_gan.likelihoods`, or its name. `"bernoulli"` is for
            black and white images.
        posterior: None, or a `keras.Model` from the encoder's outputs and noise, in a
            list, to means and log standard deviations, of which each follows the noise
            of the latents before it; see `keras_gan.architectures.vae_posterior`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None.

    Raises:
        ValueError: if the networks do not fit each other or the prior.

    Example:

    ```python
    vae = keras_gan.models.VAE(*keras_gan.architectures.vae(width=8, units=32))
    vae.compile()
    binary = keras_gan.datasets.binarize(images, 0)
    vae.fit(binary, batch_size=4)
    print(-vae.bound(binary, samples=50).mean(), "nats")
    ```

    Kingma and Welling 2013, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
    """

    log_names = ("elbo", "reconstruction", "kl")

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        prior=None,
        likelihood: str | likelihoods.Likelihood = "bernoulli",
        posterior: keras.Model | None = None,
        seed: int | None = None,
        name: str = "vae",
        condition=None,
    ):
        prior = prior or latents.Normal(latent_dim_of(generator))
        autoencoders.check_prior(prior, condition)
        shape = autoencoders.check_networks(
            encoder, generator, posterior, prior.latent_dim
        )
        likelihood = likelihoods.get(likelihood)
        parts = (encoder, posterior, generator, likelihood)
        players = {"autoencoder": [part for part in parts if part is not None]}
        super().__init__(players, generator, prior, None, shape, seed, name)
        self.encoder, self.posterior, self.likelihood = encoder, posterior, likelihood

    def compile(
        self,
        optimizer=None,
        kl_weight: Setting = 1.0,
        free_nats: float = 0.0,
        **kwargs,
    ):
        """Set how the networks are trained.

        Args:
            optimizer: a Keras optimizer, or its name; by default Adam with 1e-3.
            kl_weight: float, the weight of the divergence; or a schedule of the number
                of updates, to begin below 1. The logs are of the weight 1.
            free_nats: float, down to how many nats the divergence of each latent, as a
                mean over the batch, costs nothing more, so that all are used.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.

        Raises:
            ValueError: if a weight is negative.
        """
        self.kl_weight = check_setting("kl_weight", kl_weight)
        self.free_nats = check_setting("free_nats", free_nats)
        super().compile(
            {"autoencoder": optimizer or keras.optimizers.Adam(1e-3)}, **kwargs
        )

    def adversarial_step(self, data):
        """Run one update of the encoder and the generator."""
        images, _ = self.unpack(data)
        noise = self.sample_latents(ops.shape(images)[0])
        return self.minimize("autoencoder", self.negative_elbo, images, noise)

    def negative_elbo(self, images, noise):
        """Return the loss, -ELBO with the settings of `compile`, and its logs."""
        z, divergences = self.encode_with_divergences(images, noise)
        generated = ops.cast(self.generator(z, training=True), "float32")
        reconstruction = ops.mean(self.likelihood(generated, images))
        by_latent = ops.mean(divergences, axis=0)  # (latent_dim,)
        kl = ops.sum(by_latent)
        paid = ops.sum(ops.maximum(by_latent, self.free_nats))
        weight = value_at(self.kl_weight, self.generator_iterations)
        logs = {"elbo": reconstruction - kl, "reconstruction": reconstruction, "kl": kl}
        return weight * paid - reconstruction, logs

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

    def encode(self, images, seed: int | None = None, batch_size: int = 256):
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

    def reconstruct(self, images, seed: int | None = None, batch_size: int = 256):
        """Return what the generator makes of the latents of images; see `encode`."""
        return self.synthesize(self.encode(images, seed, batch_size), None, batch_size)

    def bound(
        self, images, samples: int = 5000, seed: int = 0, batch_size: int = 512
    ) -> np.ndarray:
        """Return the importance-weighted bound of log p(x) of each image, in nats.

            log 1/K sum_k p(x | z_k) p(z_k) / q(z_k | x),    z_k ~ q(z | x)

        With one sample it is an estimate of the ELBO; it grows with K towards log p(x).

        Args:
            images: array `(num_images, ...)`, of data that the likelihood takes.
            samples: int, K.
            seed: int, of the draws.
            batch_size: int, how many of them to compute at a time.

        Returns:
            A float64 array `(num_images,)`.

        Raises:
            ValueError: on images of another shape or range.

        Burda et al. 2015, "Importance Weighted Autoencoders", arXiv:1509.00519.
        """
        images = self._checked(images)
        self.likelihood.check(images)
        samples = arguments.integer("samples", samples)
        return importance.bound(self, images, samples, seed, batch_size)

    def _checked(self, images):
        backend.sync_state(self)
        return checked_images(images, self.image_shape)

    def _check_examples(self, images, condition, is_later=False):
        super()._check_examples(images, condition, is_later)
        self.likelihood.check(images)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        names = ("encoder", "generator", "prior", "likelihood", "posterior")
        parts = {name: getattr(self, name) for name in names}
        found = {k: serialize(v) for k, v in parts.items() if v is not None}
        return {**found, "seed": self.seed, "name": self.name}

    def get_compile_config(self):
        if not self.compiled:
            return None
        serialize = keras.saving.serialize_keras_object
        return {
            "optimizer": serialize(self.optimizer.players["autoencoder"]),
            "kl_weight": serialize(self.kl_weight),
            "free_nats": self.free_nats,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "metrics": [serialize(metric) for metric in self._eval_metrics.value],
            **self._run_settings,
        }
