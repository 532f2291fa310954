"""A GAN whose latents have codes that can be recognised in its images."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.invariance.terms import Terms
from keras_gan.models.gan import GAN
from keras_gan.optimizers.schedules import value_at
from keras_gan.validation import coded


@keras.saving.register_keras_serializable(package="keras_gan")
class InfoGAN(GAN):
    """A `GAN` that learns, without labels, latents with a meaning.

    A latent is noise and codes c. A head Q on the trunk of the discriminator D
    recognises the codes of generated images. Both players want it to:

        L_D = the loss's - information_weight * E[log Q(c | G(z, c))]
        L_G = the loss's - information_weight * E[log Q(c | G(z, c))]

    H(c) + E[log Q(c | G(z, c))] is a lower bound of the mutual information of codes and
    images, logged in nats: `information` for all codes, and `information_NAME` for
    each. D's optimizer moves Q and the trunk below it. With an `invariance` Q reads
    real images too: see `keras_gan.invariance`.

    Args:
        generator: `keras.Model` from latents `(batch, prior.latent_dim)` to data.
        discriminator: `keras.Model` from data to two outputs: LOGITS `(batch, 1)`, and
            codes `(batch, prior.code_dim)`, logits of categories and means of numbers.
        prior: `keras_gan.latents.NoiseAndCodes`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None. Codes are learned without labels.

    Raises:
        ValueError: if the networks do not fit each other or the prior.

    Example:

    ```python
    prior = keras_gan.latents.default_codes()
    networks = keras_gan.architectures.infogan((28, 28, 1), width=8, units=32)
    gan = keras_gan.models.InfoGAN(*networks, prior=prior)
    gan.compile()
    gan.fit(images, batch_size=4)
    gan.generate(10, codes={"category": np.arange(10), "code_1": 0.5})
    ```

    Chen et al. 2016, "InfoGAN: Interpretable Representation Learning by Information
    Maximizing Generative Adversarial Nets", arXiv:1606.03657.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        seed: int | None = None,
        name: str = "infogan",
        condition=None,
    ):
        coded.check_prior(prior, condition)
        super().__init__(generator, discriminator, prior, seed=seed, name=name)

    def _check_networks(self, generator, discriminator, prior, condition):
        return coded.check_networks(generator, discriminator, prior)

    def compile(self, *args, information_weight=1.0, invariance=None, **kwargs):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            *args: see `GAN.compile`.
            information_weight: float, the weight of the codes in both losses; or a
                schedule of the number of G's updates; or a dict of these by the names
                of the codes, where a code that it leaves out has the weight 1.
            invariance: what changes of real images do to their codes, further terms
                of L_D: a `keras_gan.invariance.CategoryInvariance`, a
                `NumberEquivariance`, or a list of both.
            **kwargs: see `GAN.compile`.

        Raises:
            ValueError: on a negative weight and an unknown code, and as `GAN.compile`.
        """
        coded.check_weights(information_weight, self.prior.codes)
        self._terms = Terms(invariance, self.prior, self.image_shape)
        self.information_weight, self.invariance = information_weight, invariance
        super().compile(*args, **kwargs)

    @property
    def log_names(self):
        names = [f"information_{name}" for name in self.prior.codes]
        return (*super().log_names, "information", *names, *self._terms.log_names)

    def generate_fakes(self, real, condition=None):
        """Return generated data for training, and their latents."""
        fakes = super().generate_fakes(real, condition)
        return fakes, fakes.inputs[0]

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D: the loss of a `GAN`, and the codes of generated images."""
        fakes, latents = fakes
        (real_logits, _), (fake_logits, recognized), penalty = (
            self.discriminate_with_penalties(real, fakes)
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        shares = self._terms.fakes_weights(self)
        total = d_loss + penalty + self.code_loss(latents, recognized, shares)
        of_real, of_terms = self._terms(self, real)
        return total + of_real, {**logs, **of_terms}

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G: the loss of a `GAN`, and the codes that were drawn."""
        fakes, latents = fakes
        real_logits = self.discriminate(real)[0] if self.loss.is_relativistic else None
        fake_logits, recognized = self.discriminate(fakes)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        penalty = self.generator_penalty(real)
        logs = self.generator_logs(g_loss, penalty)
        logs |= self.information_logs(latents, recognized)
        return g_loss + penalty + self.code_loss(latents, recognized), logs

    def code_loss(self, latents, recognized, shares=None):
        """Return -E[log Q(c | x)] of all codes, weighted; of some only a share."""
        found = self.prior.log_likelihood_by_code(latents, recognized)
        weights = coded.weights_by_code(self.information_weight, found)
        step = self.generator_iterations
        weights = {k: value_at(each, step) for k, each in weights.items()}
        weights |= {k: weights[k] * share for k, share in (shares or {}).items()}
        return -sum(weights[k] * ops.mean(v) for k, v in found.items())

    def information_logs(self, latents, recognized) -> dict:
        """Return the bound of the mutual information, of all codes and of each."""
        found = self.prior.information_by_code(latents, recognized)
        logs = {f"information_{name}": value for name, value in found.items()}
        return {"information": sum(logs.values()), **logs}

    def recognize(self, images, batch_size: int = 256) -> dict[str, np.ndarray]:
        """Return the codes of images, generated or real.

        Args:
            images: array `(num_images, ...)` as the generator makes them; or uint8.
            batch_size: int, how many to compute at a time.

        Returns:
            A dict from the name of a code to a float32 array: the probabilities of
            categories, `(num_images, num_categories)`, or numbers `(num_images, size)`.
        """
        images = coded.checked_images(images, self.image_shape)
        backend.sync_state(self)
        parts = np.split(images, range(batch_size, len(images), batch_size))
        codes = [backend.predict(self.discriminator, x, len(x))[1] for x in parts]
        return self.prior.read_codes(np.concatenate(codes))

    def get_compile_config(self):
        config = super().get_compile_config()
        names = ("information_weight", "invariance")
        serialize = keras.saving.serialize_keras_object
        return config and config | {n: serialize(getattr(self, n)) for n in names}
