"""Paths between latents, and changes of one latent dimension.

All functions take NumPy arrays or tensors of any backend, and return float32 arrays
`(num_latents, latent_dim)` for `gan.synthesize`.
"""

from collections.abc import Sequence

import numpy as np
from keras import ops

from keras_gan._typing import Tensor
from keras_gan.validation import arguments

_METHODS = ("spherical", "linear")


def interpolate(
    start: Tensor, end: Tensor, num_steps: int, method: str = "spherical"
) -> np.ndarray:
    """Interpolate between two latents in equal steps, both ends included.

    Spherical interpolation rotates the direction at a constant rate along the great
    circle, and changes the length linearly. Under a normal prior of many dimensions
    nearly all latents lie close to a sphere of radius sqrt(latent_dim). The straight
    line between two of them passes near the origin, where the generator has hardly
    been trained; the arc does not. For a uniform prior use the straight line, which
    stays inside the cube. (`prior.interpolation` is the method for a prior.) Neither
    keeps the distribution of the prior exactly: lengths vary less in the middle of an
    arc. The `walk` of an exported model does keep it.

    Between opposite latents all great circles are equally short; the choice is
    deterministic. A latent of zero length has no direction and takes the direction
    of the other.

    Args:
        start: array or tensor `(latent_dim,)`, or `(batch, latent_dim)`.
        end: the same shape as `start`.
        num_steps: int of at least 2, the number of latents on each path.
        method: `"spherical"` or `"linear"`.

    Returns:
        A float32 array `(num_steps, latent_dim)` from `start` to `end` exactly,
        or `(batch * num_steps, latent_dim)`, path after path.
        `image_grid(images, num_columns=num_steps)` then shows one path in each row.

    Raises:
        ValueError: on shapes that differ, values that are not finite, fewer
            than 2 steps, and unknown methods.

    Example:

    ```python
    start, end = gan.prior.sample(2, seed=0)
    images = gan.synthesize(keras_gan.latents.interpolate(start, end, num_steps=9))
    keras_gan.plotting.image_grid(images, num_columns=9, path="path.png")
    ```

    Shoemake 1985, "Animating rotation with quaternion curves", SIGGRAPH; White
    2016, "Sampling Generative Networks", arXiv:1609.04468.
    """
    start, end = _latents(start, "start"), _latents(end, "end")
    if start.shape != end.shape:
        raise ValueError(
            "`start` and `end` must have the same shape. Received: "
            f"{start.shape} and {end.shape}."
        )
    num_steps = arguments.integer("num_steps", num_steps, at_least=2)
    return _paths(start, end, np.linspace(0, 1, num_steps), method)


def walk(
    latents: Tensor, num_steps: int, method: str = "spherical", loop: bool = True
) -> np.ndarray:
    """Pass several latents in order, and by default return to the first.

    Args:
        latents: array or tensor `(num_keys, latent_dim)`, two or more.
        num_steps: int, the number of steps from one key to the next.
        method: as in `interpolate`.
        loop: whether to return to the first key. The last step, which would repeat
            it, is left out, so that an animation loops smoothly.

    Returns:
        A float32 array with key `k` at row `k * num_steps`:
        `(num_keys * num_steps, latent_dim)`, or for an open walk
        `((num_keys - 1) * num_steps + 1, latent_dim)`.

    Raises:
        ValueError: as in `interpolate`, and on fewer than two keys.

    Example:

    ```python
    keys = gan.prior.sample(5, seed=0)
    frames = gan.synthesize(keras_gan.latents.walk(keys, num_steps=20))
    keras_gan.plotting.animate(frames, "walk.gif", fps=20)
    ```
    """
    keys = _latents(latents, "latents")
    if keys.ndim != 2 or len(keys) < 2:
        raise ValueError(
            "A walk needs at least two latents, of shape (num_keys, latent_dim). "
            f"Received the shape {keys.shape}."
        )
    num_steps = arguments.integer("num_steps", num_steps)
    fractions = np.arange(num_steps) / num_steps
    if loop:
        return _paths(keys, np.roll(keys, -1, axis=0), fractions, method)
    return np.concatenate([_paths(keys[:-1], keys[1:], fractions, method), keys[-1:]])


