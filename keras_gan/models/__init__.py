"""Adversarial models: the base class and the games built on it."""

from keras_gan.models.base import AdversarialModel

from keras_gan.models.gan import GAN  # isort: skip
from keras_gan.models.acgan import ACGAN
from keras_gan.models.autoencoder import Autoencoder
from keras_gan.models.cogan import CoGAN
from keras_gan.models.cyclegan import CycleGAN
from keras_gan.models.fastgan import FastGAN
from keras_gan.models.infogan import InfoGAN
from keras_gan.models.latent_variable import LatentVariableModel
from keras_gan.models.pix2pix import Pix2Pix
from keras_gan.models.progressive import ProgressiveGAN
from keras_gan.models.san import SAN
from keras_gan.models.semi_supervised import SemiSupervisedGAN
from keras_gan.models.simultaneous import SimultaneousGAN
from keras_gan.models.tabular import TabularGAN
from keras_gan.models.translation import ImageTranslator
from keras_gan.models.vae import VAE
from keras_gan.models.vaegan import VAEGAN

__all__ = [
    "ACGAN",
    "GAN",
    "SAN",
    "VAE",
    "VAEGAN",
    "AdversarialModel",
    "Autoencoder",
    "CoGAN",
    "CycleGAN",
    "FastGAN",
    "ImageTranslator",
    "InfoGAN",
    "LatentVariableModel",
    "Pix2Pix",
    "ProgressiveGAN",
    "SemiSupervisedGAN",
    "SimultaneousGAN",
    "TabularGAN",
]
