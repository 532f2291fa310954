"""A GAN whose discriminator's direction and scale are trained by separate losses."""

import keras
from keras import ops

from keras_gan.models.gan import GAN
from keras_gan.validation import networks


@keras.saving.register_keras_serializable(package="keras_gan")
class SAN(GAN):
    """A `GAN` whose discriminator's last layer is a unit direction times a scale.

    The last layer of a discriminator chooses a direction in the space of its features
    in which real and generated data differ. No GAN loss makes it the one in which they
    differ most, so that their distance along it may be none. Here a loss of its own
    does:

        L_D = the loss's, of logits whose direction is a constant
            + direction_weight * (E[<u, h(G(z))>] - E[<u, h(x)>]), of which the unit
              vector u learns alone
        L_G = the loss's

    Works with every loss here. The logs have a `direction_loss`.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)` to data.
        discriminator: `keras.Model` from data to `[logits, directions]`, as
            `keras_gan.architectures.san_discriminator` makes it of any other.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int, short for `condition=ClassLabels(num_classes)`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: from `keras_gan.conditions`, where the networks are conditional.

    Raises:
        ValueError: if the networks do not fit each other, the prior or the condition,
            or the discriminator has no such head.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    discriminator = keras_gan.architectures.san_discriminator(discriminator)
    gan = keras_gan.models.SAN(generator, discriminator)
    gan.compile(
        loss="hinge", discriminator_penalties=[keras_gan.penalties.R1(0.1)]
    )
    ```

    Takida et al. 2024, "SAN: Inducing Metrizability of GAN with Discriminative
    Normalized Linear Layer", arXiv:2301.12811.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        num_classes: int | None = None,
        seed: int | None = None,
        name: str = "san",
        condition=None,
    ):
        super().__init__(
            generator, discriminator, prior, num_classes, seed, name, condition
        )

    def _check_networks(self, generator, discriminator, prior, condition):
        outputs = getattr(discriminator, "outputs", None) or ()
        shapes = [tuple(output.shape) for output in outputs]
        if len(shapes) != 2 or shapes[0] != shapes[1]:
            raise ValueError(
                "A SAN's discriminator returns logits and directions, of one shape. "
                f"Received outputs of the shapes {shapes}. Build it with "
                "`keras_gan.architectures.san_discriminator(discriminator)`."
            )
        logits = keras.Model(discriminator.input, outputs[0], name=discriminator.name)
        return networks.check_pair(generator, logits, prior.latent_dim, condition)

    @property
    def log_names(self):
        return (*super().log_names, "direction_loss")

    def compile(self, *args, direction_weight: float = 1.0, **kwargs):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            *args: see `GAN.compile`.
            direction_weight: float, the weight of the direction's loss in L_D.
            **kwargs: see `GAN.compile`.

        Raises:
            ValueError: if the weight is not positive, and as `GAN.compile`.
        """
        if not direction_weight > 0:
            raise ValueError(
                "`direction_weight` must be positive, or the direction stays where it "
                f"begins. Received: {direction_weight}"
            )
        super().compile(*args, **kwargs)
        self.direction_weight = direction_weight

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D: the loss of a `GAN`, and that of the direction."""
        (real_logits, real_dir), (fake_logits, fake_dir), penalty = (
            self.discriminate_with_penalties(real, fakes, condition)
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        direction_loss = ops.mean(fake_dir) - ops.mean(real_dir)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        logs |= {"direction_loss": direction_loss}
        return d_loss + penalty + self.direction_weight * direction_loss, logs

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G, that of a `GAN`."""
        real_logits = None
        if self.loss.is_relativistic:
            real_logits, _ = self.discriminate(real, condition)
        fake_logits, _ = self.discriminate(fakes, condition)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        penalty = self.generator_penalty(real, condition)
        return g_loss + penalty, self.generator_logs(g_loss, penalty)

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {**config, "direction_weight": self.direction_weight}
