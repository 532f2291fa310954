"""What a change of a real image does to the codes that an InfoGAN reads from it."""

from keras_gan.invariance.categories import CategoryInvariance, mutual_information
from keras_gan.invariance.checks import as_terms
from keras_gan.invariance.numbers import NumberEquivariance

__all__ = ["CategoryInvariance", "NumberEquivariance", "as_terms", "mutual_information"]
