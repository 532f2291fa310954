"""DiffAugment: a few simple changes, each made to every image."""

import keras
from keras import ops

from keras_gan.augment import sampling
from keras_gan.augment.augmentation import (
    Augmentation,
    check_names,
    image_size,
    in_turn,
)
from keras_gan.augment.chance import Chance


@keras.saving.register_keras_serializable(package="keras_gan")
class DiffAugment(Augmentation):
    """Colour, shift and a hole, at random for every image.

    - `"color"`: brightness, by -0.5 to 0.5; saturation, by a factor of 0 to 2
      (of no effect on grey images); contrast, by a factor of 0.5 to 1.5.
    - `"translation"`: a shift by up to an eighth of the height and of the width.
      What comes in is mid-grey, 0.
    - `"cutout"`: a square of half the height and half the width, partly outside
      perhaps, becomes mid-grey.

    Every image is changed, from the first step to the last. `AdaptiveAugment`
    changes as many as the discriminator's overfitting asks for.

    Args:
        policy: list of names among the three, in the order in which the changes
            are made.
        name: str.

    Example:

    ```python
    augment = keras_gan.augment.DiffAugment(["translation", "cutout"])
    images = augment(keras.random.uniform((16, 32, 32, 3), -1, 1), seed=0)
    ```

    Zhao et al. 2020, "Differentiable Augmentation for Data-Efficient GAN
    Training", arXiv:2006.10738.
    """

    def __init__(self, policy=("color", "translation", "cutout"), name=None):
        super().__init__(name=name)
        check_names("policy", policy, _OPERATIONS)
        self.policy = list(policy)

    def draw(self, images, seed=None):
        size = image_size(images)
        chance = Chance(ops.shape(images)[0], seed)
        return in_turn([_OPERATIONS[name](chance, *size) for name in self.policy])

    def get_config(self):
        return {**super().get_config(), "policy": list(self.policy)}


def brightness(images, amount):
    """Add an amount, `(batch,)`, to every pixel."""
    return images + _each(amount)


def saturation(images, factor):
    """Move every pixel's channels away from their mean, or towards it."""
    return _spread(images, factor, axis=-1)


def contrast(images, factor):
    """Move every value away from its image's mean, or towards it."""
    return _spread(images, factor, axis=(1, 2, 3))


def translation(images, right, down):
    """Shift each image by whole pixels and fill with 0."""
    _, height, width, _ = images.shape
    rows = _whole(ops.arange(height, dtype="float32")[None, :, None] - _plane(down))
    columns = _whole(ops.arange(width, dtype="float32")[None, None] - _plane(right))
    is_inside = _within(rows, 0, height) & _within(columns, 0, width)
    shifted = sampling.pixels(
        images, ops.clip(rows, 0, height - 1), ops.clip(columns, 0, width - 1)
    )
    return shifted * ops.cast(is_inside, "float32")[..., None]


def cutout(images, left, top, width, height):
    """Put 0 into a window of each image, `left` and `top` in `(batch,)`."""
    rows = ops.arange(images.shape[1], dtype="float32")[None, :, None]
    columns = ops.arange(images.shape[2], dtype="float32")[None, None]
    top, left = _plane(top), _plane(left)
    is_cut = _within(rows, top, top + height) & _within(columns, left, left + width)
    return images * (1.0 - ops.cast(is_cut, "float32")[..., None])


def draw_color(chance, height, width):
    """What `"color"` does to a batch, by chance."""
    amount = chance.uniform(-0.5, 0.5)
    saturation_factor = chance.uniform(0.0, 2.0)
    contrast_factor = chance.uniform(0.5, 1.5)
    return lambda images: contrast(
        saturation(brightness(images, amount), saturation_factor), contrast_factor
    )


def draw_translation(chance, height, width):
    """What `"translation"` does to a batch, by chance."""
    most_right, most_down = int(width / 8 + 0.5), int(height / 8 + 0.5)
    right = chance.integer(-most_right, most_right)
    down = chance.integer(-most_down, most_down)
    return lambda images: translation(images, right, down)


def draw_cutout(chance, height, width):
    """What `"cutout"` does to a batch, by chance."""
    window = int(width / 2 + 0.5), int(height / 2 + 0.5)
    middle_x = chance.integer(0, width - window[0] % 2)
    middle_y = chance.integer(0, height - window[1] % 2)
    left, top = middle_x - window[0] // 2, middle_y - window[1] // 2
    left = chance.maybe(left, instead=float(width))  # Out of sight.
    return lambda images: cutout(images, left, top, *window)


_OPERATIONS = {
    "color": draw_color,
    "translation": draw_translation,
    "cutout": draw_cutout,
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
