"""Fold batch normalisation into the convolution before it."""

import numpy as np
from numpy.typing import ArrayLike


def fold_batch_norm(
    kernel: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    beta: ArrayLike,
    gamma: ArrayLike = 1.0,
    epsilon: float = 1e-3,
) -> tuple[np.ndarray, np.ndarray]:
    """Fold a frozen batch normalisation into the convolution before it.

    At inference both are affine. Therefore
    `gamma * (conv(x, kernel) - mean) / sqrt(variance + epsilon) + beta` is one
    convolution with a scaled kernel and a bias. The values are equal, with one pass
    over memory less.

    Args:
        kernel: array of shape `(height, width, in_channels, out_channels)`.
        mean: array of shape `(out_channels,)`, the moving mean.
        variance: array of shape `(out_channels,)`, the moving variance.
        beta: array of shape `(out_channels,)`, the offset.
        gamma: array of shape `(out_channels,)`, the gain, or 1.
        epsilon: float, the epsilon of the normalisation.

    Returns:
        `(kernel, bias)` in float32.
    """
    gain = gamma / np.sqrt(np.asarray(variance, "float64") + epsilon)
    kernel = np.asarray(kernel, "float64") * gain
    bias = beta - mean * gain
    return kernel.astype("float32"), bias.astype("float32")
