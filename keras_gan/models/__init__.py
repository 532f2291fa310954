"""Adversarial models: the base class and the games built on it."""

from keras_gan.models.base import AdversarialModel

from keras_gan.models.gan import GAN  # isort: skip
from keras_gan.models.acgan import ACGAN
from keras_gan.models.cogan import CoGAN
from keras_gan.models.cyclegan import CycleGAN
from keras_gan.models.fastgan import FastGAN
from keras_gan.models.infogan import InfoGAN
from keras_gan.models.pix2pix import Pix2Pix
from keras_gan.models.progressive import ProgressiveGAN
from keras_gan.models.san import SAN
from keras_gan.models.simultaneous import SimultaneousGAN
from keras_gan.models.tabular import TabularGAN
from keras_gan.models.translation import ImageTranslator

__all__ = [
    "ACGAN",
    "GAN",
    "SAN",
    "AdversarialModel",
    "CoGAN",
    "CycleGAN",
    "FastGAN",
    "ImageTranslator",
    "InfoGAN",
    "Pix2Pix",
    "ProgressiveGAN",
    "SimultaneousGAN",
    "TabularGAN",
]
