"""The terms that were passed as `invariance`, checked and put together."""

from keras_gan._typing import Tensor
from keras_gan.invariance.categories import CategoryInvariance
from keras_gan.invariance.numbers import NumberEquivariance
from keras_gan.optimizers.schedules import value_at


class Terms:
    """Further terms of a discriminator's loss, about the codes of real images.

    Args:
        invariance: a `CategoryInvariance`, a `NumberEquivariance`, a list of these,
            one of each kind at most, or None for none.
        prior: `keras_gan.latents.NoiseAndCodes`.
        image_shape: tuple, `(height, width, channels)` of what the discriminator sees.

    Raises:
        ValueError: if it is something else, two terms are of one kind, the prior has no
            such code, or the discriminator does not see images.

    Example:

    ```python
    changes = keras_gan.augment.RandomAugment(1.0, ["scale", "fractional_shift"])
    invariance = keras_gan.invariance.CategoryInvariance(changes)
    prior = keras_gan.latents.default_codes()
    terms = keras_gan.invariance.terms.Terms(invariance, prior, (28, 28, 1))
    ```
    """

    def __init__(self, invariance, prior, image_shape: tuple[int, ...]) -> None:
        if invariance is None:
            invariance = ()
        several = isinstance(invariance, list | tuple)
        self.terms = tuple(invariance) if several else (invariance,)
        for term in self.terms:
            if not isinstance(term, CategoryInvariance | NumberEquivariance):
                raise ValueError(
                    "`invariance` must be a `keras_gan.invariance.CategoryInvariance`, "
                    "such as `CategoryInvariance(keras_gan.augment.RandomAugment(1.0, "
                    "['scale']))`, a `NumberEquivariance`, or a list of both. "
                    f"Received: {term!r}"
                )
            term.check(prior)
            if len(image_shape) != 3:
                raise ValueError(
                    f"`{type(term).__name__}` changes images, (height, width, "
                    "channels). The discriminator takes the shape "
                    f"{tuple(image_shape)}."
                )
        if len(set(self.log_names)) < len(self.terms):
            raise ValueError(
                "`invariance` takes one term of each kind: a `CategoryInvariance` and "
                f"a `NumberEquivariance`. Received: {self.terms!r}"
            )

    @property
    def log_names(self) -> list[str]:
        """What the terms are called in the logs."""
        return [term.log_name for term in self.terms]

    def __call__(self, gan, images: Tensor) -> tuple[Tensor | float, dict]:
        """Compute the terms for a batch of real images.

        Args:
            gan: `keras_gan.models.InfoGAN`, whose discriminator reads the codes.
            images: float tensor `(batch, height, width, channels)`.

        Returns:
            Their sum, and a dict of what is logged.
        """
        total, logs = 0.0, {}
        for term in self.terms:
            loss, logs[term.log_name] = term(gan, images)
            total = total + loss  # not in place: the logs have the parts
        return total, logs

    def fakes_weights(self, gan) -> dict:
        """Return how much generated images teach the head, by the names of codes.

        Args:
            gan: `keras_gan.models.InfoGAN`, whose discriminator has taken some steps.

        Returns:
            A dict of weights, of the numbers that follow a change.
        """
        step = gan.discriminator_iterations
        return {
            name: value_at(term.fakes_weight, step)
            for term in self.terms
            if isinstance(term, NumberEquivariance)
            for name in term.changes
        }
