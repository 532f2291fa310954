"""Many changes, each made to an image with some probability."""

import keras
from keras import ops

from keras_gan.augment import color, diff_augment, geometry
from keras_gan.augment.augmentation import (
    Augmentation,
    check_names,
    image_size,
    in_turn,
)
from keras_gan.augment.chance import Chance

_OPERATIONS = ("blit", "geometry", "color", "cutout")


@keras.saving.register_keras_serializable(package="keras_gan")
class RandomAugment(Augmentation):
    """The changes of ADA, each made with a fixed probability.

    - `"blit"`: mirrored left to right; turned by 0, 90, 180 or 270 degrees
      (square images only); shifted by whole pixels, up to an eighth of the size.
    - `"geometry"`: scaled, turned, stretched, turned again, shifted, all by any
      amount. What comes in from outside is the image, mirrored at its border.
    - `"color"`: brightness, contrast, lightness upside down, and where there are
      colours, hue and saturation.
    - `"cutout"`: a hole of half the height and width. Not among the defaults.

    An image left as it is with some probability is what keeps the augmentation
    from leaking: a generator that made turned images would be found out, as the
    real ones are more often upright. Up to a probability of about 0.8, the paper
    says, that holds in practice.

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
    Data", arXiv:2006.06676, whose filter between pixels is longer; here it is
    bilinear.
    """

    def __init__(
        self, probability=0.5, operations=("blit", "geometry", "color"), name=None
    ):
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

    def draw(self, images, seed=None):
        height, width = image_size(images)
        num_images = ops.shape(images)[0]
        chance = Chance(num_images, seed)
        frame = geometry.Frame(num_images)
        names = [name for name in _OPERATIONS if self.operations.get(name)]
        changes = [frame.look] if {"blit", "geometry"} & set(names) else []
        for name in names:
            chance.probability = self.operations[name] * self.probability.value
            if name == "blit":
                geometry.blit(frame, chance, height, width)
            elif name == "geometry":
                geometry.bend(frame, chance, height, width)
            elif name == "color":
                changes.append(color.repaint(chance).paint)
            else:
                changes.append(diff_augment.draw_cutout(chance, height, width))
        return in_turn(changes)

    def report(self):
        return {"augmentation": ops.convert_to_tensor(self.probability)}

    def get_config(self):
        return {
            **super().get_config(),
            "probability": self.initial_probability,
            "operations": dict(self.operations),
        }
