"""Find directions: from weights, from variance, and from what is measured on images."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.latents.directions import SPACES, Directions, checked_names
from keras_gan.pixels import as_array
from keras_gan.validation import arguments, networks

HELD_OUT = 0.25  # of the samples, to see whether a fit holds
WEAK = 0.05  # the explained share of variance below which a fit is called weak


def closed_form(
    sampler: Any,
    num_directions: int = 8,
    space: str | None = None,
    layers: list[str] | None = None,
    seed: int = 0,
) -> Directions:
    """Find the directions that the first layer amplifies most, from its weights alone.

    The first layer computes A z + b. A step n of z changes that by A n. The unit steps
    with the largest change are the eigenvectors of A^T A, in the order of their
    eigenvalues. With a mapping network the layers that take w are first layers, all
    together. No image is generated.

    Args:
        sampler: a `keras_gan.Sampler` or `keras_gan.GAN`.
        num_directions: int, at most the length of a latent.
        space: `"z"`, or `"w"` with a mapping network; None for w where there is one.
        layers: strs, the names of the layers to take; None for the first of z, or all
            that take w. Of w, the first layers decide shapes and the last ones colours.
        seed: int, of the latents whose spread gives the scale.

    Returns:
        `Directions`, named `direction_1`, `direction_2` ...

    Raises:
        ValueError: if there is no such layer, or the network has no w.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_mnist")
    directions = keras_gan.latents.closed_form(sampler, num_directions=4)
    latents = sampler.prior.sample(6, seed=0)
    images = sampler.synthesize(directions.edit(latents, 0, amount=2.0))
    ```

    Shen and Zhou 2020, "Closed-Form Factorization of Latent Semantics in GANs" (SeFa),
    arXiv:2007.06600.
    """
    sampler, space = _opened(sampler, space)
    kernels = [_kernel(each, sampler, space) for each in _first(sampler, space, layers)]
    weights = np.concatenate(kernels, axis=1).astype("float64")  # (dim, outputs)
    num_directions = _at_most(num_directions, len(weights))
    _, vectors = np.linalg.eigh(weights @ weights.T)
    vectors = _signed(vectors[:, ::-1].T[:num_directions])
    return Directions(vectors, None, space, _spread(sampler, space, vectors, seed))


def principal(
    sampler: Any,
    num_directions: int = 8,
    space: str | None = None,
    layer: str | None = None,
    num_samples: int = 2048,
    seed: int = 0,
    labels: int | None = None,
) -> Directions:
    """Find the directions in which generators vary most, by principal components.

    With a mapping network these are the principal components of w. Otherwise they are
    the components of a layer's activations over many latents, and each becomes the
    step of z that a least-squares fit gives for it. (The first layer is linear. For
    normal latents its components are the directions of `closed_form`; those of a later
    `layer` are others.)

    Args:
        sampler: a `keras_gan.Sampler` or `keras_gan.GAN`.
        num_directions: int.
        space: `"z"`, or `"w"` with a mapping network; None for w where there is one.
        layer: str, the name of a layer of the generator, for z; None for the first
            that has a kernel.
        num_samples: int, the number of latents.
        seed: int, of the latents.
        labels: int, the class of all samples, for class-conditional networks; None for
            all classes in turn.

    Returns:
        `Directions`, named `component_1`, `component_2` ... In w an amount of 1 is the
        standard deviation of the component.

    Raises:
        ValueError: if there is no such layer, or the network has no w.

    Example:

    ```python
    networks = keras_gan.architectures.stylegan2((16, 16, 3), width=8, w_dim=16)
    directions = keras_gan.latents.principal(keras_gan.GAN(*networks), 4)
    ```

    Harkonen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls",
    arXiv:2004.02546.
    """
    sampler, space = _opened(sampler, space)
    num_samples = arguments.integer("num_samples", num_samples, at_least=2)
    latents, given = draw(sampler, num_samples, seed, labels)
    if space == "w":
        if layer is not None:
            raise ValueError("`layer` is for z. The components of w are those of w.")
        points = sampler.map(latents, **given)
        features = points
    else:
        points = latents
        features = _activations(sampler, layer, latents, given)
    at_most = min(num_samples - 1, points.shape[1], features.shape[1])
    num_directions = _at_most(num_directions, at_most)
    features = features - features.mean(axis=0)
    coordinates = _components(features, num_directions)  # (num_samples, directions)
    # Least squares: the columns are orthogonal, so each is a fit of its own.
    vectors = _signed(coordinates.T @ (points - points.mean(axis=0)))
    names = [f"component_{i}" for i in range(1, num_directions + 1)]
    scale = _spread(sampler, space, vectors, points=points)
    return Directions(vectors, names, space, scale)


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
    sampler, space = _opened(sampler, space)
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
    scale = _spread(sampler, space, steps.T, points=points)
    return Directions(steps.T, names, space, scale)


def draw(sampler: Any, num_samples: int, seed: int, labels: Any = None) -> tuple:
    """Draw latents, and what a conditional network takes beside them.

    Args:
        sampler: a `keras_gan.Sampler`.
        num_samples: int.
        seed: int.
        labels: int or ints; None for all classes in turn.

    Returns:
        `latents, given`: an array, and a dict of arguments of `sampler.synthesize`.
    """
    latents = ops.convert_to_numpy(sampler.prior.sample(num_samples, seed=seed))
    if labels is not None:
        return latents, {"labels": np.broadcast_to(labels, (num_samples,))}
    default = sampler.condition and sampler.condition.default(num_samples)
    if sampler.condition is not None and default is None:
        raise ValueError(
            f"{sampler.name!r} is conditional on {sampler.condition!r}, which cannot "
            "be drawn. Directions are found for networks without a condition, or with "
            "class labels."
        )
    return latents, {} if default is None else {"labels": default}


def checked_space(sampler: Any, space: str | None, spaces: tuple = SPACES) -> str:
    """Return the space to work in, that of w by default where there is one."""
    has_w = networks.has_w(sampler.network)
    if space is None:
        return "w" if has_w else "z"
    if arguments.one_of("space", space, spaces) != "z" and not has_w:
        raise ValueError(
            f"The generator {sampler.network.name!r} has no mapping network, so it has "
            'no w. Use `space="z"`.'
        )
    return space


def opened(sampler: Any) -> Any:
    """Return the sampler of a model, or the sampler itself, if it has latents."""
    sampler = getattr(sampler, "sampler", sampler)
    if getattr(sampler, "prior", None) is None:
        raise ValueError(
            "Expected a `keras_gan.Sampler` or `keras_gan.GAN` that starts from "
            f"latents. Received: {sampler!r}"
        )
    return sampler


def _opened(sampler, space):
    sampler = opened(sampler)
    return sampler, checked_space(sampler, space)


def _at_most(num_directions, most):
    return min(arguments.integer("num_directions", num_directions), most)


def _signed(vectors):
    """Return vectors of which the number furthest from 0 is positive."""
    rows = np.arange(len(vectors))
    return vectors * np.sign(vectors[rows, np.abs(vectors).argmax(axis=1)])[:, None]


def _spread(sampler, space, vectors, seed=0, points=None):
    """Return the standard deviations of latents, or of w, along vectors."""
    if points is None:
        points, given = draw(sampler, 1024, seed)
        points = sampler.map(points, **given) if space == "w" else points
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.maximum((points @ units.T).std(axis=0), 1e-6)


def _layers_with_kernels(network):
    """Return the layers of a network and of those inside it that have a kernel."""
    found = []
    for layer in getattr(network, "layers", ()):
        if getattr(layer, "kernel", None) is not None:
            found.append(layer)
        else:
            found += _layers_with_kernels(layer)
    return found


def _first(sampler, space, names):
    network = sampler.network
    if networks.has_w(network):
        network = network.synthesis if space == "w" else network.mapping
    layers = _layers_with_kernels(network)
    if names is not None:
        known = {layer.name: layer for layer in layers}
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            raise ValueError(
                f"There is no layer {', '.join(map(repr, unknown))} with a kernel. "
                f"There are: {', '.join(map(repr, known))}."
            )
        return [known[name] for name in names]
    if space == "w":
        w_dim = sampler.network.w_dim
        layers = [each for each in layers if tuple(each.kernel.shape[:-1]) == (w_dim,)]
    if not layers:
        raise ValueError(
            f"The generator {network.name!r} has no layer with a kernel that takes "
            f"{space}. Pass `layers`, by their names."
        )
    return layers if space == "w" else layers[:1]


def _kernel(layer, sampler, space):
    """Return the part of a kernel that meets the latents, `(dim, outputs)`."""
    dim = sampler.network.w_dim if space == "w" else sampler.prior.latent_dim
    kernel = ops.convert_to_numpy(layer.kernel)
    if isinstance(layer, keras.layers.Conv2DTranspose) and kernel.ndim == 4:
        kernel = kernel.transpose(3, 0, 1, 2)  # (inputs, height, width, outputs)
    elif kernel.ndim == 4:
        kernel = kernel.transpose(2, 0, 1, 3)
    kernel = kernel.reshape(kernel.shape[0], -1)
    if len(kernel) < dim:
        raise ValueError(
            f"The layer {layer.name!r} takes {len(kernel)} numbers, fewer than the "
            f"{dim} of {space}: it is not a first layer. Pass `layers`, by their names."
        )
    # A label's embedding comes after the latents, see `heads.concatenate_label`.
    return kernel[:dim]


def _activations(sampler, name, latents, given):
    """Return what a layer makes of latents, `(num_latents, features)`."""
    network = sampler.network
    if networks.has_w(network):
        network = network.mapping
    if name is None:
        name = _first(sampler, "z", None)[0].name
    try:
        taken = network.inputs[0] if len(network.inputs) == 1 else network.inputs
        part = keras.Model(taken, network.get_layer(name).output)
    except (ValueError, AttributeError) as error:
        known = ", ".join(repr(layer.name) for layer in network.layers)
        raise ValueError(
            f"The generator has no layer {name!r} to look at. It has: {known}."
        ) from error
    rows = [latents, *given.values()]
    size = min(256, len(latents))
    inputs = rows[0] if len(rows) == 1 else rows
    features = as_array(backend.predict(part, inputs, size))
    return features.reshape(len(latents), -1)


def _components(features, number):
    """Return the coordinates of rows along their first principal components."""
    gram = features @ features.T  # (num_samples, num_samples), few against features
    values, vectors = np.linalg.eigh(gram.astype("float64"))
    return vectors[:, ::-1][:, :number] * np.sqrt(np.maximum(values[::-1][:number], 0))


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
