"""A GAN whose discriminator learns to classify from few labels."""

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.models.gan import GAN
from keras_gan.models.minibatches import unpack
from keras_gan.validation import partial_labels
from keras_gan.validation.coded import checked_images


@keras.saving.register_keras_serializable(package="keras_gan")
class SemiSupervisedGAN(GAN):
    """A `GAN` whose discriminator is a classifier that few labels suffice to train.

    D has a logit l_k for each of K classes; what is generated belongs to none of them.
    That an image is real has the logit log sum_k exp l_k, so that images without a
    label train D too. G matches the mean of D's features f:

        L_D = the loss's, of that logit + class_weight * E[-log softmax(l)_label]
        L_G = feature_weight * ||E[f(x)] - E[f(G(z))]||^2 + loss_weight * the loss's

    Labels are -1 where the class is not known.

    Args:
        generator: `keras.Model` from latents to data.
        discriminator: `keras.Model` from data to `[class_logits, features]`; see
            `keras_gan.architectures.semi_supervised_discriminator`.
        prior: from `keras_gan.latents`; by default a standard normal.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: None.

    Raises:
        ValueError: if the networks do not fit each other or the prior.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    discriminator = keras_gan.architectures.semi_supervised_discriminator(
        discriminator, num_classes=10
    )
    gan = keras_gan.models.SemiSupervisedGAN(generator, discriminator)
    gan.compile()
    data = keras_gan.datasets.fashion_mnist(labels=True)
    few = keras_gan.datasets.hide_labels(data.labels, per_class=2)
    gan.fit(keras_gan.datasets.PartlyLabelled(data.images, few))
    gan.classify(data.images[:16]).argmax(axis=1)
    ```

    Salimans et al. 2016, "Improved Techniques for Training GANs", arXiv:1606.03498.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        seed: int | None = None,
        name: str = "semi_supervised_gan",
        condition=None,
    ):
        partial_labels.refuse_condition(condition)
        super().__init__(generator, discriminator, prior, seed=seed, name=name)

    def _check_networks(self, generator, discriminator, prior, condition):
        shape, self.num_label_classes = partial_labels.check_networks(
            generator, discriminator, prior.latent_dim
        )
        return shape

    @property
    def log_names(self):
        return (*super().log_names, "class_loss", "accuracy")

    def compile(
        self, *args, class_weight=1.0, feature_weight=1.0, loss_weight=0.0, **kwargs
    ):
        """Set how the networks are trained; see `GAN.compile`.

        Args:
            *args: see `GAN.compile`.
            class_weight: float, the weight of the labels in L_D.
            feature_weight: float, the weight of the features in L_G.
            loss_weight: float, the weight of the loss in L_G.
            **kwargs: see `GAN.compile`; no loss that compares pairs.

        Raises:
            ValueError: if a weight is negative, and as `GAN.compile`.
        """
        weights = {"class_weight": class_weight, "feature_weight": feature_weight}
        weights = partial_labels.check_weights(**weights, loss_weight=loss_weight)
        super().compile(*args, **kwargs)
        partial_labels.refuse_pairs(self.loss)
        self.loss_weights = weights

    def unpack(self, data):
        """Return a batch as `(images, labels)`; -1 where the class is not known."""
        return unpack(data)[0], ops.cast(data[1], "int32")

    def _check_examples(self, images, condition, is_later=False):
        super()._check_examples(images, None, is_later)
        partial_labels.check(condition, len(images), self.num_label_classes)

    def _check_all_labels(self, labels):
        partial_labels.check(labels, len(labels), self.num_label_classes)

    def generate_fakes(self, real, condition=None):
        """Return generated data for training, of no class."""
        return super().generate_fakes(real)

    def discriminate(self, images, condition=None):
        """Return D's logit that data are real, its class logits and its features."""
        classes, features = super().discriminate(images)
        return [ops.logsumexp(classes, axis=-1, keepdims=True), classes, features]

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D: the loss of a `GAN`, and the classes of what has a label."""
        (real_logits, classes, _), (fake_logits, *_), penalty = (
            self.discriminate_with_penalties(real, fakes)
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        class_loss, accuracy = partial_labels.class_loss(condition, classes)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        logs |= {"class_loss": class_loss, "accuracy": accuracy}
        return d_loss + penalty + self.loss_weights["class_weight"] * class_loss, logs

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G: the distance of the mean features, and the loss of a `GAN`."""
        (_, _, features), (fake_logits, _, made) = map(self.discriminate, (real, fakes))
        difference = ops.mean(features, axis=0) - ops.mean(made, axis=0)
        distance = ops.sum(ops.square(difference))
        g_loss = self.loss_weights["feature_weight"] * distance
        loss = self.loss.generator_loss(fake_logits, None)
        g_loss += self.loss_weights["loss_weight"] * loss
        penalty = self.generator_penalty(real)
        return g_loss + penalty, self.generator_logs(g_loss, penalty)

    def classify(self, images, batch_size: int = 256) -> np.ndarray:
        """Return the probabilities of the classes, `(num_images, num_classes)`.

        Args:
            images: array `(num_images, ...)`, float in [-1, 1], or uint8.
            batch_size: int, how many to compute at a time.
        """
        images = checked_images(images, self.image_shape)
        backend.sync_state(self)
        parts = np.split(images, range(batch_size, len(images), batch_size))
        logits = [backend.predict(self.discriminator, x, len(x))[0] for x in parts]
        return ops.convert_to_numpy(ops.softmax(np.concatenate(logits)))

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {**config, **self.loss_weights}
