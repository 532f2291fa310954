"""Every layer: a small one, and the shapes of what it takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass

import keras

from keras_gan import layers


@dataclass
class LayerCase:
    """A layer and the shapes of its inputs and outputs, batch included."""

    make: Callable  # from `dtype` to a layer
    input_shape: tuple
    output_shape: tuple
    num_classes: int | None = None  # a second input, of labels
    beside: tuple | None = None  # the shape of a second input, of numbers
    is_random: bool = False  # whether two passes of training differ
    ignores_values: bool = False  # whether outputs do not depend on the values
    is_stepwise: bool = False  # whether outputs are constant nearly everywhere


def spectral(dtype):
    inner = keras.layers.Conv2D(3, 3, padding="same", dtype=dtype)
    return layers.SpectralNormalization(inner)


LAYERS = {
    "AutoregressiveDense": LayerCase(
        lambda dtype: layers.AutoregressiveDense(8, 4, dtype=dtype), (4, 6), (4, 8)
    ),
    "AutoregressiveDense: the only one": LayerCase(
        lambda dtype: layers.AutoregressiveDense(
            12, 6, is_first=True, is_last=True, dtype=dtype
        ),
        (4, 6),
        (4, 12),
    ),
    "BasisExpansion": LayerCase(
        lambda dtype: layers.BasisExpansion(3, 5, dtype=dtype), (4, 6), (4, 3, 5, 6)
    ),
    "BasisProjection": LayerCase(
        lambda dtype: layers.BasisProjection(dtype=dtype), (4, 3, 5, 6), (4, 6)
    ),
    "BatchNormalization": LayerCase(
        lambda dtype: layers.BatchNormalization(dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 6),
    ),
    "BatchNormalization: of vectors": LayerCase(
        lambda dtype: layers.BatchNormalization(dtype=dtype), (8, 6), (8, 6)
    ),
    "BilinearDownsample": LayerCase(
        lambda dtype: layers.BilinearDownsample(dtype=dtype), (4, 4, 6, 3), (4, 2, 3, 3)
    ),
    "BilinearUpsample": LayerCase(
        lambda dtype: layers.BilinearUpsample(dtype=dtype), (4, 2, 3, 3), (4, 4, 6, 3)
    ),
    "ClipAtInference": LayerCase(
        lambda dtype: layers.ClipAtInference(-0.5, 0.5, dtype=dtype), (4, 6), (4, 6)
    ),
    "ConditionalBatchNormalization": LayerCase(
        lambda dtype: layers.ConditionalBatchNormalization(3, dtype=dtype),
        (6, 3, 5, 4),
        (6, 3, 5, 4),
        num_classes=3,
    ),
    "Conv2D": LayerCase(
        lambda dtype: layers.Conv2D(5, 4, strides=2, padding="same", dtype=dtype),
        (4, 8, 6, 3),
        (4, 4, 3, 5),
    ),
    "Conv2DTranspose": LayerCase(
        lambda dtype: layers.Conv2DTranspose(
            3, 4, strides=2, padding="same", dtype=dtype
        ),
        (4, 4, 3, 5),
        (4, 8, 6, 3),
    ),
    "Correlation": LayerCase(
        lambda dtype: layers.Correlation([[1, 0.5], [0.5, 1]], dtype=dtype),
        (4, 2),
        (4, 2),
    ),
    "Dropout": LayerCase(
        lambda dtype: layers.Dropout(0.5, seed=1, dtype=dtype),
        (4, 6),
        (4, 6),
        is_random=True,
    ),
    "EqualizedConv2D": LayerCase(
        lambda dtype: layers.EqualizedConv2D(5, 3, gain=1.5, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 5),
    ),
    "EqualizedConv2D: downsample": LayerCase(
        lambda dtype: layers.EqualizedConv2D(5, 3, downsample=True, dtype=dtype),
        (4, 4, 6, 3),
        (4, 2, 3, 5),
    ),
    "EqualizedDense": LayerCase(
        lambda dtype: layers.EqualizedDense(
            5, learning_rate_multiplier=0.1, bias_initializer="ones", dtype=dtype
        ),
        (4, 6),
        (4, 5),
    ),
    "Fade": LayerCase(
        lambda dtype: layers.Fade(0.25, dtype=dtype), (4, 6), (4, 6), beside=(4, 6)
    ),
    "ImagePool": LayerCase(
        lambda dtype: layers.ImagePool(8, dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 6)
    ),
    "GroupedConv2D": LayerCase(
        lambda dtype: layers.GroupedConv2D(6, 3, groups=2, padding="same", dtype=dtype),
        (4, 5, 4, 4),
        (4, 5, 4, 6),
    ),
    "LearnedConstant": LayerCase(
        lambda dtype: layers.LearnedConstant(3, 5, 2, dtype=dtype),
        (4, 6),
        (4, 3, 5, 2),
        ignores_values=True,
    ),
    "Maxout": LayerCase(
        lambda dtype: layers.Maxout(5, num_pieces=3, dtype=dtype), (4, 6), (4, 5)
    ),
    "MinibatchStdDev": LayerCase(
        lambda dtype: layers.MinibatchStdDev(2, num_channels=3, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 9),
    ),
    "ModulatedConv2D": LayerCase(
        lambda dtype: layers.ModulatedConv2D(5, 3, upsample=True, dtype=dtype),
        (4, 2, 3, 6),
        (4, 4, 6, 5),
        beside=(4, 6),
    ),
    "ModulatedConv2D: not demodulated": LayerCase(
        lambda dtype: layers.ModulatedConv2D(5, 1, demodulate=False, dtype=dtype),
        (4, 2, 3, 6),
        (4, 2, 3, 5),
        beside=(4, 6),
    ),
    "NoiseInjection": LayerCase(
        lambda dtype: layers.NoiseInjection(seed=1, dtype=dtype),
        (4, 3, 5, 6),
        (4, 3, 5, 6),
    ),
    "Packing": LayerCase(
        lambda dtype: layers.Packing(2, dtype=dtype), (4, 3, 5, 6), (2, 3, 5, 12)
    ),
    "PixelNormalization": LayerCase(
        lambda dtype: layers.PixelNormalization(dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 6)
    ),
    "PointwiseConv2D": LayerCase(
        lambda dtype: layers.PointwiseConv2D(5, dtype=dtype), (4, 3, 5, 6), (4, 3, 5, 5)
    ),
    "RunningMean": LayerCase(
        lambda dtype: layers.RunningMean(dtype=dtype), (4, 6), (4, 6)
    ),
    "ScaledLeakyReLU": LayerCase(
        lambda dtype: layers.ScaledLeakyReLU(clip=1.0, dtype=dtype), (4, 6), (4, 6)
    ),
    "Quadrant": LayerCase(
        lambda dtype: layers.Quadrant(dtype=dtype), (5, 4, 6, 3), (5, 2, 3, 3)
    ),
    "RankCode": LayerCase(
        lambda dtype: layers.RankCode([[-1, 0, 1], [-1, 1]], dtype=dtype),
        (4, 2),
        (4, 3),
    ),
    "ReflectionPadding2D": LayerCase(
        lambda dtype: layers.ReflectionPadding2D(2, dtype=dtype),
        (4, 3, 5, 6),
        (4, 7, 9, 6),
    ),
    "ScoreLogits": LayerCase(
        lambda dtype: layers.ScoreLogits([[0.0], [-1, 1]], dtype=dtype),
        (4, 2),
        (4, 5),
        is_stepwise=True,
    ),
    "SelfAttention": LayerCase(
        lambda dtype: layers.SelfAttention(dtype=dtype), (4, 4, 6, 8), (4, 4, 6, 8)
    ),
    "SelfAttention: spectral": LayerCase(
        lambda dtype: layers.SelfAttention(spectral_norm=True, dtype=dtype),
        (4, 4, 6, 8),
        (4, 4, 6, 8),
    ),
    "SharpPoints": LayerCase(
        lambda dtype: layers.SharpPoints([True, False], dtype=dtype), (4, 2), (4, 2)
    ),
    "SlicedLogits": LayerCase(
        lambda dtype: layers.SlicedLogits(dtype=dtype), (4, 6), (4, 2)
    ),
    "SlicedLogits: of maps": LayerCase(
        lambda dtype: layers.SlicedLogits((2, 3), dtype=dtype),
        (4, 3, 5, 6),
        (4, 2, 3, 2),
    ),
    "SlicedLogits: with vectors": LayerCase(
        lambda dtype: layers.SlicedLogits(dtype=dtype), (4, 6), (4, 2), beside=(4, 6)
    ),
    "SpectralNormalization": LayerCase(spectral, (4, 5, 4, 2), (4, 5, 4, 3)),
    "TableOutput": LayerCase(
        lambda dtype: layers.TableOutput(
            [[-1, 0, 1], [-1, 1]], [], [-1, -1], [-1, -1], dtype=dtype
        ),
        (4, 2),
        (4, 3),
    ),
}
