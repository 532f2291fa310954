"""A moving average of the generator's weights, which is sampled from."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.optimizers.batch_statistics import recompute_batch_statistics
from keras_gan.optimizers.ema import EMA, check_ema
from keras_gan.validation import networks

# How many images the batch statistics of a moving average are computed of at a time.
STATISTICS_BATCH = 128


class GeneratorAverage:
    """A part of a model with a generator: keeps `keras_gan.EMA` of its weights.

    It stands before `LatentVariableModel`. The class of both calls `set_ema` in its
    `compile`. From then on the average follows the generator after each step, is what
    `generate`, `export` and the metrics use, and is kept in files and checkpoints.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ema = self.ema_generator = None

    def set_ema(self, ema) -> None:
        """Keep a moving average of the generator from now on, or drop the one there is.

        Args:
            ema: `keras_gan.EMA`, or None.

        Raises:
            ValueError: on something else, and where its statistics cannot be computed.
        """
        self._check_recomputes(check_ema(ema))
        self.ema = ema
        self._set_ema_generator(ema is not None)

    def _check_recomputes(self, ema):
        if not getattr(ema, "recompute_images", 0):
            return
        has_default = self.condition is None or self.condition.default(1) is not None
        if not has_default or backend.num_devices(self) > 1:
            raise ValueError(
                "`EMA(recompute_images=...)` generates images on one device, without a "
                f"condition or for class labels. Received: {self.condition!r}, on "
                f"{backend.num_devices(self)} devices. Leave it out."
            )

    def _set_ema_generator(self, is_kept):
        if not is_kept:
            self.ema_generator = None
        elif self.ema_generator is None:
            latents = networks.symbolic_inputs((self.prior.latent_dim,), self.condition)
            self.ema_generator = (self.ema or EMA()).clone(self.generator, latents)

    def after_step(self, data, is_finite):
        """Update the moving average, by as many images as the step has learned from."""
        super().after_step(data, is_finite)
        if self.ema is not None:
            num_images = self.images_learned(ops.shape(keras.tree.flatten(data)[0])[0])
            num_images = ops.where(is_finite, num_images, 0)
            steps_before = self.generator_iterations - 1
            self.ema.update(
                self.ema_generator, self.generator, num_images, steps_before
            )

    def images_learned(self, batch_size):
        """Return of how many images of a batch a step learns."""
        return batch_size

    def recompute_statistics(self) -> None:
        """Compute the batch statistics of the moving average anew, where `ema` says so.

        `fit` does so at the end of every epoch, and evaluation before it begins. See
        `recompute_images` of `keras_gan.EMA`.
        """
        num_images = getattr(self.ema, "recompute_images", 0)
        if self.ema_generator is None or not num_images:
            return
        backend.sync_state(self)
        num_images = -(-num_images // STATISTICS_BATCH) * STATISTICS_BATCH
        latents = self.prior.sample(num_images, seed=0)
        given = None
        if self.condition is not None:
            given = ops.convert_to_tensor(self.condition.default(num_images))
        places = range(0, num_images, STATISTICS_BATCH)
        parts = [slice(i, i + STATISTICS_BATCH) for i in places]
        recompute_batch_statistics(
            self.ema_generator,
            (latents[i] if given is None else [latents[i], given[i]] for i in parts),
        )

    def leading_callbacks(self):
        """Return callbacks that come before the user's, which may generate images."""
        if not getattr(self.ema, "recompute_images", 0):
            return []

        def recompute(epoch, logs=None):
            self.recompute_statistics()

        return [keras.callbacks.LambdaCallback(on_epoch_end=recompute)]

    def sampler_for_metrics(self):
        self.recompute_statistics()
        return self

    def network_to_sample(self) -> keras.Model:
        """Return the generator to sample from: the moving average if there is one."""
        return self.ema_generator or self.generator

    def _network_groups(self):
        groups = super()._network_groups()
        if self.ema_generator is not None:
            groups["ema_generator"] = self.ema_generator
        return groups

    def prepare_to_load(self, names):
        """Make the moving average that a file holds, so that it is used as it was."""
        parts = {name.split("/")[0] for name in names}
        held = parts & {"ema_generator", "average"}
        has_one = self.ema_generator is not None
        if has_one and parts and not held:
            raise ValueError(
                "The file holds no moving average of the generator, and this model has "
                "one. Call `compile` without `ema`, load the file, and `compile` again "
                "with `ema`: the average then begins at these weights."
            )
        if has_one or not held:
            return
        if self.compiled:
            raise ValueError(
                "The file holds a moving average of the generator, and this model was "
                "compiled without one. Call `compile(ema=keras_gan.EMA(...))` before "
                "loading; or load into a model that is not compiled, to generate."
            )
        self._set_ema_generator(True)

    def get_config(self):
        return super().get_config() | self.average_config()

    def average_config(self) -> dict:
        """Return what `get_config` says of an average that `compile` does not make."""
        is_kept = self.ema_generator is not None and not self.compiled
        return {"has_ema_generator": True} if is_kept else {}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        has_ema_generator = config.pop("has_ema_generator", False)
        model = super().from_config(config, custom_objects)
        model._set_ema_generator(has_ema_generator)
        return model
