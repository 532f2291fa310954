"""A GAN whose discriminator is an auxiliary classifier too."""

import keras
from keras import ops

from keras_gan.models.gan import GAN
from keras_gan.validation import networks


@keras.saving.register_keras_serializable(package="keras_gan")
class ACGAN(GAN):
    """A conditional `GAN` whose discriminator predicts the class instead of taking it.

    From an image alone D says whether it is real, and of which class c it is. Both
    players want the class to be seen: D in real images, G in what it was asked for.

        L_D = the loss's + discriminator_class_weight * E[-log P(c | x)]
        L_G = the loss's + generator_class_weight * E[-log P(c | G(z, c))]

    The paper also trains D on the classes of fakes. Here D learns what a class is
    from real images only, so that the players cannot agree on signs of their own.
    Classes come out clear, and less varied than in the data: an image that could be
    of two classes costs G. See `conditioning="projection"` for another way.

    Args:
        generator: `keras.Model` from `[latents, labels]` to data.
        discriminator: `keras.Model` from data to two outputs, LOGITS both:
            `(batch, 1)` for real, and `(batch, num_classes)` for the class. See
            `conditioning="auxiliary"` of `keras_gan.architectures`.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: `keras_gan.conditions.ClassLabels`, in place of `num_classes`.

    Raises:
        ValueError: if the networks do not fit each other, the prior or the classes.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan(
        (28, 28, 1), num_classes=10, conditioning="auxiliary"
    )
    gan = keras_gan.models.ACGAN(generator, discriminator, num_classes=10)
    gan.compile()
    gan.fit(keras_gan.datasets.fashion_mnist(batch_size=100, labels=True), epochs=10)
    trousers = gan.generate(16, labels=1)
    ```

    Odena et al. 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs",
    arXiv:1610.09585.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        num_classes: int | None = None,
        seed: int | None = None,
        name: str = "acgan",
        condition=None,
    ):
        super().__init__(
            generator, discriminator, prior, num_classes, seed, name, condition
        )

    def _check_networks(self, generator, discriminator, prior, condition):
        if getattr(condition, "num_classes", None) is None:
            raise ValueError(
                "An ACGAN is conditional. Say how many classes there are: "
                "`keras_gan.models.ACGAN(generator, discriminator, num_classes=10)`."
            )
        return networks.check_classifying_pair(
            generator, discriminator, prior.latent_dim, condition
        )

    @property
    def log_names(self):
        return (*super().log_names, "class_loss", "real_accuracy", "fake_accuracy")

    def compile(
        self,
        *args,
        discriminator_class_weight: float = 1.0,
        generator_class_weight: float = 1.0,
        **kwargs,
    ):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            *args: see `GAN.compile`.
            discriminator_class_weight: float, the weight of the class in L_D.
            generator_class_weight: float, that in L_G; lower it where classes come out
                clear but all alike.
            **kwargs: see `GAN.compile`.

        Raises:
            ValueError: if a weight is negative, and as `GAN.compile`.
        """
        for weight in (discriminator_class_weight, generator_class_weight):
            if not weight >= 0:
                raise ValueError(
                    "The weights of the class must not be negative. Received: "
                    f"discriminator_class_weight={discriminator_class_weight}, "
                    f"generator_class_weight={generator_class_weight}"
                )
        super().compile(*args, **kwargs)
        self.discriminator_class_weight = discriminator_class_weight
        self.generator_class_weight = generator_class_weight

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D: the loss of a `GAN`, and the class of real images."""
        (real_logits, classes), (fake_logits, _), penalty = (
            self.discriminate_with_penalties(real, fakes)
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        class_loss = _cross_entropy(condition, classes)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        logs |= {
            "class_loss": class_loss,
            "real_accuracy": _accuracy(condition, classes),
        }
        return d_loss + penalty + self.discriminator_class_weight * class_loss, logs

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G: the loss of a `GAN`, and the class that was asked for."""
        real_logits = None
        if self.loss.is_relativistic:
            real_logits, _ = self.discriminate(real)
        fake_logits, classes = self.discriminate(fakes)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        penalty = self.generator_penalty(real, condition)
        class_loss = _cross_entropy(condition, classes)
        logs = self.generator_logs(g_loss, penalty)
        logs |= {"fake_accuracy": _accuracy(condition, classes)}
        return g_loss + penalty + self.generator_class_weight * class_loss, logs

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {
            **config,
            "discriminator_class_weight": self.discriminator_class_weight,
            "generator_class_weight": self.generator_class_weight,
        }


def _cross_entropy(labels, class_logits):
    """E[-log P(label)], from logits `(batch, num_classes)`."""
    return ops.mean(
        keras.losses.sparse_categorical_crossentropy(
            labels, class_logits, from_logits=True
        )
    )


def _accuracy(labels, class_logits):
    """Return the share of examples whose class is predicted right."""
    predicted = ops.cast(ops.argmax(class_logits, axis=-1), labels.dtype)
    return ops.mean(ops.cast(ops.equal(predicted, labels), "float32"))
