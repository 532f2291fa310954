"""What Keras lacks and the architectures need."""

from keras_gan.layers.autoregressive_dense import AutoregressiveDense
from keras_gan.layers.basis import BasisExpansion, BasisProjection
from keras_gan.layers.batch_normalization import BatchNormalization
from keras_gan.layers.clip import ClipAtInference
from keras_gan.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gan.layers.convolution import GroupedConv2D, PointwiseConv2D
from keras_gan.layers.correlation import Correlation
from keras_gan.layers.dropout import Dropout, dropout_at_inference
from keras_gan.layers.equalized import EqualizedConv2D, EqualizedDense
from keras_gan.layers.fade import Fade
from keras_gan.layers.image_pool import ImagePool
from keras_gan.layers.learned_constant import LearnedConstant
from keras_gan.layers.maxout import Maxout
from keras_gan.layers.minibatch_std_dev import MinibatchStdDev
from keras_gan.layers.modulated_convolution import ModulatedConv2D
from keras_gan.layers.noise_injection import NoiseInjection
from keras_gan.layers.packing import Packing
from keras_gan.layers.pixel_normalization import PixelNormalization
from keras_gan.layers.quadrant import Quadrant, quadrants
from keras_gan.layers.rank_code import RankCode, SharpPoints
from keras_gan.layers.reflection_padding import ReflectionPadding2D
from keras_gan.layers.resample import BilinearDownsample, BilinearUpsample
from keras_gan.layers.running_mean import RunningMean
from keras_gan.layers.scaled_leaky_relu import ScaledLeakyReLU
from keras_gan.layers.score_logits import ScoreLogits
from keras_gan.layers.self_attention import SelfAttention
from keras_gan.layers.sliced_logits import SlicedLogits
from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.layers.strided_convolution import Conv2D, Conv2DTranspose
from keras_gan.layers.table_output import TableOutput

__all__ = [
    "AutoregressiveDense",
    "BasisExpansion",
    "BasisProjection",
    "BatchNormalization",
    "BilinearDownsample",
    "BilinearUpsample",
    "ClipAtInference",
    "ConditionalBatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "Correlation",
    "Dropout",
    "EqualizedConv2D",
    "EqualizedDense",
    "Fade",
    "GroupedConv2D",
    "ImagePool",
    "LearnedConstant",
    "Maxout",
    "MinibatchStdDev",
    "ModulatedConv2D",
    "NoiseInjection",
    "Packing",
    "PixelNormalization",
    "PointwiseConv2D",
    "Quadrant",
    "RankCode",
    "ReflectionPadding2D",
    "RunningMean",
    "ScaledLeakyReLU",
    "ScoreLogits",
    "SelfAttention",
    "SharpPoints",
    "SlicedLogits",
    "SpectralNormalization",
    "TableOutput",
    "dropout_at_inference",
    "quadrants",
]
