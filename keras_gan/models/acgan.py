"""A discriminator that tells the class, too."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.models.gan import GAN
from keras_gan.validation import networks


@keras.saving.register_keras_serializable(package="keras_gan")
class ACGAN(GAN):
    """A conditional `GAN` whose discriminator names the class instead of being told.

    From an image alone D says whether it is real, and of which class c it is. Both
    players want the class to be seen: D in real images, G in what it was asked for.

        L_D = the game's + discriminator_class_weight * E[-log P(c | x)]
        L_G = the game's + generator_class_weight * E[-log P(c | G(z, c))]

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

    further_reports = ("class_loss", "real_accuracy", "fake_accuracy")

    def __init__(
        self,
        generator,
        discriminator,
        prior=None,
        num_classes=None,
        seed=None,
        name="acgan",
    ):
        if num_classes is None:
            raise ValueError(
                "An ACGAN is conditional. Say how many classes there are: "
                "`keras_gan.models.ACGAN(generator, discriminator, num_classes=10)`."
            )
        super().__init__(generator, discriminator, prior, num_classes, seed, name)

    def check_networks(self):
        return networks.check_classifying_pair(
            self.generator, self.discriminator, self.prior.latent_dim, self.num_classes
        )

    def compile(
        self,
        *args,
        discriminator_class_weight=1.0,
        generator_class_weight=1.0,
        **kwargs,
    ):
        """As `GAN.compile`, with the weights of the class in each player's loss.

        Args:
            *args: see `GAN.compile`.
            discriminator_class_weight: float.
            generator_class_weight: float; lower it where classes come out clear but
                all alike.
            **kwargs: see `GAN.compile`.
        """
        for weight in (discriminator_class_weight, generator_class_weight):
            if not weight >= 0:
                raise ValueError(
                    "The weights of the class must not be negative. Received: "
                    f"discriminator_class_weight={discriminator_class_weight}, "
                    f"generator_class_weight={generator_class_weight}"
                )
        self.discriminator_class_weight = discriminator_class_weight
        self.generator_class_weight = generator_class_weight
        super().compile(*args, **kwargs)

    def judge(self, images, labels=None, view=None):
        """D's logits for real and for the classes, whatever the labels are."""
        images = (view or self.draw_view(images))(images)
        outputs = self.discriminator(images, training=True)
        return [ops.cast(output, "float32") for output in outputs]

    def images_per_logit(self):
        return 1

    def discriminator_gradients(self, real, fakes, labels=None):
        """Of the game's loss, the classes' and the penalties."""

        def total_loss():
            (real_logits, classes), (fake_logits, _), penalty = self.examine(
                real, fakes
            )
            d_loss = self.game.discriminator_loss(real_logits, fake_logits)
            class_loss = _cross_entropy(labels, classes)
            loss = d_loss + penalty + self.discriminator_class_weight * class_loss
            loss = self.optimizer.scale_loss("discriminator", loss)
            outcome = (d_loss, penalty, real_logits, fake_logits)
            return loss, (outcome, class_loss, _accuracy(labels, classes))

        variables = self.discriminator.trainable_variables
        (_, told), gradients = backend.gradients(total_loss, variables)
        outcome, class_loss, accuracy = told
        report = self.report(ops.shape(real)[0], *outcome)
        return gradients, report | {
            "class_loss": class_loss,
            "real_accuracy": accuracy,
        }

    def generator_gradients(self, real, fakes, labels, pull):
        """Of the game's loss and the classes', with respect to G's variables."""
        judge = backend.looking(self.judge)
        views = self.draw_view(real), self.draw_view(fakes)

        def loss_of(fakes):
            fake_logits, classes = judge(fakes, None, views[1])
            real_logits = None
            if self.game.is_relativistic:
                real_logits, _ = judge(real, None, views[0])
            g_loss = self.game.generator_loss(fake_logits, real_logits)
            class_loss = _cross_entropy(labels, classes)
            loss = g_loss + self.generator_class_weight * class_loss
            loss = self.optimizer.scale_loss("generator", loss)
            return [loss, g_loss, _accuracy(labels, classes)]

        (_, g_loss, accuracy), gradient = backend.input_gradient(loss_of, fakes)
        return pull(gradient), {"g_loss": g_loss, "fake_accuracy": accuracy}

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
    """The share of examples whose class is told right."""
    told = ops.cast(ops.argmax(class_logits, axis=-1), labels.dtype)
    return ops.mean(ops.cast(ops.equal(told, labels), "float32"))
