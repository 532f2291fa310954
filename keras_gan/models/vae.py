"""The variational autoencoder: a generator whose density has a bound."""

import keras
import numpy as np
from keras import ops

from keras_gan import likelihoods
from keras_gan._typing import Setting
from keras_gan.models import importance
from keras_gan.models.autoencoder import Autoencoder
from keras_gan.optimizers.schedules import check_setting, value_at
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class VAE(Autoencoder):
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

    part_names = (*Autoencoder.part_names, "likelihood", "posterior")
    optimizer_names = ("optimizer",)
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
        likelihood = likelihoods.get(likelihood)
        parts = (encoder, posterior, generator, likelihood)
        super().__init__(
            {"autoencoder": [part for part in parts if part is not None]},
            encoder,
            generator,
            prior,
            posterior,
            seed,
            name,
            condition,
        )
        self.likelihood = likelihood

    def compile(
        self,
        optimizer=None,
        kl_weight: Setting = 1.0,
        free_nats: Setting = 0.0,
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
        settings = {"kl_weight": kl_weight, "free_nats": free_nats}
        settings = {name: check_setting(name, each) for name, each in settings.items()}
        optimizer = optimizer or keras.optimizers.Adam(1e-3)
        super().compile([optimizer], settings, **kwargs)

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
        step = self.generator_iterations
        free_nats = value_at(self.free_nats, step)
        paid = value_at(self.kl_weight, step) * ops.sum(
            ops.maximum(by_latent, free_nats)
        )
        logs = {"elbo": reconstruction - kl, "reconstruction": reconstruction, "kl": kl}
        return paid - reconstruction, logs

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
        checked = self._checked(images)
        self.likelihood.check(np.asarray(ops.convert_to_numpy(images)))
        samples = arguments.integer("samples", samples)
        return importance.bound(self, checked, samples, seed, batch_size)

    def _check_examples(self, images, condition, is_later=False):
        super()._check_examples(images, condition, is_later)
        self.likelihood.check(images)
