"""Changes of images by a strength that is known: more, or less, of one thing."""

import math
from collections.abc import Callable
from typing import NamedTuple

from keras import ops

from keras_gan._typing import Tensor
from keras_gan.augment.geometry import Frame


def thicken(images: Tensor, strengths: Tensor) -> Tensor:
    """Make light strokes thicker, or thinner where the strength is negative.

    At 1 every pixel is the lightest of the 3 x 3 around it, at -1 the darkest.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        strengths: float tensor `(batch,)`, in [-1, 1].
    """
    strengths = strengths[:, None, None, None]
    thicker = _lightest(images) - images
    thinner = -_lightest(-images) - images
    return images + ops.relu(strengths) * thicker + ops.relu(-strengths) * thinner


def slant(images: Tensor, strengths: Tensor) -> Tensor:
    """Slant images to the right: the upper rows move so, and the lower ones back.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        strengths: float tensor `(batch,)`, the pixels that a row moves for each row
            that it is above the middle.
    """
    _, height, width, _ = images.shape
    frame = Frame(ops.shape(images)[0], height, width)
    frame.slant(strengths)
    return frame.resample(images)


def enlarge(images: Tensor, strengths: Tensor) -> Tensor:
    """Make images larger by a factor of two to the power of the strength.

    Args:
        images: float tensor `(batch, height, width, channels)`.
        strengths: float tensor `(batch,)`.
    """
    _, height, width, _ = images.shape
    frame = Frame(ops.shape(images)[0], height, width)
    factors = ops.exp2(strengths)
    frame.scale(factors, factors)
    return frame.resample(images)


class Change(NamedTuple):
    """A change of images, its whole strength, and the largest that there is."""

    apply: Callable[[Tensor, Tensor], Tensor]
    strength: float
    largest: float = math.inf


# In the order in which they are made. With a `step` of 0.8 the slant and the thickness
# of handwritten digits then vary, within a class, about as a number of the prior does.
CHANGES = {
    "thickness": Change(thicken, 0.42, largest=1.0),
    "size": Change(enlarge, 0.4),
    "slant": Change(slant, 0.33),
}


def _lightest(images):
    return ops.max_pool(
        images, 3, strides=1, padding="same", data_format="channels_last"
    )
