"""Pictures of samples from fixed latents, after every epoch."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from keras_gan._typing import PathLike, Tensor
from keras_gan.callbacks import checks
from keras_gan.callbacks.pictures import EpochPictures
from keras_gan.validation import arguments


class EpochSamples(EpochPictures):
    """Base class of callbacks that save pictures of samples from fixed latents.

    Subclasses implement `plot`, `default_size` and `default_labels`.

    Args:
        folder: the folder for `epoch_0001.png` and so on. It is created if needed.
        num_samples: int, or None for the number that `default_size` gives.
        seed: int, the seed of the latents.
        labels: int array `(num_samples,)`, for conditional models.
        every: int, the number of epochs between pictures.
        truncation: float, see `GAN.generate`.
        tensorboard: a log folder, to show the pictures in TensorBoard too.
        early_steps: int, or list of int, see `SampleGrid`.
    """

    def __init__(
        self,
        folder: PathLike,
        num_samples: int | None,
        seed: int,
        labels: ArrayLike | None,
        every: int,
        truncation: float | None,
        tensorboard: PathLike | None,
        early_steps: int | Sequence[int] = (),
    ) -> None:
        super().__init__(folder, every, tensorboard, early_steps)
        if num_samples is None and np.ndim(labels) == 1:
            num_samples = len(labels)
        self.num_samples = num_samples
        self.seed = arguments.seed(seed)
        self.labels = labels
        self.truncation = truncation
        self.request = {}

    def default_size(self, num_classes: int | None) -> int:
        """Return the default number of samples."""
        raise NotImplementedError

    def default_labels(self, num_samples: int, num_classes: int) -> np.ndarray:
        """Return the default labels of a conditional model."""
        raise NotImplementedError

    def prepare(self) -> None:
        name = type(self).__name__
        checks.check_has_latents(self.model, name)
        num_classes = getattr(self.model, "num_classes", None)
        num_samples = self.num_samples or self.default_size(num_classes)
        labels = self.labels
        if labels is not None:
            labels = checks.check_labels(labels, num_samples, num_classes, name)
        elif num_classes is not None:
            labels = self.default_labels(num_samples, num_classes)
        self.request = {
            "num_images": num_samples,
            "seed": self.seed,
            "labels": labels,
            "truncation": self.truncation,
        }

    def make(self) -> np.ndarray:
        sampler = getattr(self.model, "sampler", self.model)
        return sampler.generate(**self.request)


class SampleGrid(EpochSamples):
    """Save a grid of images from fixed latents after every epoch.

    The pictures are `folder/epoch_0001.png` and so on. `epoch_0000.png` shows the
    generator before training. Numbers continue if training is resumed, with
    `initial_epoch` or by `BackupAndRestore`. This callback does not change the result
    of training.

    Samples of a GAN for points in the plane are shown in a scatter plot.
    `SampleScatter` also shows the real points.

    Args:
        folder: the folder of the pictures. It is created if needed.
        num_images: int. By default 64, or for a conditional model one row for each of
            the first 16 classes.
        num_columns: int, the number of images in a row.
        seed: int, the seed of the latents.
        labels: int, or int array `(num_images,)`, the class of each image. By
            default every row of a conditional model's grid has its own class.
        every: int, the number of epochs between pictures.
        truncation: float, for more typical images; see `GAN.generate`.
        tensorboard: a log folder, such as that of `keras.callbacks.TensorBoard`,
            to show the pictures in TensorBoard too, as "samples" by epoch.
            Needs the package `tensorboard`, not TensorFlow.
        early_steps: int, or list of int, the steps of the first epoch after which to
            save a picture too, such as `(10, 30, 100)`: `step_00010.png` and so on.

    Raises:
        OSError: before training, if the folder cannot be written to.
        ImportError: before training, if `tensorboard` is passed and not installed.
        ValueError: before training, on labels that do not fit.

    Example:

    ```python
    samples = keras_gan.callbacks.SampleGrid("samples", num_images=36, num_columns=6)
    gan.fit(dataset, epochs=20, callbacks=[samples])
    ```
    """

    def __init__(
        self,
        folder: PathLike,
        num_images: int | None = None,
        num_columns: int = 8,
        seed: int = 0,
        labels: ArrayLike | None = None,
        every: int = 1,
        truncation: float | None = None,
        tensorboard: PathLike | None = None,
        early_steps: int | Sequence[int] = (),
    ) -> None:
        if num_images is not None:
            num_images = arguments.integer("num_images", num_images)
        super().__init__(
            folder,
            num_images,
            seed,
            labels,
            every,
            truncation,
            tensorboard,
            early_steps,
        )
        self.num_columns = arguments.integer("num_columns", num_columns)

    def default_size(self, num_classes: int | None) -> int:
        return 64 if num_classes is None else self.num_columns * min(num_classes, 16)

    def default_labels(self, num_samples: int, num_classes: int) -> np.ndarray:
        return checks.class_rows(num_samples, self.num_columns, num_classes)

    def plot(self, samples: np.ndarray, path: PathLike) -> None:
        from keras_gan import plotting  # imports Matplotlib

        if np.ndim(samples) == 2:
            plotting.scatter_2d(None, samples, path)
        else:
            # Outputs of an untrained or linear generator may leave [-1, 1]: clip.
            images = plotting.to_uint8(samples)
            plotting.image_grid(images, self.num_columns, path=path)


class SampleScatter(EpochSamples):
    """Save a scatter plot of generated and real points after every epoch.

    Files and epochs are named as for `SampleGrid`.

    Args:
        folder: the folder of the pictures. It is created if needed.
        real: array `(num_points, 2)`, real points to show too, or None.
        num_points: int, the number of points to generate.
        discriminator: callable from points `(num_points, 2)` to the probability
            that each is real, to show it in the background; see
            `plotting.scatter_2d`.
        seed: int, the seed of the latents.
        every: int, the number of epochs between pictures.
        tensorboard: a log folder, as for `SampleGrid`.

    Example:

    ```python
    scatter = keras_gan.callbacks.SampleScatter(
        "samples",
        real=points,
        discriminator=lambda points: keras.ops.sigmoid(gan.discriminator(points)),
    )
    gan.fit(points, epochs=20, callbacks=[scatter])
    ```
    """

    def __init__(
        self,
        folder: PathLike,
        real: ArrayLike | None = None,
        num_points: int = 1000,
        discriminator: Callable[[np.ndarray], Tensor] | None = None,
        seed: int = 0,
        every: int = 1,
        tensorboard: PathLike | None = None,
    ) -> None:
        num_points = arguments.integer("num_points", num_points)
        super().__init__(folder, num_points, seed, None, every, None, tensorboard)
        self.real = real
        self.discriminator = discriminator

    def default_labels(self, num_samples: int, num_classes: int) -> np.ndarray:
        return (np.arange(num_samples) % num_classes).astype("int32")

    def plot(self, samples: np.ndarray, path: PathLike) -> None:
        from keras_gan import plotting  # imports Matplotlib

        plotting.scatter_2d(self.real, samples, path, self.discriminator)
