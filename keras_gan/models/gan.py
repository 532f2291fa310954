"""The game of noise against data: Algorithm 1 of Goodfellow et al. 2014."""

import keras
from keras import ops

from keras_gan import backend, losses
from keras_gan.augment import check_augmentation
from keras_gan.models.duel import Duel
from keras_gan.models.minibatches import accumulate, split, unpack
from keras_gan.optimizers import adversarial as optimizers
from keras_gan.penalties import check_penalties
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class GAN(Duel):
    """A generator that learns to fool a discriminator that learns from data.

    The generator G turns latents z, drawn from a prior, into data. The
    discriminator D sees real and generated data and tells them apart. `fit`
    moves both in turn. If it goes well, the generated data come to follow the
    distribution of the real, and D(x), shown as `real_score` and `fake_score`,
    goes to 1/2.

    Conditional networks take a class too: G works on `[latents, labels]`, D on
    `[images, labels]`, and the dataset yields `(images, labels)`. In training, the
    fakes are made for the labels of the batch.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)` to data.
        discriminator: `keras.Model` from data to LOGITS, `(batch, 1)`.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int, where the networks are conditional.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.

    Raises:
        ValueError: if the networks do not fit each other or the prior.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1))
    gan = keras_gan.GAN(generator, discriminator)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        loss="non_saturating",
    )
    gan.fit(keras_gan.datasets.fashion_mnist(batch_size=128), epochs=10)
    images = gan.generate(16, seed=0)
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661;
    Mirza and Osindero 2014, "Conditional Generative Adversarial Nets",
    arXiv:1411.1784.
    """

    further_reports = ()  # what a subclass's steps tell beyond this

    def compile(
        self,
        discriminator_optimizer=None,
        generator_optimizer=None,
        loss="non_saturating",
        penalties=(),
        discriminator_steps=1,
        share_fakes=False,
        gradient_accumulation_steps=1,
        augment=None,
        ema=None,
        metrics=(),
        **kwargs,
    ):
        """State the game.

        Args:
            discriminator_optimizer: a Keras optimizer, or its name; by default
                Adam with DCGAN's settings, 2e-4 and beta_1 = 0.5.
            generator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name, such as `"hinge"`.
            penalties: list from `keras_gan.penalties`.
            discriminator_steps: int, Goodfellow's k. Each batch is split into k
                minibatches, one for each step of D, and one step of G follows.
            share_fakes: whether G's step reuses the fakes of D's last step. By
                default it draws fresh noise, as in Algorithm 1; reusing them
                saves a forward pass of G (and is what most published code
                does).
            gradient_accumulation_steps: int. Each minibatch is split into as many
                parts, whose gradients are averaged, for large batches on small
                devices.
            augment: from `keras_gan.augment`, for little data: what D sees, real or
                generated, it sees through this.
            ema: `keras_gan.EMA`, to keep a moving-average generator, which
                `generate` and `export` then use.
            metrics: list from `keras_gan.metrics`, for `evaluate` and for
                `fit(validation_data=...)`.
            **kwargs: `num_metric_images`, how many images the metrics look at
                (10,000); `nonfinite`, what to do about a NaN, `"raise"` or
                `"skip"`; `run_eagerly`, `steps_per_execution` and `jit_compile`,
                as for any Keras model.

        Raises:
            ValueError: on an unknown loss, a k below 1, one optimizer for both
                players, or a metric that is none of ours.
        """
        self.game = losses.get(loss)
        self.penalties = check_penalties(penalties)
        self.discriminator_steps = arguments.integer(
            "discriminator_steps", discriminator_steps
        )
        self.gradient_accumulation_steps = arguments.integer(
            "gradient_accumulation_steps", gradient_accumulation_steps
        )
        self.share_fakes = share_fakes
        self.augment = augment if augment is None else check_augmentation(augment)
        self.run_settings = dict(kwargs)
        reports = ["d_loss", "g_loss", "real_score", "fake_score"]
        reports += ["penalty"] * bool(self.penalties) + list(self.augmentation_report())
        reports += self.further_reports
        super().compile(
            {
                "discriminator": discriminator_optimizer or optimizers.dcgan_adam(),
                "generator": generator_optimizer or optimizers.dcgan_adam(),
            },
            reports=reports,
            ema=ema,
            metrics=metrics,
            **kwargs,
        )

    def adversarial_step(self, data):
        """k steps of the discriminator, then one of the generator (Algorithm 1)."""
        images, labels = unpack(data, self.num_classes)
        reports = []
        for real, classes in split((images, labels), self.discriminator_steps):
            parts = self.deal(real, classes)
            report, forged = self.train_discriminator(parts)
            reports.append(report)
        if not self.share_fakes:
            parts, forged = self.deal(real, classes), None
        reports = self.train_generator(parts, forged) | _means(reports)
        return reports | self.augmentation_report()

    def train_discriminator(self, parts):
        """One step of the police: tell real from fake a little better."""
        forged = []

        def take(real, labels, latents):
            fakes, pull = self.forge(latents, labels)
            if self.share_fakes:
                forged.append((fakes, pull))
            return self.discriminator_gradients(real, fakes, labels)

        gradients, reports = accumulate(take, parts)
        loss = reports["d_loss"] + reports["penalty"]
        self.optimizer.move("discriminator", gradients, loss)
        for penalty in self.penalties:
            penalty.constrain(self.discriminator, self.discriminator_iterations)
        return reports, forged

    def discriminator_gradients(self, real, fakes, labels=None):
        """Of the game's loss and the penalties, with respect to D's variables."""

        def total_loss():
            real_logits, fake_logits, penalty = self.examine(real, fakes, labels)
            d_loss = self.game.discriminator_loss(real_logits, fake_logits)
            loss = self.optimizer.scale_loss("discriminator", d_loss + penalty)
            return loss, (d_loss, penalty, real_logits, fake_logits)

        variables = self.discriminator.trainable_variables
        (_, outcome), gradients = backend.gradients(total_loss, variables)
        return gradients, self.report(ops.shape(real)[0], *outcome)

    def train_generator(self, parts, forged=None):
        """One step of the counterfeiter: move the fakes where D believes them."""
        forged = iter(forged or ())

        def take(real, labels, latents):
            fakes, pull = next(forged, None) or self.forge(latents, labels)
            return self.generator_gradients(real, fakes, labels, pull)

        gradients, reports = accumulate(take, parts)
        self.optimizer.move("generator", gradients, reports["g_loss"])
        return reports

    def generator_gradients(self, real, fakes, labels, pull):
        """Of the game's loss, through D's input, with respect to G's variables."""
        judge = backend.looking(self.judge)
        views = self.draw_view(real), self.draw_view(fakes)

        def loss_of(fakes):
            fake_logits = judge(fakes, labels, views[1])
            real_logits = None
            if self.game.is_relativistic:
                real_logits = judge(real, labels, views[0])
            g_loss = self.game.generator_loss(fake_logits, real_logits)
            return self.optimizer.scale_loss("generator", g_loss)

        loss, gradient = backend.input_gradient(loss_of, fakes)
        g_loss = self.optimizer.unscale_loss("generator", loss)
        return pull(gradient), {"g_loss": g_loss}

    @property
    def parts_per_batch(self):
        return self.discriminator_steps * self.gradient_accumulation_steps

    def get_compile_config(self):
        if not self.compiled:
            return None
        serialize = keras.saving.serialize_keras_object
        return {
            "discriminator_optimizer": serialize(
                self.optimizer.players["discriminator"]
            ),
            "generator_optimizer": serialize(self.optimizer.players["generator"]),
            "loss": serialize(self.game),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "discriminator_steps": self.discriminator_steps,
            "share_fakes": self.share_fakes,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "augment": None if self.augment is None else serialize(self.augment),
            "ema": None if self.ema is None else serialize(self.ema),
            "metrics": [serialize(m) for m in self.measured_by.metrics],
            **self.run_settings,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))


def _means(reports):
    return {key: sum(r[key] for r in reports) / len(reports) for key in reports[0]}
