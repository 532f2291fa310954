"""Latents: priors to sample them from, and paths between them."""

from keras_gan.latents.interpolation import interpolate, sweep, walk
from keras_gan.latents.priors import Normal, Prior, Uniform

__all__ = ["Normal", "Prior", "Uniform", "interpolate", "sweep", "walk"]
