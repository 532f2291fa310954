"""Coupled GANs: a joint distribution of two domains, learned without pairs."""

import keras
import numpy as np
from keras import ops

from keras_gan import datasets
from keras_gan.models.gan import GAN
from keras_gan.validation import coupled


@keras.saving.register_keras_serializable(package="keras_gan")
class CoGAN(GAN):
    """Two GANs with shared layers, whose images of one latent belong together.

    Generators G_a and G_b turn one latent into an image of each domain. They share
    their first layers, which decide what is shown; only the last differ. D_a and D_b
    tell images of their own domain from generated ones, and share their last layers:

        L_D = 1/2 sum of the loss's of D_a and of D_b, L_G likewise.

    No pair of images that belong together is needed. Without shared layers nothing
    would tie the two images of a latent.

    A pair is one image of twice the width, side by side: both generators are one
    `keras.Model`, and both discriminators another. So a shared layer is one layer, for
    the optimizer and in files. `keras_gan.architectures.cogan` makes such networks;
    `couple_generators` and `couple_discriminators` make them of your own parts.

    Args:
        generator: `keras.Model` from latents to pairs, `(height, 2 * width, channels)`.
        discriminator: `keras.Model` from pairs to two LOGITS, `(batch, 2)`, each of
            one image. It may have further outputs, for a subclass.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None.

    Raises:
        ValueError: if the networks do not fit each other, or a logit depends on both
            images.

    Example:

    ```python
    networks = keras_gan.architectures.cogan((28, 56, 1), width=8, units=32)
    gan = keras_gan.models.CoGAN(*networks)
    gan.compile()
    gan.fit(images, keras_gan.datasets.edges(images), batch_size=4)
    digits, outlines = gan.generate(16, seed=0)
    ```

    Liu and Tuzel 2016, "Coupled Generative Adversarial Networks", arXiv:1606.07536.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        seed: int | None = None,
        name: str = "cogan",
        condition=None,
    ):
        if condition is not None:
            raise ValueError(f"A CoGAN takes no condition. Received: {condition!r}")
        super().__init__(generator, discriminator, prior, seed=seed, name=name)

    def _check_networks(self, generator, discriminator, prior, condition):
        return coupled.check_networks(generator, discriminator, prior)

    def discriminate(self, images, condition=None):
        """Return D's two logits in training, `(batch, 2)`."""
        return self.discriminator_outputs(images)[0]

    def discriminator_outputs(self, images) -> list:
        """Return all outputs of D in training, the logits first, in float32."""
        images = self.sample_augmentation(images)(images)
        outputs = self.discriminator(images, training=True)
        return [ops.cast(each, "float32") for each in keras.tree.flatten(outputs)]

    def fit(self, x=None, y=None, **kwargs):
        """Train on images of A and of B. Every batch is checked.

        Args:
            x: images of A, an array, channels last, float32 in [-1, 1] or uint8; or a
                dataset of pairs side by side, such as `keras_gan.datasets.coupled`.
            y: images of B, where `x` is an array. They may be more or fewer.
            **kwargs: as for `keras_gan.GAN.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch.

        Raises:
            ValueError: on images that the networks cannot learn from.
        """
        if y is not None:
            coupled.check_pair(x, y, self.image_shape)
            seed = self.seed if isinstance(self.seed, int) else 0
            batch_size = kwargs.pop("batch_size", None) or 64
            x = datasets.coupled(x, y, batch_size=batch_size, seed=seed)
        return super().fit(x, **kwargs)

    def generate(self, *args, **kwargs) -> tuple[np.ndarray, np.ndarray]:
        """Generate pairs of images; see `keras_gan.Sampler.generate` for the arguments.

        Returns:
            `(images_a, images_b)`, float32 arrays; row by row they belong together.
            `gan.sampler.generate` returns them side by side.
        """
        return self.split(self.sampler.generate(*args, **kwargs))

    def synthesize(self, *args, **kwargs) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs of given latents, as `generate` does."""
        return self.split(self.sampler.synthesize(*args, **kwargs))

    @staticmethod
    def split(pairs) -> tuple:
        """Return the first and the second images of pairs side by side."""
        half = pairs.shape[2] // 2
        return pairs[:, :, :half], pairs[:, :, half:]

    def sampler_for_metrics(self):
        return self.sampler
