"""pix2pix: translation learned from pairs of images."""

from functools import partial

import keras
import numpy as np

from keras_gan.layers import dropout_at_inference
from keras_gan.models.translation import ImageTranslator
from keras_gan.sampler import Sampler


@keras.saving.register_keras_serializable(package="keras_gan")
class Pix2Pix(ImageTranslator):
    """Translate images, from pairs of an input and its target.

    The generator G translates an input x. The discriminator D sees x and an image, and
    tells whether it is the target y or the translation G(x). G shall also be near to y,
    by the mean absolute difference, which alone would be blurred:

        L_D = 1/2 (E[-log D(x, y)] + E[-log(1 - D(x, G(x)))]),
        L_G = E[-log D(x, G(x))] + l1_weight |G(x) - y|.

    D moves first, then G, by the same translation. A batch is `(inputs, targets)`. The
    dropout of G is the only noise: `translate(..., dropout=True)` draws from what the
    translation could be; without it, and in exported files, the translation is one.

    Args:
        generator: `keras.Model` from inputs to images, in [-1, 1].
        discriminator: `keras.Model` from `[inputs, images]` to LOGITS,
            `(batch, ..., 1)`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.

    Raises:
        ValueError: if the networks do not fit each other.

    Example:

    ```python
    networks = keras_gan.architectures.pix2pix((28, 28, 1), width=8, depth=2, field=16)
    gan = keras_gan.models.Pix2Pix(*networks)
    gan.compile()
    gan.fit(images, -images, batch_size=4)
    negatives = gan.translate(images)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """

    network_names = ("generator", "discriminator")
    learns_from_pairs = True
    log_names = ("d_loss", "real_score", "fake_score", "g_loss", "l1_loss")

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        seed: int | None = None,
        name: str = "pix2pix",
    ):
        players = {"generator": generator, "discriminator": discriminator}
        super().__init__(players, seed, name)
        shapes = self.shape_a, self.shape_b
        self.check_discriminator("discriminator", discriminator, *shapes)
        self.generator, self.discriminator = generator, discriminator

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        loss="non_saturating",
        l1_weight: float = 100.0,
        **kwargs,
    ):
        """Set how the networks are trained.

        Args:
            generator_optimizer: a Keras optimizer, or its name; by default Adam with
                2e-4 and beta_1 = 0.5. See `keras_gan.optimizers.ConstantThenLinear`.
            discriminator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name.
            l1_weight: float, the weight of the difference from the target.
            **kwargs: those of `keras_gan.AdversarialModel.compile`.

        Raises:
            ValueError: if the weight is negative.
        """
        settings = {"l1_weight": l1_weight}
        self.check_weights(settings)
        optimizers = generator_optimizer, discriminator_optimizer
        super().compile(*optimizers, loss, settings, **kwargs)

    def adversarial_step(self, data):
        """Run one update of the discriminator, then one of the generator."""
        inputs, targets = self.unpack(data)
        translate = partial(self.run_network, self.generator)
        fakes = self.forward_pass("generator", translate, inputs)
        batch = inputs, targets, fakes
        logs = self.minimize("discriminator", self.discriminator_loss, *batch)
        return logs | self.minimize("generator", self.generator_loss, *batch)

    def discriminator_loss(self, inputs, targets, fakes):
        """Return L_D: tell targets from translations, beside the inputs."""
        images = (inputs, targets), (inputs, fakes)
        return self.discriminator_loss_of(self.discriminator, *images)

    def generator_loss(self, inputs, targets, fakes):
        """Return L_G: be taken for a target, and be near to it."""
        images = (inputs, targets), (inputs, fakes)
        g_loss = self.generator_loss_of(self.discriminator, *images)
        l1_loss = self.l1(fakes, targets)
        loss = g_loss + self.l1_weight * l1_loss
        return loss, {"g_loss": g_loss, "l1_loss": l1_loss}

    def translate(
        self,
        images,
        direction: str = "a_to_b",
        batch_size: int = 16,
        dropout: bool = False,
        seed: int = 0,
    ) -> np.ndarray:
        """Translate images; see `keras_gan.Sampler.translate`.

        Args:
            images: array `(num_images, height, width, channels)`, or one image;
                float32 in [-1, 1], or uint8.
            direction: str, `"a_to_b"`.
            batch_size: int, how many to compute at a time.
            dropout: bool, whether dropout draws noise, as in training.
            seed: int, of this noise.

        Returns:
            A float32 array, in [-1, 1], of as many images; a single one for one.

        Raises:
            ValueError: on another direction, on images that the network does not take,
                and on dropout where the network has none.
        """
        translator = self.translator(direction)
        if dropout:
            noisy = dropout_at_inference(translator.network)
            translator = Sampler(noisy, condition=translator.condition)
        return translator.translate(images, batch_size, seed)
