"""Latent priors: the distributions that the generator turns into data.

Goodfellow et al. 2014 call the prior p_z(z). A generator never sees anything
else, so the prior's shape decides what a walk through latent space means:
under a standard normal, most of the mass lies near a sphere of radius
sqrt(latent_dim), and spherical interpolation stays on it.
"""

import keras
from keras import ops


class Prior:
    """A distribution over latent vectors.

    Subclasses implement `sample`. A prior holds no state: the randomness comes
    from the seed that is passed in, so that the same seed gives the same
    latents.

    Args:
        latent_dim: int, the length of one latent vector.
    """

    def __init__(self, latent_dim):
        if int(latent_dim) != latent_dim or latent_dim < 1:
            raise ValueError(
                f"`latent_dim` must be a positive integer. Received: {latent_dim!r}"
            )
        self.latent_dim = int(latent_dim)

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

    def truncate(self, latents, truncation):
        """Draw latents in towards the middle of the prior.

        The plain way scales them towards the mean. It trades diversity for
        typicality: 0 gives one picture, 1 leaves the latents alone.

        Args:
            latents: tensor of shape `(batch, latent_dim)`.
            truncation: float in [0, 1].
        """
        return self.mean + truncation * (latents - self.mean)

    @property
    def mean(self):
        return 0.0

    def get_config(self):
        return {"latent_dim": self.latent_dim}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
