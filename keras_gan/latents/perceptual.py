"""A distance of images by the features of a network trained on ImageNet."""

from collections.abc import Callable

from keras import ops

from keras_gan._typing import Tensor
from keras_gan.pretrained import efficientnet_lite0, resize

BLOCKS = efficientnet_lite0.SCALES[:3]  # at 1/4, 1/8 and 1/16 of the size
SMALLEST, LARGEST = 64, 224


def feature_differences(
    image_shape: tuple[int, int, int], weights: str | None = "imagenet"
) -> Callable[[Tensor, Tensor], Tensor]:
    """Return a function from images and targets to a distance for each.

    The features of EfficientNet-Lite0 are made unit vectors at every position of three
    of its maps. The distance is the mean of their squared differences.

    Args:
        image_shape: `(height, width, channels)`, grey or colour.
        weights: see `keras_gan.pretrained.efficientnet_lite0.read`.

    Raises:
        ImportError: if the weights are not installed.
        ValueError: if the images are neither grey nor colour.

    Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features as a Perceptual
    Metric", arXiv:1801.03924, without its learned weights.
    """
    *sides, channels = image_shape
    if channels not in (1, 3):
        raise ValueError(
            "The ImageNet features are those of grey or colour images. These have "
            f"{channels} channels: pass `perceptual_weight=0`."
        )
    size = tuple(_side(side) for side in sides)
    network = efficientnet_lite0.network((*size, 3), BLOCKS, dtype="float32")
    efficientnet_lite0.assign(network, efficientnet_lite0.read(weights))

    def features(images):
        images = ops.repeat(images, 3, axis=-1) if channels == 1 else images
        if size != tuple(sides):
            images = resize.resize(images, size)
        maps = network(images, training=False)
        return [_unit(each) for each in maps.values()]

    def differences(images, targets):
        pairs = zip(features(images), features(targets), strict=True)
        terms = [
            ops.mean(ops.sum(ops.square(a - b), axis=-1), axis=(1, 2)) for a, b in pairs
        ]
        return sum(terms) / len(terms)

    return differences


def _side(side):
    """Return a multiple of 32 near a side, not too small for the features to differ."""
    multiple = efficientnet_lite0.MULTIPLE
    return max(SMALLEST, min(LARGEST, round(side / multiple) * multiple))


def _unit(features):
    squares = ops.sum(ops.square(features), axis=-1, keepdims=True)
    return features / ops.sqrt(squares + 1e-10)
