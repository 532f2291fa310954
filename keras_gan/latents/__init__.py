"""Latents: priors to sample them from, codes with a meaning, paths between them."""

from keras_gan.latents.codes import Categorical, NoiseAndCodes, default_codes
from keras_gan.latents.interpolation import interpolate, sweep, walk
from keras_gan.latents.priors import Normal, Prior, Uniform

__all__ = [
    "Categorical",
    "NoiseAndCodes",
    "Normal",
    "Prior",
    "Uniform",
    "default_codes",
    "interpolate",
    "sweep",
    "walk",
]
