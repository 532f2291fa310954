"""An autoencoder whose discriminator says how alike two images are."""

import keras
from keras import ops

from keras_gan import losses
from keras_gan.models.autoencoder import Autoencoder
from keras_gan.validation import autoencoders


@keras.saving.register_keras_serializable(package="keras_gan")
class VAEGAN(Autoencoder):
    """A `VAE` whose generator plays a GAN: an error of features, not of pixels.

    D has two outputs: a logit, and the features of one of its layers. Images are alike
    if their features are. With z from the encoder and z_p from the prior, e the halved
    squared error of features, SUMMED, and fakes G(z) and G(z_p):

        L_E = e + KL(q(z | x) || p(z))
        L_G = the loss's of the fakes + feature_weight * e
        L_D = the loss's of real images and the fakes

    All move at once. A player that is far ahead waits: D where a term of its loss is
    below `equilibrium - margin`, G where one is above `equilibrium + margin`.

    Args:
        encoder: `keras.Model` from data to means and log standard deviations,
            `(batch, 2 * latent_dim)`.
        generator: `keras.Model` from latents to data, in [-1, 1] for images.
        discriminator: `keras.Model` from data to `[logits, features]`, `(batch, 1)` and
            `(batch, ...)`; see `keras_gan.architectures.vaegan_discriminator`.
        prior: `keras_gan.latents.Normal`; by default of the size that G takes.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None.

    Raises:
        ValueError: if the networks do not fit each other or the prior.

    Example:

    ```python
    networks = keras_gan.architectures.vaegan((28, 28, 1), width=8, units=32)
    vaegan = keras_gan.models.VAEGAN(*networks)
    vaegan.compile()
    vaegan.fit(images, batch_size=4)
    again = vaegan.reconstruct(images)
    ```

    Larsen et al. 2016, "Autoencoding beyond pixels using a learned similarity metric",
    arXiv:1512.09300. The rates, the prior and the balance are those of its code.
    """

    part_names = (*Autoencoder.part_names, "discriminator")
    optimizer_names = tuple(
        f"{name}_optimizer" for name in ("encoder", "generator", "discriminator")
    )
    log_names = ("kl", "feature_error", "g_loss", "d_loss", "real_score", "fake_score")

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        seed: int | None = None,
        name: str = "vaegan",
        condition=None,
    ):
        players = {"encoder": encoder, "generator": generator}
        players["discriminator"] = discriminator
        super().__init__(
            players, encoder, generator, prior, None, seed, name, condition
        )
        autoencoders.check_features(discriminator, self.image_shape)
        self.discriminator = discriminator

    def compile(
        self,
        encoder_optimizer=None,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss="non_saturating",
        feature_weight: float = 1e-3,
        equilibrium: float = 0.68,
        margin: float | None = 0.35,
        **kwargs,
    ):
        """Set how the networks are trained.

        Args:
            encoder_optimizer: a Keras optimizer, or its name; by default RMSprop with
                3e-4.
            generator_optimizer: likewise.
            discriminator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name; none that compares pairs.
            feature_weight: float, of the error of features in L_G.
            equilibrium: float, where the terms of L_D should lie.
            margin: float, how far they may lie from it; None to let nobody wait.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.

        Raises:
            ValueError: on a negative weight or margin, and on a loss of pairs.
        """
        autoencoders.check_balance(feature_weight, equilibrium, margin)
        settings = {"feature_weight": feature_weight, "equilibrium": equilibrium}
        settings |= {
            "margin": margin,
            "loss": autoencoders.check_loss(losses.get(loss)),
        }
        given = (encoder_optimizer, generator_optimizer, discriminator_optimizer)
        optimizers = [each or keras.optimizers.RMSprop(3e-4) for each in given]
        super().compile(optimizers, settings, **kwargs)

    def adversarial_step(self, data):
        """Run one update of all three players, from one forward pass."""
        images, _ = self.unpack(data)
        noise, drawn = (self.sample_latents(ops.shape(images)[0]) for _ in range(2))
        return self.minimize(tuple(self.players), self.all_losses, images, noise, drawn)

    def all_losses(self, images, noise, drawn):
        """Return the losses of the players, by name, and the logs."""
        z, divergences = self.encode_with_divergences(images, noise)
        again, drawn = (self.generator(each, training=True) for each in (z, drawn))
        real, features = self.discriminate(images)
        fake, features_again = self.discriminate(again)
        fake_drawn, _ = self.discriminate(drawn)
        error = 0.5 * ops.square(features - features_again)
        error = ops.mean(ops.sum(error, axis=tuple(range(1, len(error.shape)))))
        kl = ops.mean(ops.sum(divergences, axis=-1))
        fakes = ops.concatenate([fake, fake_drawn])
        d_loss = self.loss.discriminator_loss(real, fakes)
        g_loss = self.loss.generator_loss(fakes, None)
        d_moves, g_moves = self.balance(real, fakes)
        logs = {
            **{"kl": kl, "feature_error": error, "g_loss": g_loss, "d_loss": d_loss},
            "real_score": ops.mean(self.loss.score(real)),
            "fake_score": ops.mean(self.loss.score(fakes)),
        }
        return {
            "encoder": error + kl,
            "generator": g_moves * (g_loss + self.feature_weight * error),
            "discriminator": d_moves * d_loss,
        }, logs

    def discriminate(self, images):
        """Return D's logits and features in training, in float32."""
        outputs = self.discriminator(images, training=True)
        return [ops.cast(output, "float32") for output in outputs]

    def balance(self, real, fakes):
        """Return 1.0 or 0.0 for D and for G: whether they move."""
        if self.margin is None:
            return 1.0, 1.0
        terms = ops.stack([ops.mean(ops.softplus(x)) for x in (-real, fakes)])
        d_moves = ops.all(terms > self.equilibrium - self.margin)
        g_moves = ops.all(terms < self.equilibrium + self.margin)
        d_moves = ops.logical_or(d_moves, ops.logical_not(g_moves))  # one does
        return ops.cast(d_moves, "float32"), ops.cast(g_moves, "float32")
