"""What a change of a real image does to the codes that an InfoGAN reads from it."""

from keras_gan.invariance.categories import CategoryInvariance, mutual_information
from keras_gan.invariance.numbers import NumberEquivariance

__all__ = ["CategoryInvariance", "NumberEquivariance", "mutual_information"]
