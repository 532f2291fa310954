"""A GAN whose networks grow: first small images, then larger and larger ones."""

from types import SimpleNamespace

import keras
import numpy as np
from keras import ops

from keras_gan.layers import Fade
from keras_gan.models.gan import GAN
from keras_gan.models.growth import Growth, GrowthMonitor, integer
from keras_gan.validation import networks
from keras_gan.validation.levels import check_levels


@keras.saving.register_keras_serializable(package="keras_gan")
class ProgressiveGAN(GAN):
    """A `GAN` that learns small images first, and grows by a level at a time.

    At level 0 both networks work on the smallest images. Each level doubles their
    size. Its new layers are faded in: alpha goes from 0 to 1, the generator makes

        (1 - alpha) * enlarged images of the old level + alpha * images of the new one,

    the discriminator blends the features of both in the same way, and the real images
    lose and regain their detail likewise. At each level the optimizers begin anew, and
    schedules of their learning rates with them. The data have the whole size all the
    time; a step makes them smaller.

    The schedule counts images and is part of the saved state, so that training goes on
    in the middle of a fade as if it had not stopped. `generate`, `export` and `sampler`
    use the size that is reached; `evaluate` enlarges it to that of the data.

    Args:
        generator: `keras.Model` from latents to the images of every level, and then to
            the faded images of every level but the first; see `growing` of
            `keras_gan.architectures.progressive`.
        discriminator: `keras.Model` from the images of every level to their LOGITS,
            `(batch, 1)` each. At every level but the first, both networks have a
            `keras_gan.layers.Fade`.
        prior: from `keras_gan.latents`; by default a standard normal of the size
            that the generator takes.
        num_classes: int, short for `condition=ClassLabels(num_classes)`.
        seed: int, for all random draws of training; None for a fresh one.
        name: str.
        condition: from `keras_gan.conditions`, where the networks are conditional.

    Raises:
        ValueError: if the networks do not fit each other, the prior or the condition,
            or have no levels.

    Example:

    ```python
    networks = keras_gan.architectures.progressive(
        (28, 28, 1), latent_dim=64, width=16, max_width=64, growing=True
    )
    gan = keras_gan.models.ProgressiveGAN(*networks)
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
        keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99),
        loss=keras_gan.losses.Wasserstein(drift=0.001),
        discriminator_penalties=[keras_gan.penalties.GradientPenalty(10.0)],
        fade_images=100_000,
        stable_images=100_000,
        ema=keras_gan.EMA(10_000),
    )
    gan.fit(keras_gan.datasets.fashion_mnist(batch_size=32), epochs=10)
    images = gan.generate(16, seed=0)
    ```

    Karras et al. 2017, "Progressive Growing of GANs for Improved Quality, Stability,
    and Variation", arXiv:1710.10196.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        prior=None,
        num_classes: int | None = None,
        seed: int | None = None,
        name: str = "progressive_gan",
        condition=None,
    ):
        super().__init__(
            generator, discriminator, prior, num_classes, seed, name, condition
        )
        self.growth = Growth(num_levels=len(discriminator.outputs))
        # What the step is traced for; the level that is saved is in `growth`. Keras
        # does not look into a namespace, and the networks of levels share their layers.
        self._traced = SimpleNamespace(level=0, networks={})

    def _check_networks(self, generator, discriminator, prior, condition):
        return check_levels(generator, discriminator, prior.latent_dim, condition)

    @property
    def level(self) -> int:
        """The level that is reached, from 0."""
        return integer(self.growth.level)

    @property
    def level_shapes(self) -> list[tuple[int, int, int]]:
        """The shape of the images of every level."""
        outputs = self.generator.outputs[: self.growth.num_levels]
        return [tuple(images.shape[1:]) for images in outputs]

    def compile(
        self,
        *args,
        fade_images: int = 600_000,
        stable_images: int = 600_000,
        **kwargs,
    ):
        """Set how the networks are trained; see `GAN.compile`.

        Schedules of learning rates, penalties and the moving average begin anew at
        every level.

        Args:
            *args: see `GAN.compile`.
            fade_images: int, over how many real images a level is faded in; 0 for at
                once. The default is the paper's.
            stable_images: int, on how many images each level but the last is trained
                before the next one. With `steps_per_execution`, levels begin with the
                next execution.
            **kwargs: see `GAN.compile`.

        Raises:
            ValueError: if these are not numbers of images, and as `GAN.compile`.
        """
        self.growth.set_schedule(fade_images, stable_images)
        super().compile(*args, **kwargs)

    # Growing.

    def training_callbacks(self):
        """Return the callback that moves `fit` to the next level."""
        return [*super().training_callbacks(), GrowthMonitor()]

    def grow(self) -> None:
        """Move to the level that the schedule asks for, outside of a step.

        `fit` and `train_on_batch` do this. A new level begins with optimizers that
        have forgotten the gradients of the old one.
        """
        due = self.growth.due_level()
        if due > self.level:
            self.growth.level.assign(due)
            for player in self.players:
                self.optimizer.reset(player)
        if self._traced.level != self.level:
            self._traced.level = self.level
            self.retrace()

    def train_on_batch(self, *args, **kwargs):
        if self.compiled:
            self.grow()
        return super().train_on_batch(*args, **kwargs)

    def network(self, player: str) -> keras.Model:
        """Return the network of the level that is trained, with its `Fade`."""
        level, network = self._traced.level, getattr(self, player)
        if player == "discriminator":
            return self._part(network, level, level)
        num_faded = self.growth.num_levels - 1
        return self._part(network, None, level and num_faded + level)

    def whole_generator(self) -> keras.Model:
        """Return the generator of the whole size, as which the model then counts."""
        last = self.growth.num_levels - 1
        self.growth.level.assign(last)
        end = self.growth.start(last) + self.growth.fade_images
        self.growth.images_seen.assign(max(end, integer(self.growth.images_seen)))
        return self._part(self.generator, None, last)

    def network_to_sample(self) -> keras.Model:
        """Return the generator to sample from: of the size that is reached.

        A level that is faded in is faded; one that is grown has no `Fade` any more.
        """
        level, network = self.level, super().network_to_sample()
        if self.growth.is_fading():
            level += self.growth.num_levels - 1
        return self._part(network, None, level)

    def _part(self, network, index_of_images, index_of_output):
        """Return a network from one input, and the label, to one output."""
        key = id(network), index_of_output
        if key not in self._traced.networks:
            inputs = list(network.inputs)
            if index_of_images is not None:
                inputs[: self.growth.num_levels] = [inputs[index_of_images]]
            inputs = inputs[0] if len(inputs) == 1 else inputs
            part = keras.Model(
                inputs, network.outputs[index_of_output], name=network.name
            )
            self._traced.networks[key] = network, part  # which keeps the id its own
        return self._traced.networks[key][1]

    def moved_variables(self, player: str):
        """Return the variables of the level that is trained."""
        return self.network(player).trainable_variables

    def unpack(self, data):
        """Return a batch with images of the level that is trained, faded as fakes."""
        images, condition = super().unpack(data)
        alpha = self.growth.alpha(self._traced.level)
        for _ in range(self.growth.num_levels - 1 - self._traced.level):
            images = halved(images)
        if self._traced.level > 0:
            old = doubled(halved(images))
            images = old + alpha * (images - old)
        return images, condition

    def adversarial_step(self, data):
        """Run a step of a `GAN` at the present level and share of its own image."""
        alpha = self.growth.alpha(self._traced.level)
        for player in self.players:
            for fade in fades(self.network(player)):
                fade.alpha.assign(ops.copy(alpha))  # JAX gives buffers away
        logs = super().adversarial_step(data)
        level = ops.full((), float(self._traced.level))
        return logs | {"level": level, "alpha": alpha}

    def after_step(self, data, is_finite):
        super().after_step(data, is_finite)
        self.growth.count(ops.shape(keras.tree.flatten(data)[0])[0])

    @property
    def log_names(self):
        return (*super().log_names, "level", "alpha")

    @property
    def _images_per_logit(self):
        last = self.growth.num_levels - 1
        network = self._part(self.discriminator, last, last)
        return networks.images_per_logit(network, self.image_shape, self.condition)

    # Metrics, and saving.

    def sampler_for_metrics(self):
        """Return a sampler of the size of the data, which enlarges smaller images."""
        return Enlarged(self)

    def get_compile_config(self):
        config = super().get_compile_config()
        return config and {
            **config,
            "fade_images": self.growth.fade_images,
            "stable_images": self.growth.stable_images,
        }


class Enlarged:
    """Draws from a model that grows, in the size that it will reach.

    Args:
        gan: `ProgressiveGAN`.
    """

    def __init__(self, gan: ProgressiveGAN):
        self.gan = gan
        self.num_classes, self.prior = gan.num_classes, gan.prior

    def generate(self, *args, **kwargs) -> np.ndarray:
        """Return what `gan.generate` does, each pixel repeated to the whole size."""
        return self._enlarge(self.gan.generate(*args, **kwargs))

    def synthesize(self, *args, **kwargs) -> np.ndarray:
        """Return what `gan.synthesize` does, each pixel repeated to the whole size."""
        return self._enlarge(self.gan.synthesize(*args, **kwargs))

    def _enlarge(self, images):
        factor = self.gan.image_shape[0] // images.shape[1]
        return images.repeat(factor, axis=1).repeat(factor, axis=2)


def halved(images):
    """Return images of half the height and width: means of 2 x 2 pixels."""
    _, height, width, channels = images.shape
    x = ops.reshape(images, (-1, height // 2, 2, width // 2, 2, channels))
    return ops.mean(x, axis=(2, 4))


def doubled(images):
    """Return images of twice the height and width, by repeated pixels."""
    return ops.repeat(ops.repeat(images, 2, axis=1), 2, axis=2)


def fades(network):
    """Return the `Fade` layers of a network: one above level 0."""
    return [layer for layer in network.layers if isinstance(layer, Fade)]
