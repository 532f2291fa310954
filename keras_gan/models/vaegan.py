"""An autoencoder whose discriminator says how alike two images are."""

import keras
from keras import ops

from keras_gan import losses, penalties
from keras_gan.models.autoencoder import Autoencoder
from keras_gan.models.equilibrium import who_moves
from keras_gan.models.generator_average import GeneratorAverage
from keras_gan.models.penalized_discriminator import PenalizedDiscriminator
from keras_gan.validation import autoencoders

PLAYERS = ("encoder", "generator", "discriminator")
LOG_NAMES = ("kl", "feature_error", "g_loss", "d_loss", "real_score", "fake_score")


@keras.saving.register_keras_serializable(package="keras_gan")
class VAEGAN(GeneratorAverage, PenalizedDiscriminator, Autoencoder):
    """A `VAE` whose generator plays a GAN: an error of features, not of pixels.

    D has two outputs: a logit, and the features of one of its layers. Images are alike
    if their features are. With z from the encoder and z_p from the prior, e the halved
    squared error of features, SUMMED, and fakes G(z) and G(z_p):

        L_E = e + KL(q(z | x) || p(z))
        L_G = the loss's of the fakes + feature_weight * e
        L_D = the loss's of real images and the fakes, and penalties

    All move at once. A player that is far ahead waits: see `equilibrium`.

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
    optimizer_names = tuple(f"{name}_optimizer" for name in PLAYERS)

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
        players = dict(zip(PLAYERS, (encoder, generator, discriminator), strict=True))
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
        fakes_per_image: int = 2,
        discriminator_penalties=(),
        ema=None,
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
            fakes_per_image: int, 2 for G(z) of each image and as many G(z_p), or 1 for
                half of both, which costs little more than a GAN.
            discriminator_penalties: list from `keras_gan.penalties`, such as `R1`.
            ema: `keras_gan.EMA`, to keep a moving average of G, or None.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.

        Raises:
            ValueError: on a negative weight or margin, on a loss of pairs, and on a
                penalty of pairs unless `fakes_per_image` is 1.
        """
        autoencoders.check_balance(feature_weight, equilibrium, margin)
        checked = penalties.check_penalties(
            "discriminator_penalties", discriminator_penalties, penalties.Penalty
        )
        settings = {"feature_weight": feature_weight, "equilibrium": equilibrium}
        settings |= {
            "margin": margin,
            "loss": autoencoders.check_loss(losses.get(loss)),
            "fakes_per_image": autoencoders.check_fakes(fakes_per_image, checked),
            "discriminator_penalties": checked,
        }
        given = (encoder_optimizer, generator_optimizer, discriminator_optimizer)
        optimizers = [each or keras.optimizers.RMSprop(3e-4) for each in given]
        self.set_ema(ema)
        super().compile(optimizers, {**settings, "ema": ema}, **kwargs)

    def adversarial_step(self, data):
        """Run one update of all three players, from one forward pass."""
        images, _ = self.unpack(data)
        noise, drawn = (self.sample_latents(ops.shape(images)[0]) for _ in range(2))
        players = tuple(self.players)
        logs = self.minimize(players, self.all_losses, images, noise, drawn)
        self.constrain_discriminator()
        return logs

    def all_losses(self, images, noise, drawn):
        """Return the losses of the players, by name, and the logs."""
        seen, num_drawn = _shares(ops.shape(images)[0], self.fakes_per_image)
        z, divergences = self.encode_with_divergences(images[:seen], noise[:seen])
        latents = ops.concatenate([z, drawn[:num_drawn]])
        generated = ops.cast(self.generator(latents, training=True), "float32")
        (real, features), (fakes, features_again), penalty = (
            self.discriminate_with_penalties(images, generated)
        )
        error = _distance(features[:seen], features_again[:seen])
        kl = ops.mean(ops.sum(divergences, axis=-1))
        d_loss = self.loss.discriminator_loss(real, fakes)
        g_loss = self.loss.generator_loss(fakes, None)
        d_moves, g_moves = who_moves(real, fakes, self.equilibrium, self.margin)
        values = [kl, error, g_loss, d_loss]
        values += [ops.mean(self.loss.score(logits)) for logits in (real, fakes)]
        return {
            "encoder": error + kl,
            "generator": g_moves * (g_loss + self.feature_weight * error),
            "discriminator": d_moves * (d_loss + penalty),
        }, dict(zip(self.log_names, [*values, penalty], strict=False))

    @property
    def log_names(self) -> tuple[str, ...]:
        """The names of the scalars that a step logs."""
        return LOG_NAMES + ("penalty",) * bool(self.discriminator_penalties)


def _shares(batch_size, fakes_per_image):
    """Return how many images are reconstructed, and how many latents drawn."""
    if fakes_per_image == 2:
        return batch_size, batch_size
    return (batch_size + 1) // 2, batch_size // 2


def _distance(features, others):
    """Return the halved squared error, summed over an image: a mean over the batch."""
    error = 0.5 * ops.square(features - others)
    return ops.mean(ops.sum(error, axis=tuple(range(1, len(error.shape)))))
