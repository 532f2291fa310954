"""Numerical precision: the faster one for a device, its cost, and a float32 scope."""

from keras_gan.precision.advice import advise, describe_cost
from keras_gan.precision.choice import choose, processor_has_bfloat16
from keras_gan.precision.scope import single_precision

__all__ = [
    "advise",
    "choose",
    "describe_cost",
    "processor_has_bfloat16",
    "single_precision",
]
