"""The generative adversarial network: Algorithm 1 of Goodfellow et al. 2014."""

import keras
from keras import ops

from keras_gan import backend, conditions, losses, penalties
from keras_gan.augment import check_augmentation
from keras_gan.latents import Normal
from keras_gan.models.base import AdversarialModel
from keras_gan.models.checks import refuse_unknown
from keras_gan.models.generator_average import GeneratorAverage
from keras_gan.models.latent_variable import LatentVariableModel
from keras_gan.models.minibatches import ForwardPass, split
from keras_gan.models.penalized_discriminator import PenalizedDiscriminator
from keras_gan.optimizers.adversarial import dcgan_adam
from keras_gan.validation import arguments, networks, sampled
from keras_gan.validation import data as data_checks


@keras.saving.register_keras_serializable(package="keras_gan")
class GAN(
    GeneratorAverage, PenalizedDiscriminator, LatentVariableModel, AdversarialModel
):
    """A generator that learns to fool a discriminator that learns from data.

    The generator G turns latents z, drawn from a prior, into data. The
    discriminator D sees real and generated data and tells them apart. `fit`
    updates both in turn. If it goes well, the generated data come to follow the
    distribution of the real, and D(x), shown as `real_score` and `fake_score`,
    goes to 1/2.

    Conditional networks take a condition too, such as a class label: G works on
    `[latents, labels]`, D on `[images, labels]`, and the dataset yields
    `(images, labels)`. In training, the fakes are made for the labels of the batch.

    A variant of the GAN overrides `discriminator_loss` and `generator_loss`.

    Args:
        generator: `keras.Model` from `(batch, latent_dim)` to data.
        discriminator: `keras.Model` from data to LOGITS, `(batch, 1)`.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int, short for `condition=ClassLabels(num_classes)`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: from `keras_gan.conditions`, where the networks are conditional.

    Raises:
        ValueError: if the networks do not fit each other, the prior or the condition.

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

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        num_classes: int | None = None,
        seed: int | None = None,
        name: str = "gan",
        condition: conditions.Condition | None = None,
    ):
        sampled.check_prior(prior)
        prior = prior or Normal(networks.latent_dim(generator))
        condition = conditions.get(condition, num_classes)
        image_shape = self._check_networks(generator, discriminator, prior, condition)
        players = {"discriminator": discriminator, "generator": generator}
        super().__init__(players, generator, prior, condition, image_shape, seed, name)
        self.discriminator = discriminator

    def _check_networks(self, generator, discriminator, prior, condition):
        """Check that the networks fit, and return the shape of an example."""
        return networks.check_pair(
            generator, discriminator, prior.latent_dim, condition
        )

    # The step, Algorithm 1.

    def adversarial_step(self, data):
        """Run k discriminator updates, then one of the generator (Algorithm 1)."""
        minibatches, steps = split(self.unpack(data), self.minibatches_per_step), []
        for real, condition in minibatches[: self.discriminator_steps]:
            fakes = self.generate_fakes(real, condition)
            logs = self.minimize(
                "discriminator", self.discriminator_loss, real, fakes, condition
            )
            steps.append(logs)
            self.constrain_discriminator()
        real, condition = minibatches[-1]
        if not self.share_fakes:
            fakes = self.generate_fakes(real, condition)
        logs = self.minimize("generator", self.generator_loss, real, fakes, condition)
        return logs | _means(steps) | self.augmentation_logs()

    def discriminator_loss(self, real, fakes, condition=None):
        """Return L_D and the penalties: tell real from generated data.

        Args:
            real: float tensor `(batch, ...)`, real data.
            fakes: float tensor `(batch, ...)`, generated data.
            condition: what the fakes were made for, or None.

        Returns:
            `(loss, logs)`: a float scalar, and a dict of scalars.
        """
        real_logits, fake_logits, penalty = self.discriminate_with_penalties(
            real, fakes, condition
        )
        d_loss = self.loss.discriminator_loss(real_logits, fake_logits)
        self.update_augmentation(real, real_logits, fake_logits)
        logs = self.discriminator_logs(d_loss, penalty, real_logits, fake_logits)
        return d_loss + penalty, logs

    def generator_loss(self, real, fakes, condition=None):
        """Return L_G and the penalties: make data that D believes real.

        Args and returns as for `discriminator_loss`.
        """
        real_logits = None
        if self.loss.is_relativistic:
            real_logits = self.discriminate(real, condition)
        fake_logits = self.discriminate(fakes, condition)
        g_loss = self.loss.generator_loss(fake_logits, real_logits)
        penalty = self.generator_penalty(real, condition)
        return g_loss + penalty, self.generator_logs(g_loss, penalty)

    # What the losses are made of.

    def generate_fakes(self, real, condition=None) -> ForwardPass:
        """Return generated data for training, as many as there are real.

        Several calls of `minimize` may use them; see `ForwardPass`.
        """
        latents = self.sample_latents(ops.shape(real)[0])
        return self.forward_pass("generator", self._generate, latents, condition)

    def _generate(self, latents, condition=None):
        fakes = self.network("generator")(_with(condition, latents), training=True)
        return ops.cast(fakes, "float32")

    def discriminate(self, images, condition=None):
        """Return D's logits in training, of images seen through the augmentation.

        Of a network with several outputs a list of them, in float32 too.
        """
        images = self.sample_augmentation(images)(images)
        network = self.network("discriminator")
        outputs = network(_with(condition, images), training=True)
        return keras.tree.map_structure(lambda x: ops.cast(x, "float32"), outputs)

    def network(self, player: str) -> keras.Model:
        """Return the network that a player trains now, for models that grow.

        Args:
            player: `"generator"` or `"discriminator"`.
        """
        return getattr(self, player)

    def generator_penalty(self, real, condition=None):
        """Return the sum of the generator's penalties, on latents of their own."""
        generate, sample = self._penalized_generator(real, condition)
        total = ops.zeros(())
        for penalty in self.generator_penalties:
            total += penalty(
                generate, sample, self.generator_iterations, self.seed_generator
            )
        return total

    def _penalized_generator(self, real, condition):
        """Return functions from latents to data, and from nothing to latents.

        The latents are w for a generator that has them.
        """

        def sample():
            return self.prior.sample(ops.shape(real)[0], seed=self.seed_generator)

        def generate(latents):
            num_rows = ops.shape(latents)[0]
            given = None if condition is None else condition[:num_rows]
            return self._generate(latents, given)

        def sample_w():
            inputs = _with(condition, sample())
            return self.generator.training_w(inputs, update_mean=False)

        def synthesize(w):
            return ops.cast(self.generator.synthesis(w, training=True), "float32")

        if networks.has_w(self.generator):
            return synthesize, sample_w
        return generate, sample

    def sample_augmentation(self, images):
        """Draw an augmentation for a batch: a function from images to images."""
        if self.augment is None:
            return lambda images: images
        return self.augment.sample(images, seed=self.seed_generator)

    def update_augmentation(self, real, real_logits, fake_logits) -> None:
        """Let the augmentation adapt to D's logits of augmented data.

        A relativistic loss knows only differences of logits.
        """
        if self.augment is not None:
            margin = real_logits - fake_logits * self.loss.is_relativistic
            num_images = ops.shape(real)[0] * backend.num_replicas()
            self.augment.update(
                backend.all_gather(ops.stop_gradient(margin)), num_images
            )

    # What is logged.

    @property
    def log_names(self) -> tuple[str, ...]:
        """The names of the scalars that a step logs."""
        names = ["d_loss", "g_loss", "real_score", "fake_score"]
        names += ["penalty"] * bool(self.discriminator_penalties)
        names += ["generator_penalty"] * bool(self.generator_penalties)
        return (*names, *self.augmentation_logs())

    def discriminator_logs(self, d_loss, penalty, real_logits, fake_logits) -> dict:
        """Return what is logged of a discriminator update."""
        logs = {
            "d_loss": d_loss,
            "real_score": ops.mean(self.loss.score(real_logits)),
            "fake_score": ops.mean(self.loss.score(fake_logits)),
        }
        return logs | ({"penalty": penalty} if self.discriminator_penalties else {})

    def generator_logs(self, g_loss, penalty) -> dict:
        """Return what is logged of a generator update."""
        logs = {"g_loss": g_loss}
        return logs | (
            {"generator_penalty": penalty} if self.generator_penalties else {}
        )

    def augmentation_logs(self) -> dict:
        """Return what is logged of the augmentation."""
        return {} if self.augment is None else self.augment.logs()

    # Training.

    def compile(
        self,
        discriminator_optimizer=None,
        generator_optimizer=None,
        loss="non_saturating",
        discriminator_penalties=(),
        generator_penalties=(),
        discriminator_steps: int = 1,
        share_fakes: bool = False,
        fresh_reals_for_generator: bool = False,
        gradient_accumulation_steps: int = 1,
        augment=None,
        ema=None,
        metrics=(),
        num_metric_images: int = 10_000,
        nonfinite: str = "raise",
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        **unknown,
    ):
        """Set how the networks are trained.

        Args:
            discriminator_optimizer: a Keras optimizer, or its name; by default
                Adam with DCGAN's settings, 2e-4 and beta_1 = 0.5.
            generator_optimizer: likewise.
            loss: from `keras_gan.losses`, or its name, such as `"hinge"`.
            discriminator_penalties: list from `keras_gan.penalties`, such as `R1`.
            generator_penalties: list from `keras_gan.penalties`, such as
                `PathLength`.
            discriminator_steps: int, Goodfellow's k. Each batch is split into k
                minibatches, one for each update of D, and one update of G follows.
            share_fakes: whether G's update reuses the fakes of D's last update. By
                default it draws fresh latents, as in Algorithm 1; reusing them
                saves a forward pass of G (and is what most published code
                does).
            fresh_reals_for_generator: whether G's update has a minibatch of real data
                of its own, for losses that compare fakes with real data, and for the
                conditions of the fakes. Each batch is then split into k + 1. By
                default G's update looks at the last minibatch of D's.
            gradient_accumulation_steps: int. Each minibatch is split into as many
                parts, whose gradients are averaged, for large batches on small
                devices.
            augment: from `keras_gan.augment`, for little data: what D sees, real or
                generated, it sees through this.
            ema: `keras_gan.EMA`, to keep a moving-average generator, which
                `generate` and `export` then use. None drops one that there was.
            metrics: list from `keras_gan.metrics`, for `evaluate` and for
                `fit(validation_data=...)`.
            num_metric_images: int, how many images the metrics look at.
            nonfinite: what to do about a NaN, `"raise"` or `"skip"`; see
                `AdversarialModel.compile`.
            run_eagerly: bool, as for any Keras model.
            steps_per_execution: int, as for any Keras model.
            jit_compile: bool or `"auto"`, as for any Keras model.
            **unknown: refused, with the right name.

        Raises:
            ValueError: on an unknown loss or argument, a k below 1, one optimizer for
                both players, settings that contradict each other, or a metric that is
                none of ours.
        """
        refuse_unknown(self, self.compile, unknown)
        checked = {
            "discriminator_penalties": penalties.check_penalties(
                "discriminator_penalties", discriminator_penalties, penalties.Penalty
            ),
            "generator_penalties": penalties.check_penalties(
                "generator_penalties", generator_penalties, penalties.GeneratorPenalty
            ),
            "discriminator_steps": arguments.integer(
                "discriminator_steps", discriminator_steps
            ),
            "share_fakes": share_fakes,
            "fresh_reals_for_generator": bool(fresh_reals_for_generator),
            "augment": None if augment is None else check_augmentation(augment),
            "loss": losses.get(loss),
        }
        if share_fakes and fresh_reals_for_generator:
            raise ValueError(
                "`share_fakes` reuses the fakes of D's last minibatch, and "
                "`fresh_reals_for_generator` gives G's update another minibatch. Pass "
                "one of them."
            )
        self.set_ema(ema)
        for name, value in checked.items():
            setattr(self, name, value)
        super().compile(
            {
                "discriminator": discriminator_optimizer or dcgan_adam(),
                "generator": generator_optimizer or dcgan_adam(),
            },
            gradient_accumulation_steps=gradient_accumulation_steps,
            nonfinite=nonfinite,
            metrics=metrics,
            num_metric_images=num_metric_images,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
        )
        if augment is not None:
            augment.updates_per_step = self.gradient_accumulation_steps

    def fit(self, x=None, y=None, **kwargs):
        """Train on real data. Every batch is checked, the first before any step.

        Args:
            x: images, channels last, float32 in [-1, 1] or uint8: an array, a list of
                images or a `DataFrame`; or a dataset (`keras_gan.datasets`,
                `tf.data.Dataset`, `PyDataset`, torch `DataLoader`, generator) that
                yields batches of images or of `(images, conditions)`.
            y: array or list `(num_images, ...)`, the labels or other conditions, where
                `x` is an array.
            **kwargs: `epochs`, `batch_size` (for arrays), `callbacks`,
                `validation_data`, ..., as for `keras.Model.fit`.

        Returns:
            A `keras.callbacks.History` with the means of every epoch: `d_loss`,
            `g_loss`, `real_score`, `fake_score`, and `penalty` where there is
            one.

        Raises:
            ValueError: on data that the networks cannot learn from.
        """
        return super().fit(x, y, **kwargs)

    def _check_batch_size(self, batch_size, last_size):
        super()._check_batch_size(batch_size, last_size)
        num_parts = self.parts_per_batch * backend.num_devices(self)
        packed = self._images_per_logit
        data_checks.check_packs(batch_size, last_size, num_parts, packed)

    @property
    def _images_per_logit(self):
        """The number of examples that share a logit, and must be in one batch."""
        return networks.images_per_logit(
            self.discriminator, self.image_shape, self.condition
        )

    @property
    def minibatches_per_step(self) -> int:
        """Into how many minibatches a batch is split: one for every update of D.

        With `fresh_reals_for_generator` there is a further one, for G.
        """
        return self.discriminator_steps + self.fresh_reals_for_generator

    @property
    def parts_per_batch(self) -> int:
        return self.minibatches_per_step * self.gradient_accumulation_steps

    def images_learned(self, batch_size):
        """Return how many images of a batch D learns from."""
        if not self.fresh_reals_for_generator:
            return batch_size
        return batch_size * self.discriminator_steps // self.minibatches_per_step

    # Saving.

    def _set_ema_generator(self, is_kept):
        super()._set_ema_generator(is_kept)
        if self._is_first_edition:
            self.average = self.ema_generator

    # Whether this model comes from a `.keras` file of the first edition, which stores
    # the moving average under another attribute. It is saved in the same form again.
    _is_first_edition = False

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        config = {
            "generator": serialize(self.generator),
            "discriminator": serialize(self.discriminator),
            "prior": serialize(self.prior),
            "seed": self.seed,
            "name": self.name,
        }
        if self._is_first_edition:
            return config | {"num_classes": self.num_classes}
        condition = None if self.condition is None else serialize(self.condition)
        return config | {"condition": condition} | self.average_config()

    @classmethod
    def from_config(cls, config, custom_objects=None):
        gan = super().from_config(config, custom_objects)
        gan._is_first_edition = "condition" not in config
        gan._set_ema_generator(gan.ema_generator is not None)
        return gan

    def get_compile_config(self):
        if not self.compiled:
            return None
        serialize = keras.saving.serialize_keras_object
        players = self.optimizer.players
        return {
            "discriminator_optimizer": serialize(players["discriminator"]),
            "generator_optimizer": serialize(players["generator"]),
            "loss": serialize(self.loss),
            "discriminator_penalties": [
                serialize(penalty) for penalty in self.discriminator_penalties
            ],
            "generator_penalties": [
                serialize(penalty) for penalty in self.generator_penalties
            ],
            "discriminator_steps": self.discriminator_steps,
            "share_fakes": self.share_fakes,
            "fresh_reals_for_generator": self.fresh_reals_for_generator,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "augment": None if self.augment is None else serialize(self.augment),
            "ema": None if self.ema is None else serialize(self.ema),
            "metrics": [serialize(metric) for metric in self._eval_metrics.value],
            **self._run_settings,
        }

    def compile_from_config(self, config):
        config = dict(config)
        if "penalties" in config:  # the first edition's name
            config["discriminator_penalties"] = config.pop("penalties")
        super().compile_from_config(config)


def _with(condition, data):
    return data if condition is None else [data, condition]


def _means(logs):
    return {name: sum(each[name] for each in logs) / len(logs) for name in logs[0]}
