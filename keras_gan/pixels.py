"""Conversion between images in [-1, 1] and bytes."""

import numpy as np
from keras import ops

TOLERANCE = 1e-3  # rounding in a generator may leave [-1, 1] by this much
HALF = 127.5  # half of the range of a byte


def to_uint8(images) -> np.ndarray:
    """Round images to bytes.

    `-1` becomes 0 and `1` becomes 255. Bytes pass through unchanged.

    Args:
        images: array or tensor of any shape, float in [-1, 1] or uint8.

    Returns:
        uint8 array of the same shape.

    Raises:
        ValueError: if a value is not finite or outside [-1, 1].

    Example:

    ```python
    import numpy as np
    from keras_gan.pixels import to_uint8

    to_uint8(np.array([-1.0, 0.0, 1.0]))  # [0, 128, 255]
    ```
    """
    images = as_array(images)
    if images.dtype == np.uint8:
        return images
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            "Images must be float in [-1, 1] or uint8 in [0, 255]. "
            f"Received dtype: {images.dtype}. If the values are bytes, cast them: "
            "`images.astype('uint8')`."
        )
    if images.size == 0:
        return images.astype(np.uint8)
    low, high = float(images.min()), float(images.max())
    if not np.isfinite(low) or not np.isfinite(high):
        raise ValueError(
            f"Images hold {np.count_nonzero(~np.isfinite(images))} values that are "
            "NaN or infinite. A generator that makes such values has diverged."
        )
    if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(
            f"Float images must lie in [-1, 1]. Received values in [{low:.4g}, "
            f"{high:.4g}]. Bytes in [0, 255] go in as uint8; for a generator "
            "without tanh, clip its images with `np.clip(images, -1, 1)`."
        )
    levels = (images.astype(np.float32) + 1) * HALF
    return np.floor(np.clip(levels, 0, 255) + 0.5).astype(np.uint8)


def from_uint8(images):
    """Scale bytes to float32 in [-1, 1]: 0 to -1 and 255 to 1, as x / 127.5 - 1.

    The inverse of `to_uint8`. NumPy computes it for an array, and the backend for a
    tensor, also in a compiled graph. Both give the same bits: one exact subtraction,
    then one rounded product. (A division would not: compilers turn a division by a
    constant into a product, which changes its last bit.)

    Args:
        images: uint8 array or tensor of any shape.

    Returns:
        float32 array or tensor of the same shape.

    Example:

    ```python
    import numpy as np
    from keras_gan.pixels import from_uint8

    from_uint8(np.array([0, 51, 255], "uint8"))  # [-1, -0.6, 1]
    ```
    """
    if isinstance(images, np.ndarray):
        scaled = images.astype(np.float32)
        scaled -= HALF
        scaled *= 1 / HALF
        return scaled
    return (ops.cast(images, "float32") - HALF) * (1 / HALF)


def as_array(images) -> np.ndarray:
    """Return a NumPy array from an array or a tensor of any backend."""
    if hasattr(images, "detach"):
        images = images.detach().cpu()
        if str(images.dtype) == "torch.bfloat16":  # NumPy has no such type
            images = images.float()
    return np.asarray(images)
