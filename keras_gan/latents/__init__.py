"""Latents: priors, codes with a meaning, paths, directions, and the way back.

`closed_form`, `principal` and `from_attributes` find `Directions`. `project` finds the
latents of a picture.
"""

from keras_gan.latents.attributes import from_attributes
from keras_gan.latents.codes import Categorical, NoiseAndCodes, default_codes
from keras_gan.latents.directions import Directions
from keras_gan.latents.finding import closed_form, principal
from keras_gan.latents.interpolation import interpolate, sweep, walk
from keras_gan.latents.priors import Normal, Prior, Uniform
from keras_gan.latents.projection import Projection, project

__all__ = [
    "Categorical",
    "Directions",
    "NoiseAndCodes",
    "Normal",
    "Prior",
    "Projection",
    "Uniform",
    "closed_form",
    "default_codes",
    "from_attributes",
    "interpolate",
    "principal",
    "project",
    "sweep",
    "walk",
]
