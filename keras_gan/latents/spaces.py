"""Where latents are: z or w, drawn for a sampler and what it is conditional on."""

from typing import Any

import numpy as np
from keras import ops

from keras_gan.latents.directions import SPACES
from keras_gan.validation import arguments, networks


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


def opened_in(sampler: Any, space: str | None) -> tuple:
    """Return the sampler of a model, and the space of directions to work in."""
    sampler = opened(sampler)
    return sampler, checked_space(sampler, space)


def spread(
    sampler: Any,
    space: str,
    vectors: np.ndarray,
    seed: int = 0,
    points: np.ndarray | None = None,
) -> np.ndarray:
    """Return the standard deviations of latents, or of w, along vectors.

    Args:
        sampler: a `keras_gan.Sampler`.
        space: `"z"` or `"w"`.
        vectors: float array `(num_vectors, dim)`.
        seed: int, of the latents to draw.
        points: float array `(num_points, dim)`, in place of what would be drawn.
    """
    if points is None:
        points, given = draw(sampler, 1024, seed)
        points = sampler.map(points, **given) if space == "w" else points
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.maximum((points @ units.T).std(axis=0), 1e-6)
