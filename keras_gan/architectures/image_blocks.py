"""What image translators and their discriminators are made of, as it was published."""

import keras
from keras import layers

from keras_gan.layers import BatchNormalization, Conv2D, Conv2DTranspose, Dropout
from keras_gan.validation import arguments

NORMALIZATIONS = ("instance", "batch")
UPSAMPLINGS = ("transposed", "nearest")


def normalize(x: keras.KerasTensor, kind: str, name: str) -> keras.KerasTensor:
    """Normalise each channel over one image, or over the batch.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        kind: `"instance"`, without weights, which is the same in training and at
            inference; or `"batch"`, with a scale and an offset.
        name: str, of the layer.

    Ulyanov et al. 2016, "Instance Normalization: The Missing Ingredient for Fast
    Stylization", arXiv:1607.08022.
    """
    arguments.one_of("normalization", kind, NORMALIZATIONS)
    if kind == "instance":
        return layers.GroupNormalization(
            -1, epsilon=1e-5, center=False, scale=False, name=name
        )(x)
    return BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02),
        name=name,
    )(x)


def padded_conv(
    x: keras.KerasTensor,
    filters: int,
    kernel_size: int,
    strides: int,
    name: str,
    **kwargs,
) -> keras.KerasTensor:
    """Convolve images that have a border of one pixel of zeros on every side.

    This is not `padding="same"`, which is one pixel off where the kernel or the image
    is odd. Where the two are one it is used, for it is faster.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        filters: int, the number of outputs.
        kernel_size: int, the side of the kernel.
        strides: int.
        name: str, of the layer.
        **kwargs: those of `keras.layers.Conv2D`.
    """
    is_even = all(side is not None and side % 2 == 0 for side in x.shape[1:3])
    is_same = kernel_size == 4 and strides == 2 and is_even
    if not is_same:
        x = layers.ZeroPadding2D(
            1, data_format="channels_last", name=f"{name}_padding"
        )(x)
    return Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding="same" if is_same else "valid",
        name=name,
        **normal(),
        **kwargs,
    )(x)


def upsample(
    x: keras.KerasTensor,
    filters: int,
    kernel_size: int,
    kind: str,
    name: str,
    **kwargs,
) -> keras.KerasTensor:
    """Double the sides of images.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        filters: int, the number of outputs.
        kernel_size: int, 3 or 4, the side of the kernel of a transposed convolution.
        kind: `"transposed"`, as published, for a transposed convolution of stride 2; or
            `"nearest"`, for doubled pixels and a 3x3 convolution, which leaves no
            chequered pattern (Odena et al. 2016, "Deconvolution and Checkerboard
            Artifacts").
        name: str, of the layer with the weights.
        **kwargs: those of the convolution.
    """
    arguments.one_of("upsampling", kind, UPSAMPLINGS)
    if kind == "nearest":
        x = layers.UpSampling2D(
            2,
            interpolation="nearest",
            data_format="channels_last",
            name=f"{name}_upsampling",
        )(x)
        return padded_conv(x, filters, 3, 1, name, **kwargs)
    if kernel_size == 4:
        return Conv2DTranspose(
            filters, 4, strides=2, padding="same", name=name, **normal(), **kwargs
        )(x)
    # With a kernel of 3, "same" would cut the last row and column, not the first.
    x = Conv2DTranspose(
        filters, 3, strides=2, padding="valid", name=name, **normal(), **kwargs
    )(x)
    return layers.Cropping2D(
        ((1, 0), (1, 0)), data_format="channels_last", name=f"{name}_cropping"
    )(x)


def drop(x: keras.KerasTensor, rate: float, name: str) -> keras.KerasTensor:
    """Drop values at a rate; at a rate of 0 there is no layer."""
    return x if rate == 0 else Dropout(rate, name=name)(x)


def normal() -> dict[str, keras.initializers.Initializer]:
    """Return the initializer of every kernel, N(0, 0.02), as keyword arguments."""
    return {"kernel_initializer": keras.initializers.RandomNormal(0.0, 0.02)}


def check_multiple(
    what: str, image_shape: tuple[int | None, int | None, int], multiple: int
) -> None:
    """Check that the sides of images can be halved as often as a network does.

    Args:
        what: str, the network, for the error.
        image_shape: `(height, width, channels)`; a side of None may be anything.
        multiple: int, what must divide the sides.

    Raises:
        ValueError: if it does not, with sizes that it divides.
    """
    sides = [side for side in image_shape[:2] if side is not None]
    if any(side % multiple for side in sides):
        height, width = (
            side and -(-side // multiple) * multiple for side in image_shape[:2]
        )
        raise ValueError(
            f"{what} takes images whose sides are multiples of {multiple}. Received: "
            f"image_shape={image_shape}. Resize the images, for instance to "
            f"{height} x {width}."
        )
