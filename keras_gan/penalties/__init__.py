"""Penalties on the gradient of the discriminator with respect to its input.

A discriminator that separates real from fake perfectly gives the generator no
useful gradient. Each penalty takes the gradient of D with respect to its INPUT, at
points that the penalty chooses, and adds a cost to the discriminator's loss. This
cost is differentiated once more, with respect to the weights.

The norm of the gradient is over all values that a logit depends on. These are the
values of one example, or of one pack if the discriminator takes packs of examples.
"""

from keras_gan.penalties.apply import check_penalties, discriminate_with_penalties
from keras_gan.penalties.dragan import DRAGAN
from keras_gan.penalties.generator_penalty import GeneratorPenalty
from keras_gan.penalties.gradient_penalty import GradientPenalty
from keras_gan.penalties.path_length import PathLength
from keras_gan.penalties.penalty import Penalty
from keras_gan.penalties.weight_clipping import WeightClipping
from keras_gan.penalties.zero_centred import R1, R2

__all__ = [
    "DRAGAN",
    "R1",
    "R2",
    "GeneratorPenalty",
    "GradientPenalty",
    "PathLength",
    "Penalty",
    "WeightClipping",
    "check_penalties",
    "discriminate_with_penalties",
]
