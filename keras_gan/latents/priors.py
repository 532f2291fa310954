"""Latent priors: the distributions that the generator turns into data.

Goodfellow et al. 2014 write the prior as p_z(z). The generator sees nothing
else, so the prior's shape decides what a walk through latent space means: under
a standard normal nearly all of the mass lies close to the sphere of radius
sqrt(latent_dim), and spherical interpolation stays on it.
"""

import math

import keras
from keras import ops

from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")
_LIMIT = 1.0 - 1e-7  # the inverse of the error function is infinite at 1


def _is_number(value):
    return not getattr(value, "shape", ())


class Prior:
    """A distribution over latent vectors.

    A prior holds no state: all randomness comes from the seed that is passed
    in, and the same seed gives the same latents.

    Args:
        latent_dim: int, the length of one latent vector.

    `max_truncation` is the largest value that `truncate` takes.
    """

    max_truncation = math.inf

    def __init__(self, latent_dim):
        self.latent_dim = arguments.integer("latent_dim", latent_dim)

    def sample(self, num_samples, seed=None):
        """Draw latents.

        Args:
            num_samples: int, or an int tensor inside a compiled step.
            seed: an int, a `keras.random.SeedGenerator`, or None for a fresh
                draw.

        Returns:
            A float32 tensor of shape `(num_samples, latent_dim)`.
        """
        raise NotImplementedError

    def quantile(self, uniforms):
        """Turn uniform noise into latents, each number by itself.

        A server has only a seed for each picture, and noise drawn from it in
        its own way; this gives that noise the prior's distribution.

        Args:
            uniforms: float tensor `(batch, latent_dim)`, uniform in [0, 1].

        Returns:
            A float32 tensor `(batch, latent_dim)`, distributed as the prior.
        """
        raise NotImplementedError

    def truncate(self, latents, truncation):
        """Move latents towards the middle of the prior.

        The result is distributed as the prior cut off at `truncation`, and
        depends on each latent smoothly, so that a seed keeps its picture while
        the truncation is changed. Less diverse, more typical pictures follow.

        Args:
            latents: float tensor `(batch, latent_dim)`, drawn from this prior.
            truncation: float, or float tensor `(batch, 1)` with one for each
                latent: how much of the prior to keep; each prior says in which
                unit.

        Returns:
            A float tensor `(batch, latent_dim)`.
        """
        raise NotImplementedError

    def __repr__(self):
        settings = ", ".join(f"{k}={v}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({settings})"

    def get_config(self):
        return {"latent_dim": self.latent_dim}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@_package
class Normal(Prior):
    """The standard normal in every dimension, the usual choice.

    Args:
        latent_dim: int, the length of one latent vector.

    Example:

    ```python
    prior = keras_gan.latents.Normal(128)
    latents = prior.sample(16, seed=0)  # (16, 128)
    latents = prior.truncate(latents, 1.5)  # no value beyond 1.5
    ```

    Truncation: Brock et al. 2018, "Large Scale GAN Training for High Fidelity
    Natural Image Synthesis", arXiv:1809.11096, with the cut made by the quantile
    function in place of drawing again.
    """

    def sample(self, num_samples, seed=None):
        return keras.random.normal((num_samples, self.latent_dim), seed=seed)

    def quantile(self, uniforms):
        """See `Prior.quantile`; noise of exactly 0 or 1 becomes -5.2 or 5.2."""
        centred = 2.0 * ops.cast(uniforms, "float32") - 1.0
        return math.sqrt(2) * ops.erfinv(ops.clip(centred, -_LIMIT, _LIMIT))

    def truncate(self, latents, truncation):
        """See `Prior.truncate`; `truncation` is in standard deviations.

        With F the distribution function of the normal, z becomes
        F^-1(F(z) squeezed into [F(-truncation), F(truncation)]).
        """
        if _is_number(truncation) and not truncation > 0:
            raise ValueError(
                "`truncation` is in standard deviations and must be positive, such "
                f"as 1.5. Received: {truncation}"
            )
        latents = ops.cast(latents, "float32")
        truncation = ops.cast(truncation, "float32")
        mass = ops.erf(truncation / math.sqrt(2))
        centred = ops.erf(latents / math.sqrt(2)) * mass  # 2 F(z) - 1, squeezed
        squeezed = math.sqrt(2) * ops.erfinv(ops.clip(centred, -_LIMIT, _LIMIT))
        return ops.clip(squeezed, -truncation, truncation)


@_package
class Uniform(Prior):
    """Uniform in every dimension, as in the first papers.

    Args:
        latent_dim: int, the length of one latent vector.
        low: float, the lower bound.
        high: float, the upper bound.

    Example:

    ```python
    prior = keras_gan.latents.Uniform(100)  # U(-1, 1)
    ```

    Goodfellow et al. 2014, arXiv:1406.2661; Radford et al. 2015,
    arXiv:1511.06434.
    """

    max_truncation = 1.0

    def __init__(self, latent_dim, low=-1.0, high=1.0):
        super().__init__(latent_dim)
        if not low < high:
            raise ValueError(f"`low` must be below `high`. Received: {low} and {high}")
        self.low = low
        self.high = high

    def sample(self, num_samples, seed=None):
        shape = (num_samples, self.latent_dim)
        return keras.random.uniform(shape, self.low, self.high, seed=seed)

    def quantile(self, uniforms):
        """See `Prior.quantile`."""
        return self.low + (self.high - self.low) * ops.cast(uniforms, "float32")

    def truncate(self, latents, truncation):
        """See `Prior.truncate`; `truncation` is the share of the range, 0 to 1."""
        if _is_number(truncation) and not 0 < truncation <= 1:
            raise ValueError(
                "`truncation` is the share of the uniform prior's range to keep, "
                f"above 0 and up to 1. Received: {truncation}"
            )
        latents = ops.cast(latents, "float32")
        truncation = ops.cast(truncation, "float32")
        middle = (self.low + self.high) / 2
        return middle + truncation * (latents - middle)

    def get_config(self):
        return {**super().get_config(), "low": self.low, "high": self.high}
