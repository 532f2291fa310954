"""A GAN whose players are updated at the same time."""

import keras

from keras_gan.models.gan import GAN


@keras.saving.register_keras_serializable(package="keras_gan")
class SimultaneousGAN(GAN):
    """A `GAN` whose players take their updates at the same time.

    In Algorithm 1 the discriminator is updated first, and the generator answers it.
    Here both gradients are taken at the same weights, and then both are applied:
    simultaneous instead of alternating gradient descent. One pass through G and one
    through D serve both, which makes a step cheaper; the TensorFlow tutorial trains
    this way. Near a solution simultaneous updates are the less stable ones, more so
    with large learning rates and momentum.

    Arguments are those of `GAN`. In `compile`, `discriminator_steps` stays 1, and
    fakes are always shared.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1))
    gan = keras_gan.models.SimultaneousGAN(generator, discriminator)
    gan.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    gan.fit(keras_gan.datasets.fashion_mnist(batch_size=256), epochs=10)
    ```

    Mescheder et al. 2017, "The Numerics of GANs", arXiv:1705.10461, on both ways.
    """

    def compile(
        self, *args, discriminator_steps: int = 1, share_fakes: bool = True, **kwargs
    ):
        """Set how the networks are trained; see `GAN.compile`.

        Raises:
            ValueError: if k is not 1 or fakes are not shared, and as `GAN.compile`.
        """
        if discriminator_steps != 1 or not share_fakes:
            raise ValueError(
                "Players that move at once take one step each, and look at the same "
                f"fakes. Received: discriminator_steps={discriminator_steps}, "
                f"share_fakes={share_fakes}. Use `keras_gan.GAN` for other settings."
            )
        super().compile(*args, share_fakes=True, **kwargs)

    def adversarial_step(self, data):
        """Run one update of both players, from one forward pass."""
        real, condition = self.unpack(data)
        fakes = self.generate_fakes(real, condition)
        logs = self.minimize(
            ("discriminator", "generator"), self.both_losses, real, fakes, condition
        )
        self.constrain_discriminator()
        return logs | self.augmentation_logs()

    def both_losses(self, real, fakes, condition=None):
        """Return the losses of both players, by name, and the logs."""
        real_logits, fake_logits, penalty = self.discriminate_with_penalties(
            real, fakes, condition
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        g_penalty = self.generator_penalty(real, condition)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        losses = {"discriminator": d_loss + penalty, "generator": g_loss + g_penalty}
        return losses, logs | self.generator_logs(g_loss, g_penalty)
