"""Latent priors: distributions of the generator's input.

Goodfellow et al. 2014 write the prior as p_z(z). The shape of the prior matters for
walks through latent space. Under a standard normal nearly all mass lies close to the
sphere of radius sqrt(latent_dim), and spherical interpolation stays on it.
"""

import math

import keras
import numpy as np
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Config, Seed, Tensor
from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")
_LIMIT = 1.0 - 1e-7  # the inverse of the error function is infinite at 1


def _is_number(value):
    return not getattr(value, "shape", ())


class Prior:
    """Base class of distributions over latent vectors.

    A prior has no state. All randomness comes from the seed that is passed in, and
    the same seed gives the same latents.

    Args:
        latent_dim: int, the length of one latent vector.

    `max_truncation` is the largest value that `truncate` takes. `interpolation` is the
    method of `keras_gan.latents.walk` that stays where the prior has its mass.
    """

    max_truncation = math.inf
    interpolation = "spherical"

    def __init__(self, latent_dim: int) -> None:
        self.latent_dim = arguments.integer("latent_dim", latent_dim)

    def sample(self, num_samples: Tensor, seed: Seed = None) -> Tensor:
        """Sample latents.

        Args:
            num_samples: int, or an int tensor inside a compiled step.
            seed: an int from 0 to 2**31 - 1, a `keras.random.SeedGenerator`, or
                None for a random seed.

        Returns:
            A float32 tensor of shape `(num_samples, latent_dim)`.
        """
        raise NotImplementedError

    def quantile(self, uniforms: Tensor) -> Tensor:
        """Transform uniform noise to latents, element by element.

        A server makes its own uniform noise from the seed of each picture. This
        function gives the noise the distribution of the prior.

        Args:
            uniforms: float tensor `(batch, latent_dim)`, uniform in [0, 1].

        Returns:
            A float32 tensor `(batch, latent_dim)`, distributed as the prior.
        """
        raise NotImplementedError

    def from_normal(self, normals: Tensor) -> Tensor:
        """Transform standard normal noise to latents, element by element.

        Args:
            normals: float tensor `(batch, latent_dim)`, standard normal.

        Returns:
            A float32 tensor `(batch, latent_dim)`, distributed as the prior.
        """
        return self.quantile((1.0 + ops.erf(normals / math.sqrt(2))) / 2.0)

    def truncate(self, latents: Tensor, truncation: float | Tensor) -> Tensor:
        """Truncate latents: move them towards the centre of the prior.

        The result has the distribution of the prior cut off at `truncation`. It
        depends smoothly on each latent, so a seed keeps its picture while the
        truncation changes. Generated images become less diverse and more typical.

        Args:
            latents: float tensor `(batch, latent_dim)`, sampled from this prior.
            truncation: float, or float tensor `(batch, 1)` with one for each
                latent: how much of the prior to keep, in a unit that each prior
                defines.

        Returns:
            A float tensor `(batch, latent_dim)`.
        """
        raise NotImplementedError

    def confine(self, latents: Tensor) -> Tensor:
        """Move latents that left the prior's mass to the nearest that it has.

        `keras_gan.latents.project` does so after every step. A prior that does not say
        where its mass lies returns them as they are.

        Args:
            latents: float tensor `(batch, latent_dim)`.

        Returns:
            A float tensor `(batch, latent_dim)`.
        """
        return latents

    # What a code needs, see `keras_gan.latents.NoiseAndCodes`.

    def entropy(self) -> float:
        """Return the entropy of a latent, in nats."""
        raise NotImplementedError

    def encode(self, values: Tensor) -> Tensor:
        """Return values that a user sets, `(batch,)` or `(batch, size)`, as latents."""
        return ops.reshape(ops.cast(values, "float32"), (-1, self.latent_dim))

    def check(self, name: str, values: np.ndarray) -> np.ndarray:
        """Return values that a user sets, after a check of their range.

        Args:
            name: str, the code's, for the error.
            values: array.

        Raises:
            ValueError: if one is not a latent of this prior.
        """
        if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
            raise ValueError(
                f"The code {name!r} takes finite numbers. Received: {values!r}"
            )
        return values.astype("float32")

    def log_likelihood(self, latents: Tensor, recognized: Tensor) -> Tensor:
        """Return log Q(c | x) in nats, of codes c that were recognised in images x.

        For numbers Q is a normal with a standard deviation of 1.

        Args:
            latents: float tensor `(batch, latent_dim)`, the codes.
            recognized: float tensor `(batch, latent_dim)`, the means of Q.

        Returns:
            A float tensor `(batch,)`.
        """
        error = ops.subtract(latents, recognized)
        squares = ops.square(error) + math.log(2 * math.pi)
        return -0.5 * ops.sum(squares, axis=-1)

    def information(self, latents: Tensor, recognized: Tensor) -> Tensor:
        """Return how much images tell of a code: a lower bound in nats.

        The bound is H(c) + E[log Q(c | x)], of Barber and Agakov 2003. For numbers Q
        is a normal whose standard deviation is the error in this batch.

        Args:
            latents: float tensor `(batch, latent_dim)`, the codes.
            recognized: float tensor `(batch, latent_dim)`, what was recognised.

        Returns:
            A float scalar.
        """
        error = ops.mean(ops.square(ops.subtract(latents, recognized)), axis=0)
        spread = ops.log(2 * math.pi * math.e * ops.maximum(error, 1e-12))
        return self.entropy() - 0.5 * ops.sum(spread)

    def read(self, recognized: Tensor) -> Tensor:
        """Return what a recognition head says of this code: the means of Q."""
        return recognized

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {"latent_dim": self.latent_dim}

    @classmethod
    def from_config(cls, config: Config) -> "Prior":
        return cls(**config)


