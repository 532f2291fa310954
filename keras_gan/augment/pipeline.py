"""Random augmentation: many changes, each made with some probability."""

from collections.abc import Iterable

import keras
from keras import ops

from keras_gan._typing import Change, Config, Seed, Tensor
from keras_gan.augment import color, diff_augment, geometry
from keras_gan.augment.augmentation import (
    Augmentation,
    check_names,
    compose,
    image_size,
)
from keras_gan.augment.random_draws import RandomDraws

_OPERATIONS = ("blit", "geometry", "color", "cutout")


@keras.saving.register_keras_serializable(package="keras_gan")
class RandomAugment(Augmentation):
    """Change images as ADA does, each change with a fixed probability.

    - `"blit"`: mirror left to right; rotate by 0, 90, 180 or 270 degrees
      (square images only); shift by whole pixels, up to an eighth of the size.
    - `"geometry"`: scale, rotate, stretch, rotate again and shift, all by any
      amount. Outside its border the image is mirrored.
    - `"color"`: brightness, contrast, inverted lightness and, for colour images,
      hue and saturation.
    - `"cutout"`: a hole of half the height and width. Not among the defaults.

    Each change leaves some images as they are. This keeps the augmentation from
    leaking into the generated images: if the generator made rotated images, the
    discriminator could tell, because real images are more often upright. According
    to the paper this holds in practice up to a probability of about 0.8.

    Args:
        probability: float in [0, 1], of each change for each image.
        operations: list of names among the four; or a dict from names to
            factors in [0, 1] of the probability.
        name: str.

    Example:

    ```python
    augment = keras_gan.augment.RandomAugment(0.3, ["blit", "geometry"])
    images = augment(keras.random.uniform((16, 32, 32, 3), -1, 1), seed=0)
    ```

    Karras et al. 2020, "Training Generative Adversarial Networks with Limited
    Data", arXiv:2006.06676. The paper interpolates with a longer filter; here it is
    bilinear.
    """

    def __init__(
        self,
        probability: float = 0.5,
        operations: Iterable[str] | dict[str, float] = ("blit", "geometry", "color"),
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        check_names("operations", operations, _OPERATIONS)
        if not isinstance(operations, dict):
            operations = dict.fromkeys(operations, 1.0)
        for value in (probability, *operations.values()):
            if not 0 <= value <= 1:
                raise ValueError(
                    "Probabilities, and the factors of `operations`, must lie in "
                    f"[0, 1]. Received: probability={probability}, "
                    f"operations={operations}"
                )
        self.operations = operations
        self.initial_probability = float(probability)
        self.probability = self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(self.initial_probability),
            trainable=False,
            name="probability",
        )

    def sample(self, images: Tensor, seed: Seed = None) -> Change:
        height, width = image_size(images)
        num_images = ops.shape(images)[0]
        draws = RandomDraws(num_images, seed)
        frame = geometry.Frame(num_images)
        names = [name for name in _OPERATIONS if self.operations.get(name)]
        changes = [frame.resample] if {"blit", "geometry"} & set(names) else []
        for name in names:
            draws.probability = self.operations[name] * self.probability.value
            if name == "blit":
                geometry.sample_blit(frame, draws, height, width)
            elif name == "geometry":
                geometry.sample_affine(frame, draws, height, width)
            elif name == "color":
                changes.append(color.sample_color_transform(draws).apply)
            else:
                changes.append(diff_augment.sample_cutout(draws, height, width))
        return compose(changes)

    def logs(self) -> dict[str, Tensor]:
        return {"augmentation": ops.convert_to_tensor(self.probability)}

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "probability": self.initial_probability,
            "operations": dict(self.operations),
        }
