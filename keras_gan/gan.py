"""The game of noise against data: Algorithm 1 of Goodfellow et al. 2014."""

import keras
from keras import ops

from keras_gan import backend, inputs, losses, networks
from keras_gan.generative import GenerativeModel
from keras_gan.penalties import check_penalties
from keras_gan.priors import Normal


@keras.saving.register_keras_serializable(package="keras_gan")
class GAN(GenerativeModel):
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
        prior: from `keras_gan.priors`; by default a standard normal of the size
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
        self.image_shape = networks.check_pair(
            generator, discriminator, prior.latent_dim, num_classes
        )
        self.built = True

    def compile(
        self,
        discriminator_optimizer=None,
        generator_optimizer=None,
        loss="non_saturating",
        penalties=(),
        discriminator_steps=1,
        share_fakes=False,
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
            ema: `keras_gan.EMA`, to keep a moving-average generator, which
                `generate` and `export` then use.
            metrics: list from `keras_gan.metrics`, for `evaluate` and for
                `fit(validation_data=...)`.
            **kwargs: `num_metric_images`, how many images the metrics look at
                (10,000); `run_eagerly`, `steps_per_execution` and
                `jit_compile`, as for any Keras model.

        Raises:
            ValueError: on an unknown loss, a k below 1, one optimizer for both
                players, or a metric that is none of ours.
        """
        if int(discriminator_steps) != discriminator_steps or discriminator_steps < 1:
            raise ValueError(
                "`discriminator_steps` must be an integer of at least 1. Received: "
                f"{discriminator_steps!r}"
            )
        self.game = losses.get(loss)
        self.penalties = check_penalties(penalties)
        self.discriminator_steps = int(discriminator_steps)
        self.share_fakes = share_fakes
        self.run_settings = dict(kwargs)
        reports = ["d_loss", "g_loss", "real_score", "fake_score"]
        super().compile(
            {
                "discriminator": discriminator_optimizer or _dcgan_adam(),
                "generator": generator_optimizer or _dcgan_adam(),
            },
            reports=reports + ["penalty"] * bool(self.penalties),
            ema=ema,
            metrics=metrics,
            **kwargs,
        )

    def adversarial_step(self, data):
        """k steps of the discriminator, then one of the generator (Algorithm 1)."""
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        images = ops.cast(images, "float32")
        reports = []
        for real, classes in self._minibatches(images, labels):
            fakes, generator_pullback = self.forge(ops.shape(real)[0], classes)
            reports.append(self.train_discriminator(real, fakes, classes))
        if not self.share_fakes:
            fakes, generator_pullback = self.forge(ops.shape(real)[0], classes)
        g_loss = self.train_generator(real, fakes, classes, generator_pullback)
        if self.ema is not None:
            self.ema.update(self.average, self.generator, ops.shape(images)[0])
        return {"g_loss": g_loss, **_means(reports)}

    def forge(self, num_images, labels=None):
        """Generate a minibatch of fakes for training.

        Returns:
            `fakes, pull`. `pull(d_loss/d_fakes)` gives the gradients with
            respect to the generator's variables.
        """
        latents = self.prior.sample(num_images, seed=self.seed_generator)

        def generate():
            fakes = self.generator(_with(labels, latents), training=True)
            return ops.cast(fakes, "float32")

        return backend.pullback(generate, self.generator.trainable_variables)

    def judge(self, images, labels=None):
        """The discriminator's logits, in training."""
        logits = self.discriminator(_with(labels, images), training=True)
        return ops.cast(logits, "float32")

    def train_discriminator(self, real, fakes, labels=None):
        """One step of the police: tell real from fake a little better."""
        optimizer = self.optimizer.players["discriminator"]
        variables = self.discriminator.trainable_variables

        def judge(images):
            return self.judge(images, labels)

        def total_loss():
            real_logits, fake_logits = judge(real), judge(fakes)
            d_loss = self.game.discriminator_loss(real_logits, fake_logits)
            penalty = sum(
                penalty(judge, real, fakes, optimizer.iterations, self.seed_generator)
                for penalty in self.penalties
            )
            return d_loss + penalty, {
                "d_loss": d_loss,
                "penalty": penalty,
                "real_score": ops.mean(self.game.score(real_logits)),
                "fake_score": ops.mean(self.game.score(fake_logits)),
            }

        (_, reports), gradients = backend.gradients(total_loss, variables)
        optimizer.apply(gradients, variables)
        for penalty in self.penalties:
            penalty.constrain(self.discriminator, optimizer.iterations)
        return reports

    def train_generator(self, real, fakes, labels, generator_pullback):
        """One step of the counterfeiter: move the fakes where D believes them."""

        def loss_of(fakes):
            fake_logits = self.judge(fakes, labels)
            real_logits = (
                self.judge(real, labels) if self.game.is_relativistic else None
            )
            return self.game.generator_loss(fake_logits, real_logits)

        g_loss, gradient = backend.input_gradient(loss_of, fakes)
        self.optimizer.players["generator"].apply(
            generator_pullback(gradient), self.generator.trainable_variables
        )
        return g_loss

    def _minibatches(self, images, labels):
        """Split a batch into k parts, equal where k divides it."""
        num_images, k = ops.shape(images)[0], self.discriminator_steps
        for i in range(k):
            part = slice(i * num_images // k, -(-(i + 1) * num_images // k))
            classes = None
            if self.num_classes:
                classes = ops.reshape(labels[part], (-1,))
            yield images[part], classes

    def fit(self, x=None, y=None, **kwargs):
        """Train on real data, after a look at one batch of it.

        Args:
            x: images, float32 in [-1, 1] and channels last: an array, or a
                dataset (`keras_gan.datasets`, `tf.data.Dataset`, `PyDataset`,
                torch `DataLoader`) that yields batches of images or of
                `(images, labels)`.
            y: int array `(num_images,)`, the labels, where `x` is an array.
            **kwargs: `epochs`, `batch_size` (for arrays), `callbacks`,
                `validation_data`, ..., as for `keras.Model.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch: `d_loss`,
            `g_loss`, `real_score`, `fake_score`, and `penalty` where there is
            one.

        Raises:
            ValueError: on data that the networks cannot learn from.
        """
        if self.compiled:
            x = self._check_data(x, y, kwargs.get("batch_size"))
        return super().fit(x, y, **kwargs)

    def _check_data(self, data, labels, batch_size):
        is_array = hasattr(data, "shape")
        data, images, labels = inputs.peek(data, labels)
        inputs.check_images(images, self.image_shape)
        if self.num_classes:
            inputs.check_labels(labels, len(images), self.num_classes)
        batch_size = (batch_size or 32) if is_array else len(images)
        inputs.check_split(batch_size, self.discriminator_steps)
        return data

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {**super().get_config(), "discriminator": serialize(self.discriminator)}

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
            "ema": None if self.ema is None else serialize(self.ema),
            "metrics": [serialize(m) for m in self.measured_by.metrics],
            **self.run_settings,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))


def _with(labels, data):
    return data if labels is None else [data, labels]


def _means(reports):
    return {key: sum(r[key] for r in reports) / len(reports) for key in reports[0]}


def _dcgan_adam():
    return keras.optimizers.Adam(2e-4, beta_1=0.5)
