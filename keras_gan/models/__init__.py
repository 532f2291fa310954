"""Games with other players or other turns."""

from keras_gan.models.acgan import ACGAN
from keras_gan.models.simultaneous import SimultaneousGAN

__all__ = ["ACGAN", "SimultaneousGAN"]
