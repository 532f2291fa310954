"""The players' optimizers, their schedules, and the moving-average generator."""

from keras_gan.optimizers.adam import ScheduledAdam
from keras_gan.optimizers.adversarial import AdversarialOptimizer
from keras_gan.optimizers.batch_statistics import recompute_batch_statistics
from keras_gan.optimizers.ema import EMA
from keras_gan.optimizers.muon import Muon
from keras_gan.optimizers.schedules import ConstantThenLinear, CosineBurnIn
from keras_gan.optimizers.sgd import GeometricDecay, ScheduledSGD

__all__ = [
    "EMA",
    "AdversarialOptimizer",
    "ConstantThenLinear",
    "CosineBurnIn",
    "GeometricDecay",
    "Muon",
    "ScheduledAdam",
    "ScheduledSGD",
    "recompute_batch_statistics",
]
