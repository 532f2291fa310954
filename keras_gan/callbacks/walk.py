"""Animation of a walk through latent space."""

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from keras_gan._typing import Logs, PathLike
from keras_gan.callbacks import checks
from keras_gan.latents import walk
from keras_gan.paths import expand
from keras_gan.validation import arguments


class LatentWalk(keras.callbacks.Callback):
    """Save an animation of a walk through latent space when training ends.

    Each image of a grid passes a few random latents of its own, along great circles,
    and returns to its first. If the generator has learned the data, and not only some
    examples, the images change smoothly.

    Args:
        path: the file to write: `.gif`, `.webp`, or `.apng`.
        num_images: int, the number of images in the grid.
        num_keys: int, the number of random latents that each image passes.
        num_steps: int, the number of frames from one latent to the next.
        fps: float, frames per second.
        seed: int, the seed of the latents.
        labels: int, or int array `(num_images,)`, for conditional models. By default
            every row has its own class.
        every: int, the number of epochs after which the file is also written, each
            time anew; or None to write it only at the end.

    Raises:
        OSError: before training, if the file's folder cannot be written to.
        ValueError: before training, if the generator makes no images, or if
            the labels do not fit.

    Example:

    ```python
    walk = keras_gan.callbacks.LatentWalk("walk.webp", num_images=9)
    gan.fit(dataset, epochs=20, callbacks=[walk])
    ```

    White 2016, "Sampling Generative Networks", arXiv:1609.04468.
    """

    def __init__(
        self,
        path: PathLike,
        num_images: int = 16,
        num_keys: int = 4,
        num_steps: int = 16,
        fps: float = 16,
        seed: int = 0,
        labels: ArrayLike | None = None,
        every: int | None = None,
    ) -> None:
        from keras_gan import plotting  # imports Matplotlib

        super().__init__()
        plotting.check_suffix(path)
        self.path = expand(path)
        self.num_images = arguments.integer("num_images", num_images)
        self.num_keys = arguments.integer("num_keys", num_keys)
        self.num_steps = arguments.integer("num_steps", num_steps)
        self.fps = fps
        self.seed = arguments.seed(seed)
        self.labels = labels
        self.every = None if every is None else arguments.integer("every", every)
        self.num_columns = int(np.ceil(np.sqrt(self.num_images)))

    def on_train_begin(self, logs: Logs = None) -> None:
        name = type(self).__name__
        checks.check_writable(self.path.parent, name)
        checks.check_has_latents(self.model, name)
        num_classes = getattr(self.model, "num_classes", None)
        self._classes = None
        if self.labels is not None:
            self._classes = checks.check_labels(
                self.labels, self.num_images, num_classes, name
            )
        elif num_classes is not None:
            self._classes = checks.class_rows(
                self.num_images, self.num_columns, num_classes
            )
        self._steps = self._walks()
        self._grid(self._synthesize(self._steps[0]))

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if self.every is not None and (epoch + 1) % self.every == 0:
            self.write()

    def on_train_end(self, logs: Logs = None) -> None:
        self.write()

    def write(self) -> None:
        """Write the animation with the present generator."""
        from keras_gan import plotting

        frames = []
        for latents in self._steps:
            images = self._synthesize(latents)
            if not checks.is_finite(images, type(self).__name__):
                return
            frames.append(self._grid(images))
        with checks.going_on(self.path):
            plotting.animate(frames, self.path, self.fps)

    def _walks(self):
        """Return the walks of all images: `(num_frames, num_images, latent_dim)`."""
        num_latents = self.num_images * self.num_keys
        latents = self.model.prior.sample(num_latents, seed=self.seed)
        keys = ops.convert_to_numpy(latents)
        keys = keys.reshape(self.num_images, self.num_keys, -1)
        method = self.model.prior.interpolation
        return np.stack([walk(k, self.num_steps, method) for k in keys], axis=1)

    def _synthesize(self, latents):
        sampler = getattr(self.model, "sampler", self.model)
        return sampler.synthesize(latents, labels=self._classes)

    def _grid(self, images):
        from keras_gan import plotting

        return plotting.image_grid(plotting.to_uint8(images), self.num_columns)