@_package
class Normal(Prior):
    """Standard normal prior in every dimension, the usual choice.

    Args:
        latent_dim: int, the length of one latent vector.

    Example:

    ```python
    prior = keras_gan.latents.Normal(128)
    latents = prior.sample(16, seed=0)  # (16, 128)
    latents = prior.truncate(latents, 1.5)  # no value beyond 1.5
    ```

    Truncation: Brock et al. 2018, "Large Scale GAN Training for High Fidelity
    Natural Image Synthesis", arXiv:1809.11096, with the quantile function in place
    of resampling.
    """

    def sample(self, num_samples: Tensor, seed: Seed = None) -> Tensor:
        seed = arguments.seed(seed)
        return keras.random.normal((num_samples, self.latent_dim), seed=seed)

    def from_normal(self, normals: Tensor) -> Tensor:
        """Return the noise: it has this distribution already."""
        return ops.cast(normals, "float32")

    def quantile(self, uniforms: Tensor) -> Tensor:
        """See `Prior.quantile`. Noise of exactly 0 or 1 becomes about -5.3 or 5.3.

        No latent lies beyond; a normal does once in eight million times.
        """
        centred = 2.0 * ops.cast(uniforms, "float32") - 1.0
        return math.sqrt(2) * ops.erfinv(ops.clip(centred, -_LIMIT, _LIMIT))

    def truncate(self, latents: Tensor, truncation: float | Tensor) -> Tensor:
        """See `Prior.truncate`; `truncation` is in standard deviations.

        With F the distribution function of the normal, z becomes
        F^-1 of F(z) scaled to [F(-truncation), F(truncation)].
        """
        if _is_number(truncation) and not truncation > 0:
            raise ValueError(
                "`truncation` is in standard deviations and must be positive, such "
                f"as 1.5. Received: {truncation}"
            )
        latents = ops.cast(latents, "float32")
        truncation = ops.cast(truncation, "float32")
        mass = ops.erf(truncation / math.sqrt(2))
        centred = ops.erf(latents / math.sqrt(2)) * mass  # 2 F(z) - 1, scaled
        truncated = math.sqrt(2) * ops.erfinv(ops.clip(centred, -_LIMIT, _LIMIT))
        return ops.clip(truncated, -truncation, truncation)

    def confine(self, latents: Tensor) -> Tensor:
        """See `Prior.confine`: no latent is longer than the root of its size, plus 2.

        Of 400 draws from a normal, in any number of dimensions, about one is longer.
        """
        longest = math.sqrt(self.latent_dim) + 2.0
        lengths = ops.sqrt(ops.sum(ops.square(latents), axis=-1, keepdims=True) + 1e-12)
        return ops.multiply(latents, ops.minimum(1.0, longest / lengths))

    def entropy(self) -> float:
        return 0.5 * self.latent_dim * math.log(2 * math.pi * math.e)


@_package
class Uniform(Prior):
    """Uniform prior in every dimension, as in the first papers.

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
    interpolation = "linear"  # stays in the cube

    def __init__(self, latent_dim: int, low: float = -1.0, high: float = 1.0) -> None:
        super().__init__(latent_dim)
        if not low < high:
            raise ValueError(f"`low` must be below `high`. Received: {low} and {high}")
        self.low = low
        self.high = high

    def sample(self, num_samples: Tensor, seed: Seed = None) -> Tensor:
        shape = (num_samples, self.latent_dim)
        seed = arguments.seed(seed)
        return keras.random.uniform(shape, self.low, self.high, seed=seed)

    def quantile(self, uniforms: Tensor) -> Tensor:
        """See `Prior.quantile`."""
        return self.low + (self.high - self.low) * ops.cast(uniforms, "float32")

    def truncate(self, latents: Tensor, truncation: float | Tensor) -> Tensor:
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

    def confine(self, latents: Tensor) -> Tensor:
        """See `Prior.confine`: every number stays between `low` and `high`."""
        return ops.clip(latents, self.low, self.high)

    def entropy(self) -> float:
        return self.latent_dim * math.log(self.high - self.low)

    def check(self, name: str, values: np.ndarray) -> np.ndarray:
        values = super().check(name, values)
        wrong = values[(values < self.low) | (values > self.high)]
        if wrong.size:
            raise ValueError(
                f"The code {name!r} lies in [{self.low}, {self.high}]. Received: "
                f"{wrong.flat[0]}. Beyond it the generator was never trained; "
                "`synthesize` takes any latents."
            )
        return values

    def get_config(self) -> Config:
        return {**super().get_config(), "low": self.low, "high": self.high}
