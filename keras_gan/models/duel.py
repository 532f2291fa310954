"""The two players of noise against data: what each of them sees, makes and says."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.latents.priors import Normal
from keras_gan.models.generative import GenerativeModel
from keras_gan.models.minibatches import split
from keras_gan.penalties import examine
from keras_gan.validation import networks


class Duel(GenerativeModel):
    """A generator against a discriminator, before any turns are agreed on.

    Subclasses say in `adversarial_step` who moves when, and set in `compile`:
    `game`, `penalties`, `augment` and `gradient_accumulation_steps`.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)` to data.
        discriminator: `keras.Model` from data to LOGITS, `(batch, 1)`.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int, where the networks are conditional.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
    """

    player_names = ("discriminator", "generator")

    def __init__(
        self,
        generator,
        discriminator,
        prior=None,
        num_classes=None,
        seed=None,
        name="gan",
    ):
        if prior is None:
            prior = Normal(networks.latent_dim(generator))
        super().__init__(generator, prior, num_classes, seed, name)
        self.discriminator = discriminator
        self.image_shape = self.check_networks()
        self.built = True

    def check_networks(self):
        """See that the networks fit, and return the shape of an example."""
        return networks.check_pair(
            self.generator, self.discriminator, self.prior.latent_dim, self.num_classes
        )

    def deal(self, real, labels=None):
        """Draw latents for a minibatch, and part it for gradient accumulation.

        Returns:
            List of `(real, labels, latents)`.
        """

        def sample(num_latents):
            return self.prior.sample(num_latents, seed=self.seed_generator)

        num_parts = self.gradient_accumulation_steps
        num_latents = ops.shape(real)[0]
        latents = backend.draw(sample, num_latents, num_parts, self.seed_generator)
        return split((real, labels, latents), num_parts)

    def forge(self, latents, labels=None):
        """Generate fakes for training.

        Returns:
            `fakes, pull`. `pull(d_loss/d_fakes)` gives the gradients with
            respect to the generator's variables.
        """

        def generate():
            fakes = self.generator(_with(labels, latents), training=True)
            return ops.cast(fakes, "float32")

        return backend.pullback(generate, self.generator.trainable_variables)

    def judge(self, images, labels=None, view=None):
        """The discriminator's logits, in training and through the augmentation.

        `view` is a draw of the augmentation; by default it is drawn now.
        """
        images = (view or self.draw_view(images))(images)
        logits = self.discriminator(_with(labels, images), training=True)
        return ops.cast(logits, "float32")

    def examine(self, real, fakes, labels=None):
        """The logits of real data and fakes, and the penalties."""
        return examine(
            lambda images: self.judge(images, labels),
            real,
            fakes,
            self.penalties,
            self.discriminator_iterations,
            self.seed_generator,
        )

    def images_per_logit(self):
        return networks.images_per_logit(
            self.discriminator, self.image_shape, self.num_classes
        )

    def report(self, num_images, d_loss, penalty, real_logits, fake_logits):
        """What is shown of a discriminator's step; the augmentation sees it too."""
        if self.augment is not None:
            margin = real_logits - fake_logits * self.game.is_relativistic
            num_images = num_images * backend.num_replicas()
            self.augment.update(backend.over_replicas(margin), num_images)
        return {
            "d_loss": d_loss,
            "penalty": penalty,
            "real_score": ops.mean(self.game.score(real_logits)),
            "fake_score": ops.mean(self.game.score(fake_logits)),
        }

    def draw_view(self, images):
        """Draw how D is to see a batch: a function from images to images."""
        if self.augment is None:
            return lambda images: images
        return self.augment.sample(images, seed=self.seed_generator)

    def augmentation_report(self):
        return {} if self.augment is None else self.augment.logs()

    @property
    def discriminator_iterations(self):
        """How many steps the discriminator has taken."""
        return self.optimizer.players["discriminator"].iterations

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {**super().get_config(), "discriminator": serialize(self.discriminator)}


def _with(labels, data):
    return data if labels is None else [data, labels]
