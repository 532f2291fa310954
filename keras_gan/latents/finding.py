"""Directions in the weights of the first layer, and in the variance of activations."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gan import backend
from keras_gan.latents.directions import Directions
from keras_gan.latents.spaces import draw, opened_in, spread
from keras_gan.pixels import as_array
from keras_gan.validation import arguments, networks


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
    sampler, space = opened_in(sampler, space)
    kernels = [_kernel(each, sampler, space) for each in _first(sampler, space, layers)]
    weights = np.concatenate(kernels, axis=1).astype("float64")  # (dim, outputs)
    num_directions = _at_most(num_directions, len(weights))
    _, vectors = np.linalg.eigh(weights @ weights.T)
    vectors = _signed(vectors[:, ::-1].T[:num_directions])
    return Directions(vectors, None, space, spread(sampler, space, vectors, seed))


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
    sampler, space = opened_in(sampler, space)
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
    scale = spread(sampler, space, vectors, points=points)
    return Directions(vectors, names, space, scale)


def _at_most(num_directions, most):
    return min(arguments.integer("num_directions", num_directions), most)


def _signed(vectors):
    """Return vectors of which the number furthest from 0 is positive."""
    rows = np.arange(len(vectors))
    return vectors * np.sign(vectors[rows, np.abs(vectors).argmax(axis=1)])[:, None]


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