def sweep(latents: Tensor, dimension: int, values: Sequence[float]) -> np.ndarray:
    """Vary one dimension of latents and keep the others.

    Args:
        latents: array or tensor `(latent_dim,)`, or `(batch, latent_dim)`.
        dimension: int, the index of the dimension, from 0.
        values: sequence of floats, the values of this dimension.

    Returns:
        A float32 array `(num_values, latent_dim)`, or
        `(batch * num_values, latent_dim)`, sweep after sweep.
        `image_grid(images, num_columns=num_values)` then shows one sweep in each row.

    Raises:
        ValueError: if there is no such dimension, or no finite value.

    Example:

    ```python
    latents = keras_gan.latents.sweep(gan.prior.sample(4, seed=0), 3, [-2, -1, 0, 1, 2])
    keras_gan.plotting.image_grid(gan.synthesize(latents), num_columns=5)
    ```
    """
    latents = _latents(latents, "latents")
    latent_dim = latents.shape[-1]
    dimension = arguments.integer("dimension", dimension, at_least=0)
    if dimension >= latent_dim:
        raise ValueError(
            f"`dimension` must be an integer from 0 to {latent_dim - 1}, for latents "
            f"of shape {latents.shape}. Received: {dimension!r}"
        )
    values = _finite(values, "values")
    if values.ndim != 1 or not len(values):
        raise ValueError(
            "`values` must be a sequence of at least one number. Received the shape "
            f"{values.shape}."
        )
    swept = np.repeat(latents[..., None, :], len(values), axis=-2)
    swept[..., dimension] = values  # (..., num_values, latent_dim)
    return swept.reshape(-1, latent_dim)


def _paths(start, end, fractions, method):
    """Return the points at these fractions of each path, path after path."""
    arguments.one_of("method", method, _METHODS)
    t = fractions[:, None]
    u, v = (np.asarray(each, "float64")[..., None, :] for each in (start, end))
    points = _arc(u, v, t) if method == "spherical" else (1 - t) * u + t * v
    points = points.astype("float32")  # (..., num_fractions, latent_dim)
    points[..., fractions == 0, :] = start[..., None, :]
    points[..., fractions == 1, :] = end[..., None, :]
    return points.reshape(-1, start.shape[-1])


def _arc(start, end, t):
    start_length = np.linalg.norm(start, axis=-1, keepdims=True)
    end_length = np.linalg.norm(end, axis=-1, keepdims=True)
    u, v = _unit(start, start_length), _unit(end, end_length)
    u = np.where(start_length > 0, u, v)
    v = np.where(end_length > 0, v, u)
    cosine = np.sum(u * v, axis=-1, keepdims=True)
    orthogonal = v - cosine * u
    sine = np.linalg.norm(orthogonal, axis=-1, keepdims=True)
    angle = np.arctan2(sine, cosine)
    is_opposite = (sine < 1e-7) & (cosine < 0)
    if start.shape[-1] == 1:  # In one dimension there is no great circle.
        return (1 - t) * start + t * end
    orthogonal = np.where(is_opposite, _perpendicular(u), _unit(orthogonal, sine))
    length = (1 - t) * start_length + t * end_length
    return length * (np.cos(t * angle) * u + np.sin(t * angle) * orthogonal)


def _unit(vectors, lengths):
    return vectors / np.where(lengths > 0, lengths, 1.0)


def _perpendicular(u):
    """Return a unit vector orthogonal to u, near the axis of u's smallest component."""
    axis = np.eye(u.shape[-1])[np.argmin(np.abs(u), axis=-1)]
    orthogonal = axis - np.sum(axis * u, axis=-1, keepdims=True) * u
    return orthogonal / np.linalg.norm(orthogonal, axis=-1, keepdims=True)


def _latents(latents, name):
    latents = _finite(latents, name)
    if latents.ndim not in (1, 2) or not latents.size:
        raise ValueError(
            f"`{name}` must have the shape (latent_dim,) or (batch, latent_dim). "
            f"Received: {latents.shape}"
        )
    return latents


def _finite(values, name):
    values = np.asarray(ops.convert_to_numpy(values), "float32")
    if not np.isfinite(values).all():
        raise ValueError(f"`{name}` contains NaN or infinity.")
    return values
