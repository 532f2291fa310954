"""Check what was passed as `invariance`."""

from keras_gan.invariance.categories import CategoryInvariance
from keras_gan.invariance.numbers import NumberEquivariance


def as_terms(invariance, prior, image_shape) -> list:
    """Return the terms of a loss that were passed, each checked.

    Args:
        invariance: a `CategoryInvariance`, a `NumberEquivariance`, a list of these,
            one of each kind at most, or None for none.
        prior: `keras_gan.latents.NoiseAndCodes`.
        image_shape: tuple, `(height, width, channels)` of what the discriminator sees.

    Returns:
        A list of the terms.

    Raises:
        ValueError: if it is something else, two terms are of one kind, the prior has no
            such code, or the discriminator does not see images.

    Example:

    ```python
    changes = keras_gan.augment.RandomAugment(1.0, ["scale", "fractional_shift"])
    invariance = keras_gan.invariance.CategoryInvariance(changes)
    prior = keras_gan.latents.default_codes()
    terms = keras_gan.invariance.as_terms(invariance, prior, (28, 28, 1))
    ```
    """
    if invariance is None:
        return []
    terms = list(invariance) if isinstance(invariance, (list, tuple)) else [invariance]
    for term in terms:
        if not isinstance(term, (CategoryInvariance, NumberEquivariance)):
            raise ValueError(
                "`invariance` must be a `keras_gan.invariance.CategoryInvariance`, "
                "such as `CategoryInvariance(keras_gan.augment.RandomAugment(1.0, "
                "['scale']))`, a `NumberEquivariance`, or a list of both. Received: "
                f"{term!r}"
            )
        term.check(prior)
        if len(image_shape) != 3:
            raise ValueError(
                f"`{type(term).__name__}` changes images, (height, width, channels). "
                f"The discriminator takes the shape {tuple(image_shape)}."
            )
    names = [term.log_name for term in terms]
    if len(set(names)) < len(names):
        raise ValueError(
            "`invariance` takes one term of each kind: a `CategoryInvariance` and a "
            f"`NumberEquivariance`. Received: {terms!r}"
        )
    return terms
