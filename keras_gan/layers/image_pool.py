"""A pool of earlier images, by which a discriminator does not forget them."""

import keras
from keras import ops

from keras_gan import backend
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class ImagePool(keras.layers.Layer):
    """Return earlier images in place of half of the new ones.

    A discriminator that sees only the newest fakes forgets how to recognise the earlier
    ones, and the players go round in circles. Until the pool is full, every image is
    kept and returned as it is. From then on each image is, with a probability of 1/2,
    exchanged for one that was kept, drawn at random; otherwise it is returned as it is
    and not kept.

    The images of one batch are exchanged for different ones; of a batch larger than the
    pool, the last ones are returned as they are. An image that is NaN or infinite is
    never kept. The pool is part of the state of a model: it is saved with it.

    Args:
        size: int, how many images to keep; 0 to return all as they are.
        **kwargs: those of `keras.layers.Layer`.

    Call arguments:
        inputs: float tensor `(batch, height, width, channels)`.
        seed: `keras.random.SeedGenerator` to draw with, such as the `seed_generator`
            of a model, which is saved with it; or an int.

    Example:

    ```python
    pool = keras_gan.layers.ImagePool(50)
    pool(images, seed=keras.random.SeedGenerator(0)).shape  # (16, 28, 28, 1)
    ```

    Shrivastava et al. 2017, "Learning from Simulated and Unsupervised Images through
    Adversarial Training", arXiv:1612.07828; with 50 images in Zhu et al. 2017,
    arXiv:1703.10593.
    """

    def __init__(self, size: int = 50, **kwargs):
        super().__init__(**kwargs)
        self.size = arguments.integer("size", size, at_least=0)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if self.size == 0:
            return
        if len(input_shape) != 4 or None in input_shape[1:]:
            raise ValueError(
                "An ImagePool keeps images (batch, height, width, channels) of a known "
                f"size. Received: shape {tuple(input_shape)}"
            )
        self.images = self.add_weight(
            name="images",
            shape=(self.size, *input_shape[1:]),
            initializer="zeros",
            trainable=False,
            autocast=False,
        )
        self.is_filled = self.add_weight(
            name="is_filled",
            shape=(self.size,),
            dtype="int32",
            initializer="zeros",
            trainable=False,
        )

    def call(
        self,
        inputs: keras.KerasTensor,
        seed: keras.random.SeedGenerator | int | None = None,
    ) -> keras.KerasTensor:
        if self.size == 0:
            return inputs
        if not isinstance(seed, keras.random.SeedGenerator):
            seed = keras.random.SeedGenerator(seed)

        def exchange(num_images):
            images = backend.all_gather(inputs)  # which forgets the shape
            images = ops.reshape(images, (num_images, *inputs.shape[1:]))
            return self._exchange(images, seed)

        # All replicas exchange the whole batch alike, and each returns its rows.
        return backend.sample_global(exchange, ops.shape(inputs)[0], 1, seed)

    def _exchange(self, images, seed):
        num_images = ops.shape(images)[0]
        # JAX knows the size in a compiled step, as long as it is not made a tensor.
        smaller = min if isinstance(num_images, int) else ops.minimum
        number = smaller(num_images, self.size)
        new, rest = images[:number], images[number:]

        places = self._places(seed)[:number]  # each image gets a place of its own
        old = ops.take(self.images.value, places, axis=0)
        was_filled = ops.take(self.is_filled.value, places) > 0
        draws = keras.random.uniform((self.size,), seed=seed)
        is_exchanged = ops.logical_and(was_filled, draws[:number] < 0.5)

        is_finite = ops.all(ops.isfinite(new), axis=(1, 2, 3))
        is_kept = ops.logical_or(is_exchanged, ops.logical_not(was_filled))
        is_kept = ops.logical_and(is_kept, is_finite)
        kept = ops.cast(ops.stop_gradient(new), old.dtype)
        kept = ops.where(_column(is_kept), kept, old)
        self._put(self.images, places, kept)
        self._put(self.is_filled, places, ops.logical_or(was_filled, is_kept))
        returned = ops.where(_column(is_exchanged), ops.cast(old, new.dtype), new)
        return ops.concatenate([returned, rest], axis=0)

    def _places(self, seed):
        """Return the empty places in their order, then the others at random."""
        keys = keras.random.uniform((self.size,), seed=seed)
        before = ops.arange(-self.size, 0, dtype="float32")
        return ops.argsort(ops.where(self.is_filled.value > 0, keys, before))

    def _put(self, variable, places, rows):
        rows = ops.cast(rows, variable.dtype)
        places = ops.expand_dims(places, -1)
        variable.assign(ops.scatter_update(variable.value, places, rows))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict:
        return {**super().get_config(), "size": self.size}


def _column(flags):
    """One flag for each image, as it is broadcast over its pixels."""
    return ops.reshape(flags, (-1, 1, 1, 1))
