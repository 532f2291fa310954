"""Directions along which measured attributes of images grow."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from keras_gan.latents.directions import Directions, checked_names
from keras_gan.latents.spaces import draw, opened_in, spread
from keras_gan.pixels import as_array
from keras_gan.validation import arguments

HELD_OUT = 0.25  # of the samples, to see whether a fit holds
WEAK = 0.05  # the explained share of variance below which a fit is called weak


def from_attributes(
    sampler: Any,
    attributes: Mapping[str, Callable],
    space: str | None = None,
    independent: bool = True,
    num_samples: int = 4096,
    ridge: float = 1e-3,
    seed: int = 0,
    labels: int | None = None,
    batch_size: int = 256,
) -> Directions:
    """Find the directions along which measured attributes of the images grow.

    Images of many latents are measured, and each attribute y is fitted by a linear
    function of the latents z, `y = B z + c`, by ridge regression. With C the covariance
    of the latents, the direction of one attribute is C B^T: the least unlikely step
    that changes y. Of several attributes each direction leaves the others' fits alone:
    C B^T (B C B^T)^-1.

    An attribute may be true or false: then the fit is that of a linear discriminant,
    whose direction a logistic regression shares where latents are normal.

    Args:
        sampler: a `keras_gan.Sampler` or `keras_gan.GAN`.
        attributes: dict from a name to a function of float32 images in [-1, 1],
            `(batch, height, width, channels)`, that returns a number or a bool for
            each image.
        space: `"z"`, or `"w"` with a mapping network; None for w where there is one.
        independent: bool, whether a direction keeps the other attributes.
        num_samples: int, the images to measure, several times the length of a latent.
        ridge: float, the weight of the squared coefficients, as a share of the mean
            variance of the latents.
        seed: int, of the latents.
        labels: int, the class of all images, for class-conditional networks; None for
            all classes in turn.
        batch_size: int, how many images to generate and measure at a time.

    Returns:
        `Directions` with the names of the attributes; each grows with the amount.

    Raises:
        ValueError: on functions that do not return one finite number for each image, on
            an attribute that is the same for all images, and on fewer samples than a
            latent has numbers.

    Warns:
        UserWarning: if a linear fit explains less than 5% of an attribute.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    ink = lambda images: images.mean(axis=(1, 2, 3))
    found = keras_gan.latents.from_attributes(sampler, {"ink": ink}, num_samples=500)
    thick = sampler.synthesize(found.edit(sampler.prior.sample(4, seed=1), "ink", 2.0))
    ```

    Shen et al. 2019, "Interpreting the Latent Space of GANs for Semantic Face Editing"
    (InterFaceGAN), arXiv:1907.10786, whose directions are normals of separating planes.
    """
    sampler, space = opened_in(sampler, space)
    num_samples = arguments.integer("num_samples", num_samples)
    if not isinstance(attributes, Mapping) or not attributes:
        raise ValueError(
            "`attributes` must be a dict from names to functions of images, such as "
            "{'ink': lambda images: images.mean(axis=(1, 2, 3))}. Received: "
            f"{attributes!r}"
        )
    names = checked_names(attributes, len(attributes))
    latents, given = draw(sampler, num_samples, seed, labels)
    points = sampler.map(latents, **given) if space == "w" else latents
    if num_samples < 2 * points.shape[1]:
        raise ValueError(
            f"`num_samples` is {num_samples}, for a fit of {points.shape[1]} numbers. "
            f"Expected at least {2 * points.shape[1]}."
        )
    measured = _measured(sampler, attributes, latents, given, batch_size)
    points = points.astype("float64")
    _warn_of_weak_fits(names, points, measured, ridge)
    coefficients, covariance = _fit(points, measured, ridge)  # (dim, attributes)
    steps = covariance @ coefficients
    if independent and len(names) > 1:
        gram = coefficients.T @ steps
        if np.linalg.cond(gram) > 1e8:
            raise ValueError(
                f"The attributes {names} change together in all fits. Leave one out, "
                "or pass `independent=False`."
            )
        steps = steps @ np.linalg.inv(gram)
    scale = spread(sampler, space, steps.T, points=points)
    return Directions(steps.T, names, space, scale)


def _measured(sampler, attributes, latents, given, batch_size):
    """Return the standardised attributes of images, `(num_images, num_attributes)`."""
    parts = {name: [] for name in attributes}
    for start in range(0, len(latents), batch_size):
        rows = slice(start, start + batch_size)
        conditions = {name: values[rows] for name, values in given.items()}
        images = sampler.synthesize(latents[rows], **conditions)
        for name, function in attributes.items():
            values = np.asarray(as_array(function(images)), "float64")
            values = values[:, 0] if values.shape == (len(images), 1) else values
            if values.shape != (len(images),) or not np.isfinite(values).all():
                raise ValueError(
                    f"The attribute {name!r} must be a finite number for each image, "
                    f"({len(images)},). Received the shape {values.shape}: {values}"
                )
            parts[name].append(values)
    measured = np.stack([np.concatenate(each) for each in parts.values()], axis=1)
    deviations = measured.std(axis=0)
    for name, deviation in zip(parts, deviations, strict=True):
        if deviation == 0:
            raise ValueError(f"The attribute {name!r} is the same for all images.")
    return (measured - measured.mean(axis=0)) / deviations


def _fit(points, measured, ridge):
    """Return the coefficients of a ridge regression, and the latents' covariance."""
    centred = points - points.mean(axis=0)
    covariance = centred.T @ centred / len(points)
    penalty = ridge * np.trace(covariance) / len(covariance)
    penalized = covariance + penalty * np.eye(len(covariance))
    measured = measured - measured.mean(axis=0)
    return np.linalg.solve(penalized, centred.T @ measured / len(points)), covariance


def _warn_of_weak_fits(names, points, measured, ridge):
    num = int(len(points) * (1 - HELD_OUT))
    coefficients, _ = _fit(points[:num], measured[:num], ridge)
    errors = measured[num:] - (points[num:] - points[:num].mean(axis=0)) @ coefficients
    errors -= measured[:num].mean(axis=0)
    explained = 1 - (errors**2).mean(axis=0) / measured[num:].var(axis=0).clip(1e-12)
    for name, share in zip(names, explained, strict=True):
        if share < WEAK:
            warnings.warn(
                f"A linear fit explains {max(share, 0):.1%} of the attribute {name!r} "
                "in images that it was not fitted to. Its direction may change little, "
                "or something else. More `num_samples` may help.",
                stacklevel=3,
            )
