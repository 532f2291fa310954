"""Samples of the same latents, drawn epoch after epoch."""

from pathlib import Path

import keras
import numpy as np

from keras_gan.callbacks import checks
from keras_gan.callbacks.board import Board
from keras_gan.validation import arguments


class EpochSamples(keras.callbacks.Callback):
    """Draw the same latents after every epoch.

    Subclasses implement `draw`.

    Args:
        folder: where `epoch_0001.png` and so on go. It is made if needed.
        num_samples: int, or None for the number that `default_size` gives.
        seed: int, which latents.
        labels: int array `(num_samples,)`, for conditional models.
        every: int, the number of epochs from one picture to the next.
        truncation: float, see `GAN.generate`.
        tensorboard: a log folder, to have the pictures in TensorBoard as well.
    """

    def __init__(
        self, folder, num_samples, seed, labels, every, truncation, tensorboard
    ):
        super().__init__()
        if num_samples is None and np.ndim(labels) == 1:
            num_samples = len(labels)
        self.folder = Path(folder)
        self.num_samples = num_samples
        self.seed = seed
        self.labels = labels
        self.every = arguments.integer("every", every)
        self.truncation = truncation
        self.tensorboard = tensorboard
        self.board = None
        self.request = {}

    def draw(self, samples, path):
        """Save a picture of samples.

        Args:
            samples: float32 array, what `generate` of the model gives.
            path: the PNG file to write.
        """
        raise NotImplementedError

    def default_size(self, num_classes):
        """How many samples to draw where the user did not say."""
        raise NotImplementedError

    def default_labels(self, num_samples, num_classes):
        """The labels of a conditional model where the user did not say."""
        raise NotImplementedError

    def on_train_begin(self, logs=None):
        name = type(self).__name__
        checks.check_writable(self.folder, name)
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
        if self.tensorboard is not None:
            self.board = Board(self.tensorboard)

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 0:
            self.write(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self.write(epoch + 1)

    def on_train_end(self, logs=None):
        if self.board is not None:
            self.board.close()
            self.board = None

    def write(self, num_epochs):
        """Draw what the generator makes after so many epochs."""
        samples = self.model.generate(**self.request)
        if not checks.is_finite(samples, type(self).__name__):
            return
        path = self.folder / f"epoch_{num_epochs:04d}.png"
        self.draw(samples, path)
        if self.board is not None:
            self.board.add_png("samples", path.read_bytes(), num_epochs)


class SampleGrid(EpochSamples):
    """Save a grid of images of the same latents after every epoch.

    The pictures are `folder/epoch_0001.png` and so on; `epoch_0000.png` shows the
    generator before training. Numbers go on where training is resumed, with
    `initial_epoch` or by `BackupAndRestore`. Training itself takes the same
    course with this callback as without.

    A GAN of points in the plane is drawn as a scatter plot; `SampleScatter` shows
    the real points beside.

    Args:
        folder: where the pictures go. It is made if needed.
        num_images: int. By default 64, or for a conditional model a row for each
            class, of the first 16.
        num_columns: int, the number of images in a row.
        seed: int, which latents.
        labels: int, or int array `(num_images,)`, the class of each image. By
            default every row of a conditional model's grid has a class of its own.
        every: int, the number of epochs from one picture to the next.
        truncation: float, for more typical images; see `GAN.generate`.
        tensorboard: a log folder, such as that of `keras.callbacks.TensorBoard`,
            to have the pictures in TensorBoard too, as "samples" by epochs
            trained. Needs the package `tensorboard`, not TensorFlow.

    Raises:
        OSError: before training, if the folder cannot be written to.
        ImportError: before training, if `tensorboard` is asked for and missing.
        ValueError: before training, on labels that do not fit.

    Example:

    ```python
    samples = keras_gan.callbacks.SampleGrid("samples", num_images=36, num_columns=6)
    gan.fit(dataset, epochs=20, callbacks=[samples])
    ```
    """

    def __init__(
        self,
        folder,
        num_images=None,
        num_columns=8,
        seed=0,
        labels=None,
        every=1,
        truncation=None,
        tensorboard=None,
    ):
        if num_images is not None:
            num_images = arguments.integer("num_images", num_images)
        super().__init__(
            folder, num_images, seed, labels, every, truncation, tensorboard
        )
        self.num_columns = arguments.integer("num_columns", num_columns)

    def default_size(self, num_classes):
        return 64 if num_classes is None else self.num_columns * min(num_classes, 16)

    def default_labels(self, num_samples, num_classes):
        return checks.class_rows(num_samples, self.num_columns, num_classes)

    def draw(self, samples, path):
        from keras_gan import plotting  # imports Matplotlib

        if np.ndim(samples) == 2:
            plotting.scatter_2d(None, samples, path)
        else:
            # An untrained or linear generator may leave [-1, 1]: clip, not stop.
            images = plotting.to_uint8(samples)
            plotting.image_grid(images, self.num_columns, path=path)


class SampleScatter(EpochSamples):
    """Save a scatter plot of generated and real points after every epoch.

    Files and epochs are as for `SampleGrid`.

    Args:
        folder: where the pictures go. It is made if needed.
        real: array `(num_points, 2)`, real points to show beside, or None.
        num_points: int, how many to generate.
        discriminator: callable from points `(num_points, 2)` to the probability
            that each is real, to show what it believes; see
            `plotting.scatter_2d`.
        seed: int, which latents.
        every: int, the number of epochs from one picture to the next.
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
        folder,
        real=None,
        num_points=1000,
        discriminator=None,
        seed=0,
        every=1,
        tensorboard=None,
    ):
        num_points = arguments.integer("num_points", num_points)
        super().__init__(folder, num_points, seed, None, every, None, tensorboard)
        self.real = real
        self.discriminator = discriminator

    def default_labels(self, num_samples, num_classes):
        return (np.arange(num_samples) % num_classes).astype("int32")

    def draw(self, samples, path):
        from keras_gan import plotting  # imports Matplotlib

        plotting.scatter_2d(self.real, samples, path, self.discriminator)
