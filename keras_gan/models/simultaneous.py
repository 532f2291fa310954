"""Both players move at once."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.models.gan import GAN
from keras_gan.models.minibatches import accumulate, unpack


@keras.saving.register_keras_serializable(package="keras_gan")
class SimultaneousGAN(GAN):
    """A `GAN` whose players take their steps at the same time.

    In Algorithm 1 the discriminator moves first, and the generator answers it. Here
    both look at one position of the game, and then both move: simultaneous instead
    of alternating gradient descent. One pass through G and one through D serve
    both, which makes a step cheaper; the TensorFlow tutorial plays it so. Near a
    solution simultaneous steps are the less stable ones, more so with large
    learning rates and momentum.

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

    def compile(self, *args, discriminator_steps=1, share_fakes=True, **kwargs):
        if discriminator_steps != 1 or not share_fakes:
            raise ValueError(
                "Players that move at once take one step each, and look at the same "
                f"fakes. Received: discriminator_steps={discriminator_steps}, "
                f"share_fakes={share_fakes}. Use `keras_gan.GAN` for other turns."
            )
        super().compile(*args, share_fakes=True, **kwargs)

    def adversarial_step(self, data):
        """One step of both players, from one look at the game."""
        images, labels = unpack(data, self.num_classes)
        gradients, reports = accumulate(
            self.simultaneous_gradients, self.deal(images, labels)
        )
        loss = reports["d_loss"] + reports["penalty"]
        self.optimizer.move("discriminator", gradients["discriminator"], loss)
        self.optimizer.move("generator", gradients["generator"], reports["g_loss"])
        for penalty in self.penalties:
            penalty.constrain(self.discriminator, self.discriminator_iterations)
        return reports | self.augmentation_report()

    def simultaneous_gradients(self, real, labels, latents):
        """The gradients of both players, with one pass through each network."""
        fakes, to_generator = self.forge(latents, labels)

        def look(fakes):
            return list(self.examine(real, fakes, labels))

        judgement, to_discriminator, to_fakes = backend.pullbacks(
            look, self.discriminator.trainable_variables, fakes
        )
        real_logits, fake_logits, penalty = judgement
        logits = ops.stack([real_logits, fake_logits])  # (2, batch, 1)
        d_loss, slope = self._loss("discriminator", logits)
        g_loss, slope_for_g = self._loss("generator", logits)
        one = self.optimizer.scale_loss("discriminator", ops.ones_like(penalty))
        gradients = {
            "discriminator": to_discriminator([slope[0], slope[1], one]),
            "generator": to_generator(to_fakes([None, slope_for_g[1], None])),
        }
        num_images = ops.shape(real)[0]
        reports = self.report(num_images, d_loss, penalty, real_logits, fake_logits)
        return gradients, reports | {"g_loss": g_loss}

    def _loss(self, player, logits):
        """A player's loss, and its gradient with respect to the logits."""

        def loss_of(logits):
            real, fake = logits[0], logits[1]
            if player == "discriminator":
                loss = self.game.discriminator_loss(real, fake)
            else:
                loss = self.game.generator_loss(fake, real)
            return self.optimizer.scale_loss(player, loss)

        loss, gradient = backend.input_gradient(loss_of, logits)
        return self.optimizer.unscale_loss(player, loss), gradient
