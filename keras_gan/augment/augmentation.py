"""Base class of augmentations: random, differentiable changes of images."""

from collections.abc import Collection, Iterable
from typing import Any

import keras
from keras import ops

from keras_gan._repr import config_repr
from keras_gan._typing import Change, Config, Seed, Tensor


class Augmentation(keras.layers.Layer):
    """Base class of random changes of the images that the discriminator sees.

    `sample` samples the random numbers and returns a function from images to
    images. This function can be called and differentiated any number of times.
    Subclasses implement `sample`. If the strength depends on training, they keep
    it in variables and change them in `update`.

    An augmentation is a layer, so a model saves its state.
    `augmentation(images, seed=0)` samples and applies a change at once.

    `updates_per_step` is how many times `update` is called in a discriminator step:
    once for each part of the batch if gradients are accumulated. `GAN.compile` sets it.

    Args:
        name: str.

    Example:

    ```python
    class Mirror(keras_gan.augment.Augmentation):
        def sample(self, images, seed=None):
            shape = (keras.ops.shape(images)[0], 1, 1, 1)
            is_flipped = keras.random.uniform(shape, seed=seed) < 0.5
            return lambda x: keras.ops.where(is_flipped, keras.ops.flip(x, 2), x)
    ```
    """

    updates_per_step = 1

    def __init__(self, name: str | None = None) -> None:
        # Pixels stay float32 under every precision of the networks.
        super().__init__(name=name, trainable=False, dtype="float32")
        self.built = True

    def sample(self, images: Tensor, seed: Seed = None) -> Change:
        """Sample a change for each image of a batch.

        Args:
            images: float tensor `(batch, height, width, channels)`. Only its shape
                is used.
            seed: int or `keras.random.SeedGenerator`.

        Returns:
            A function from images of that shape, in [-1, 1], to changed images.
            It is deterministic: each call applies the same change.
        """
        raise NotImplementedError

    def call(self, images: Tensor, seed: Seed = None) -> Tensor:
        return self.sample(images, seed)(images)

    def update(self, real_logits: Tensor, num_images: Tensor) -> None:
        """Update the state of the augmentation after D has seen real images.

        Args:
            real_logits: float tensor, the logits of augmented REAL images in
                a step, or in one of its `updates_per_step` parts. A relativistic
                loss compares pairs only, so there these are
                `real_logits - fake_logits`.
            num_images: int, the number of real images.
        """

    def logs(self) -> dict[str, Tensor]:
        """Return the values to log: a dict from names to scalars."""
        return {}

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def __repr__(self) -> str:
        return config_repr(self)

    def get_config(self) -> Config:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> "Augmentation":
        return cls(**config)


def check_augmentation(augmentation: Any) -> Augmentation:
    """Return the augmentation, or raise `ValueError` if it is not one."""
    if not isinstance(augmentation, Augmentation):
        raise ValueError(
            "`augment` must be an augmentation, such as "
            f"`keras_gan.augment.DiffAugment()`. Received: {augmentation!r}"
        )
    return augmentation


def check_names(argument: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise `ValueError` unless all names are known and none is repeated."""
    if isinstance(names, str):
        raise ValueError(
            f"`{argument}` must be a list of names, such as [{names!r}]. Received the "
            f"string {names!r}."
        )
    unknown = [name for name in names if name not in known]
    if unknown or len(set(names)) != len(names):
        raise ValueError(
            f"`{argument}` must name some of {sorted(known)}, each once. Received: "
            f"{list(names)}"
        )


def image_size(images: Tensor) -> tuple[int, int]:
    """Return the static height and width of a batch of images."""
    shape = tuple(images.shape)
    if len(shape) != 4 or None in shape[1:]:
        raise ValueError(
            "Augmentation is for images of a fixed size, (batch, height, width, "
            f"channels). Received the shape {shape}."
        )
    return shape[1:3]


def compose(changes: list[Change]) -> Change:
    """Return a function that applies changes in order, in float32."""

    def change(images):
        images = ops.cast(images, "float32")
        for operation in changes:
            images = operation(images)
        return images

    return change
