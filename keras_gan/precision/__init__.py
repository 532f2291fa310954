"""Numerical precision: the faster one for a device, and a scope for float32."""

from keras_gan.precision.choice import choose, processor_has_bfloat16
from keras_gan.precision.scope import single_precision

__all__ = [
    "choose",
    "processor_has_bfloat16",
    "single_precision",
]
