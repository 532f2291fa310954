"""DiffAugment: a few simple changes, applied to every image."""

from collections.abc import Iterable

import keras
from keras import ops

from keras_gan._typing import Change, Config, Seed, Tensor
from keras_gan.augment import sampling
from keras_gan.augment.augmentation import (
    Augmentation,
    check_names,
    compose,
    image_size,
)
from keras_gan.augment.random_draws import RandomDraws


@keras.saving.register_keras_serializable(package="keras_gan")
class DiffAugment(Augmentation):
    """Change the colours, shift, and cut out a square, at random for every image.

    - `"color"`: brightness, by -0.5 to 0.5; saturation, by a factor of 0 to 2
      (of no effect on grey images); contrast, by a factor of 0.5 to 1.5.
    - `"translation"`: a shift by up to an eighth of the height and of the width.
      The uncovered part becomes mid-grey, 0.
    - `"cutout"`: a square of half the height and half the width becomes mid-grey.
      It may lie partly outside the image.

    Every image is changed, from the first step to the last. `AdaptiveAugment`
    changes a share of the images that follows the discriminator's overfitting.

    Args:
        policy: list of names among the three. The changes are made in this order.
        name: str.

    Example:

    ```python
    augment = keras_gan.augment.DiffAugment(["translation", "cutout"])
    images = augment(keras.random.uniform((16, 32, 32, 3), -1, 1), seed=0)
    ```

    Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN
    Training", arXiv:2006.10738.
    """

    def __init__(
        self,
        policy: Iterable[str] = ("color", "translation", "cutout"),
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        check_names("policy", policy, _OPERATIONS)
        self.policy = list(policy)

    def sample(self, images: Tensor, seed: Seed = None) -> Change:
        size = image_size(images)
        draws = RandomDraws(ops.shape(images)[0], seed)
        return compose([_OPERATIONS[name](draws, *size) for name in self.policy])

    def get_config(self) -> Config:
        return {**super().get_config(), "policy": list(self.policy)}


def brightness(images: Tensor, amount: Tensor) -> Tensor:
    """Add an amount, `(batch,)`, to every pixel."""
    return images + _each(amount)


def saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Move every pixel's channels away from their mean, or towards it."""
    return _spread(images, factor, axis=-1)


def contrast(images: Tensor, factor: Tensor) -> Tensor:
    """Scale the difference of every value to the mean of its image."""
    return _spread(images, factor, axis=(1, 2, 3))


def translation(images: Tensor, right: Tensor, down: Tensor) -> Tensor:
    """Shift each image by whole pixels and fill with 0."""
    _, height, width, _ = images.shape
    rows = _whole(ops.arange(height, dtype="float32")[None, :, None] - _plane(down))
    columns = _whole(ops.arange(width, dtype="float32")[None, None] - _plane(right))
    is_inside = _within(rows, 0, height) & _within(columns, 0, width)
    shifted = sampling.pixels(
        images, ops.clip(rows, 0, height - 1), ops.clip(columns, 0, width - 1)
    )
    return shifted * ops.cast(is_inside, "float32")[..., None]


def cutout(
    images: Tensor, left: Tensor, top: Tensor, width: int, height: int
) -> Tensor:
    """Set a window of each image to 0. `left` and `top` have the shape `(batch,)`."""
    rows = ops.arange(images.shape[1], dtype="float32")[None, :, None]
    columns = ops.arange(images.shape[2], dtype="float32")[None, None]
    top, left = _plane(top), _plane(left)
    is_cut = _within(rows, top, top + height) & _within(columns, left, left + width)
    return images * (1.0 - ops.cast(is_cut, "float32")[..., None])


def sample_color(draws: RandomDraws, height: int, width: int) -> Change:
    """Sample the change `"color"` for a batch."""
    amount = draws.uniform(-0.5, 0.5)
    saturation_factor = draws.uniform(0.0, 2.0)
    contrast_factor = draws.uniform(0.5, 1.5)
    return lambda images: contrast(
        saturation(brightness(images, amount), saturation_factor), contrast_factor
    )


def sample_translation(draws: RandomDraws, height: int, width: int) -> Change:
    """Sample the change `"translation"` for a batch."""
    most_right, most_down = int(width / 8 + 0.5), int(height / 8 + 0.5)
    right = draws.integer(-most_right, most_right)
    down = draws.integer(-most_down, most_down)
    return lambda images: translation(images, right, down)


def sample_cutout(draws: RandomDraws, height: int, width: int) -> Change:
    """Sample the change `"cutout"` for a batch."""
    window = int(width / 2 + 0.5), int(height / 2 + 0.5)
    middle_x = draws.integer(0, width - window[0] % 2)
    middle_y = draws.integer(0, height - window[1] % 2)
    left, top = middle_x - window[0] // 2, middle_y - window[1] // 2
    return lambda images: cutout(images, left, top, *window)


_OPERATIONS = {
    "color": sample_color,
    "translation": sample_translation,
    "cutout": sample_cutout,
}


def _spread(images, factor, axis):
    mean = ops.mean(images, axis=axis, keepdims=True)
    return mean + _each(factor) * (images - mean)


def _each(values):
    return values[:, None, None, None]


def _plane(values):
    return values[:, None, None]


def _whole(values):
    return ops.cast(values, "int32")


def _within(values, low, high):
    return (values >= low) & (values < high)
