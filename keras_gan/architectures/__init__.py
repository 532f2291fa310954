"""Pairs of networks: each function returns `(generator, discriminator)`.

They are plain Keras models. Change them, or bring your own: a GAN takes any
generator from latents to data and any discriminator from data to logits.
"""

from keras_gan.architectures.dcgan import dcgan
from keras_gan.architectures.mlp import mlp, mlp_2014
from keras_gan.architectures.r3gan import r3gan
from keras_gan.architectures.resnet import resnet

__all__ = ["dcgan", "mlp", "mlp_2014", "r3gan", "resnet"]
