"""What Keras lacks and the architectures need."""

from keras_gan.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gan.layers.maxout import Maxout
from keras_gan.layers.self_attention import SelfAttention
from keras_gan.layers.spectral_normalization import SpectralNormalization

__all__ = [
    "ConditionalBatchNormalization",
    "Maxout",
    "SelfAttention",
    "SpectralNormalization",
]
