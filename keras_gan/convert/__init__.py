"""Published weights as Keras models.

`convert(path)` reads a state dict that PyTorch or another program wrote, recognises
whose it is, and returns the network with these weights: a Keras model like any other,
to use, to train on, to save and to export. The functions for each kind of network take
a state dict that `read_state_dict` returned.
"""

from keras_gan.convert.kinds import convert
from keras_gan.convert.r3gan import r3gan_discriminator, r3gan_generator
from keras_gan.convert.reading import read_state_dict
from keras_gan.convert.samplers import sampler
from keras_gan.convert.stylegan2 import stylegan2_discriminator, stylegan2_generator
from keras_gan.convert.translators import (
    cyclegan_generator,
    patch_discriminator,
    pix2pix_generator,
)

__all__ = [
    "convert",
    "cyclegan_generator",
    "patch_discriminator",
    "pix2pix_generator",
    "r3gan_discriminator",
    "r3gan_generator",
    "read_state_dict",
    "sampler",
    "stylegan2_discriminator",
    "stylegan2_generator",
]
