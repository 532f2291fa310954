"""What a generator is drawn from: priors, latents, w, codes, edits and conditions."""

import numpy as np
from keras import ops

from keras_gan.validation import networks


def check_prior(prior) -> None:
    """Raise a `ValueError` if something is no prior."""
    if prior is not None and not hasattr(prior, "sample"):
        raise ValueError(
            "`prior` must be a prior, such as `keras_gan.latents.Normal(128)`. "
            f"Received: {prior!r}"
        )


def check_directions(directions, network, prior) -> None:
    """Raise a `ValueError` if directions are not of a network's latents, or of its w.

    Args:
        directions: `keras_gan.latents.Directions`.
        network: the generator.
        prior: the prior, or None.
    """
    if prior is None:
        raise ValueError(
            f"The generator {network.name!r} takes no latents, so it has no "
            "`latent_directions`. Leave them out, or None."
        )
    if not hasattr(directions, "steps"):
        raise ValueError(
            "`latent_directions` must be `keras_gan.latents.Directions`, such as "
            "`keras_gan.latents.closed_form(sampler)` or `Directions.load(path)`. "
            f"Received: {directions!r}"
        )
    is_w = directions.space == "w"
    if is_w and not networks.has_w(network):
        raise ValueError(
            f"These are directions of w, and the generator {network.name!r} has no "
            "mapping network. Find directions of its latents: "
            '`keras_gan.latents.closed_form(sampler, space="z")`.'
        )
    dim = network.w_dim if is_w else prior.latent_dim
    taken = sorted(set(directions.names) & set(getattr(prior, "codes", {})))
    if directions.dim != dim or taken:
        found = (
            f"the code {taken[0]!r} too" if taken else f"{directions.space} of {dim}"
        )
        raise ValueError(
            f"The directions {', '.join(directions.names)} have vectors of "
            f"{directions.dim} numbers, and the generator has {found}. Pass directions "
            "of this generator, under names of their own."
        )


def checked_latents(latents, prior) -> np.ndarray:
    """Return latents as an array; raise a `ValueError` if they are not of the prior.

    Args:
        latents: float array or tensor `(num_images, latent_dim)`.
        prior: the prior, or None for a network without latents.
    """
    if prior is None:
        raise ValueError(
            "This network takes no latents. Use `generate(num_images, condition=...)`."
        )
    if latents is None:
        raise ValueError("Pass `latents`, such as `prior.sample(16, seed=0)`.")
    latents = ops.convert_to_numpy(latents)
    if latents.ndim != 2 or latents.shape[1] != prior.latent_dim:
        raise ValueError(
            f"`latents` have the shape {latents.shape}. Expected "
            f"(num_images, {prior.latent_dim})."
        )
    return latents


def checked_w(w, network) -> np.ndarray:
    """Return w as a float32 array; raise a `ValueError` if it is not of the network.

    Args:
        w: float array or tensor `(num_images, w_dim)` or `(num_images, num_ws, w_dim)`.
        network: the generator.
    """
    check_has_w(network)
    w = np.asarray(ops.convert_to_numpy(w), "float32")
    num_ws, w_dim = network.num_ws, network.w_dim
    if w.shape[1:] not in ((w_dim,), (num_ws, w_dim)):
        raise ValueError(
            f"`w` has the shape {w.shape}. Expected (num_images, {w_dim}), or one "
            f"for each layer, (num_images, {num_ws}, {w_dim})."
        )
    return w


def check_has_w(network) -> None:
    """Raise a `ValueError` if a generator has no mapping network."""
    if not networks.has_w(network):
        raise ValueError(
            f"The generator {network.name!r} has no mapping network, so it "
            "has no w and no `truncation_psi`. `truncation` cuts off the latents "
            "of any generator. `keras_gan.architectures.stylegan2` has w."
        )


def check_has_codes(codes, prior, name: str) -> None:
    """Raise a `ValueError` if codes are passed for a prior without them."""
    if not hasattr(prior, "set_codes"):
        raise ValueError(
            f"`codes` were passed, {sorted(codes)}, and the prior of "
            f"{name!r}, {prior!r}, has none. Train a "
            "`keras_gan.models.InfoGAN`, with `keras_gan.latents.NoiseAndCodes`."
        )


def check_has_directions(edits, directions, name: str) -> None:
    """Raise a `ValueError` if edits are passed for a generator without directions."""
    if directions is None:
        raise ValueError(
            f"`edits` were passed, {sorted(edits)}, and {name!r} has no "
            "`latent_directions`. Set them: `sampler.latent_directions = "
            "keras_gan.latents.closed_form(sampler)`."
        )


def given_condition(labels, values, condition):
    """Return the condition values that were passed, under either name.

    Args:
        labels: what was passed as `labels`, or None.
        values: what was passed as `condition`, or None.
        condition: from `keras_gan.conditions`, of the generator, or None.

    Raises:
        ValueError: if both were passed, or one that the generator does not take.
    """
    if labels is not None and values is not None:
        raise ValueError("Pass `labels` or `condition`, not both.")
    if labels is not None and getattr(condition, "num_classes", None) is None:
        raise ValueError(
            "`labels` were passed, and these networks are not conditional. "
            "Build them, and the GAN, with `num_classes`."
        )
    if values is not None and condition is None:
        raise ValueError(
            "`condition` was passed, and these networks are not conditional. "
            "Build them, and the GAN, with a condition."
        )
    return values if labels is None else labels
