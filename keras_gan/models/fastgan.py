"""A GAN whose discriminator draws what it sees."""

import keras
from keras import ops

from keras_gan.layers import quadrants
from keras_gan.models.gan import GAN
from keras_gan.validation import networks
from keras_gan.validation.logits import check_logits


@keras.saving.register_keras_serializable(package="keras_gan")
class FastGAN(GAN):
    """A `GAN` whose discriminator reconstructs the real images that it sees.

    With few pictures a discriminator soon knows them by heart, and teaches no more.
    Here two small decoders on its features have to reconstruct the pictures: whole ones
    at half their size, and a quadrant of each at its full size. So its features
    describe what is in a picture.

        L_D = the loss's + reconstruction_weight * (E[|whole - x|] + E[|quadrant - x|])
        L_G = the loss's

    x is what the discriminator saw, after the augmentation. The paper compares by the
    features of a pretrained network (LPIPS); this takes the mean absolute difference of
    pixels, so that nothing pretrained is needed.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)` to images.
        discriminator: `keras.Model` from images to `[logits, wholes, quadrants]`, as
            `keras_gan.architectures.fastgan_discriminator` makes it.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: must be None: this discriminator takes no labels.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: must be None, likewise.

    Raises:
        ValueError: if the networks do not fit each other or the prior, or there is a
            condition.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.fastgan((32, 32, 3), width=8)
    gan = keras_gan.models.FastGAN(generator, discriminator)
    gan.compile(
        loss="hinge",
        augment=keras_gan.augment.DiffAugment(),
        ema=keras_gan.EMA(half_life=5_000),
    )
    ```

    Liu et al. 2021, "Towards Faster and Stabilized GAN Training for High-fidelity
    Few-shot Image Synthesis", arXiv:2101.04775.
    """

    def _check_networks(self, generator, discriminator, prior, condition):
        if condition is not None:
            raise ValueError(
                f"FastGAN has no place for a condition. Received: {condition!r}. Use "
                "`keras_gan.GAN` with `fastgan_generator(num_classes=...)` and "
                "`projected_discriminator(num_classes=...)`."
            )
        image_shape, outputs = networks.put_together(
            generator, discriminator, prior.latent_dim
        )
        shapes = [tuple(output.shape[1:]) for output in outputs]
        height, width, channels = (*image_shape, 0, 0)[:3]
        half = (height // 2, width // 2, channels)
        if shapes[1:] != [half, half] or shapes[0][-1:] != (1,):
            raise ValueError(
                "A FastGAN's discriminator returns logits (batch, ..., 1) and two "
                f"reconstructions (batch, {', '.join(map(str, half))}). Received "
                f"outputs of the shapes {shapes}. Build it with "
                "`keras_gan.architectures.fastgan_discriminator`, or use "
                "`keras_gan.GAN` for one that returns logits alone."
            )
        if getattr(discriminator, "outputs", None):
            logits = keras.Model(discriminator.input, discriminator.outputs[0])
            check_logits(logits, image_shape)
        return image_shape

    @property
    def log_names(self):
        return (*super().log_names, "reconstruction_loss")

    def compile(self, *args, reconstruction_weight: float = 1.0, **kwargs):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            *args: see `GAN.compile`.
            reconstruction_weight: float, the weight of the reconstruction in L_D.
            **kwargs: see `GAN.compile`.

        Raises:
            ValueError: if the weight is negative, and as `GAN.compile`.
        """
        if not reconstruction_weight >= 0:
            raise ValueError(
                "`reconstruction_weight` must not be negative. Received: "
                f"{reconstruction_weight}"
            )
        super().compile(*args, **kwargs)
        self.reconstruction_weight = reconstruction_weight

    def discriminate(self, images, condition=None):
        """Return D's logits, and how far its reconstructions are off, by example."""
        images = self.sample_augmentation(images)(images)
        logits, *drawn = self.discriminator(images, training=True)
        half = ops.average_pool(images, 2, 2, data_format="channels_last")
        errors = [
            ops.mean(ops.abs(ops.cast(mine, "float32") - seen), axis=(1, 2, 3))
            for mine, seen in zip(drawn, (half, quadrants(images)), strict=True)
        ]
        return [ops.cast(logits, "float32"), sum(errors)]

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D: the loss of a `GAN`, and the reconstruction of real images."""
        (real_logits, errors), (fake_logits, _), penalty = (
            self.discriminate_with_penalties(real, fakes)
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        error = ops.mean(errors)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        logs |= {"reconstruction_loss": error}
        return d_loss + penalty + self.reconstruction_weight * error, logs

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G, that of a `GAN`."""
        real_logits = None
        if self.loss.is_relativistic:
            real_logits, _ = self.discriminate(real)
        fake_logits, _ = self.discriminate(fakes)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        penalty = self.generator_penalty(real)
        return g_loss + penalty, self.generator_logs(g_loss, penalty)

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {
            **config,
            "reconstruction_weight": self.reconstruction_weight,
        }
