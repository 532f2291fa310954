"""Random augmentation: many changes, each made with some probability."""

from collections.abc import Iterable

import keras
from keras import ops

from keras_gan._typing import Change, Config, Seed, Tensor
from keras_gan.augment import corruption, geometry
from keras_gan.augment.augmentation import Augmentation, compose, image_size
from keras_gan.augment.color import sample_color_transform
from keras_gan.augment.operations import COLOR, GEOMETRY, factors_of, strengths_of
from keras_gan.augment.random_draws import OperationDraws
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class RandomAugment(Augmentation):
    """Change images as ADA does, each change with a fixed probability.

    | group | operation | change, and its strength as in the paper |
    |---|---|---|
    | `"blit"` | `"x_flip"` | mirror left to right |
    | | `"rotate_90"` | rotate by 0, 90, 180 or 270 degrees (square images only) |
    | | `"integer_shift"` | shift by whole pixels, up to .125 of the size |
    | `"geometry"` | `"scale"` | by a factor of 2^s, s normal with deviation .2 |
    | | `"rotation"` | by any angle, up to 1 half turn both ways |
    | | `"anisotropic_scale"` | by 2^s across and 2^-s down, deviation .2 |
    | | `"fractional_shift"` | by any distance, deviation .125 of the size |
    | `"color"` | `"brightness"` | add a number, deviation .2 |
    | | `"contrast"` | multiply by 2^s, deviation .5 |
    | | `"luma_flip"` | invert the lightness, keep hue and saturation |
    | | `"hue"` | rotate, up to 1 half turn both ways (colour images only) |
    | | `"saturation"` | multiply by 2^s, deviation 1 (colour images only) |
    | | `"filter"` | amplify each of four octaves by 2^s, deviation 1 |
    | | `"noise"` | add normal noise, its deviation half-normal with .1 |
    | | `"cutout"` | a hole of .5 of the height and width |

    The defaults are those of the paper: the three groups. Outside its border an image
    is mirrored.

    Each change leaves some images as they are. This keeps the augmentation from
    leaking into the generated images: if the generator made rotated images, the
    discriminator could tell, because real images are more often upright. According
    to the paper this holds in practice up to a probability of about 0.8.

    Args:
        probability: float in [0, 1], of each change for each image.
        operations: list of names of groups and operations; or a dict from names to
            factors in [0, 1] of the probability. What is said of an operation counts
            more than what is said of its group.
        strengths: dict from operations to other strengths than the paper's.
        interpolation: `"bilinear"`; or `"wavelet"`, the paper's, which blurs less and
            takes several times as long.
        name: str.

    Raises:
        ValueError: on unknown names, and on numbers that cannot be.

    Example:

    ```python
    augment = keras_gan.augment.RandomAugment(
        0.3, {"blit": 1.0, "geometry": 1.0, "hue": 0.5}, strengths={"scale": 0.1}
    )
    images = augment(keras.random.uniform((16, 32, 32, 3), -1, 1), seed=0)
    ```

    Karras et al. 2020, "Training Generative Adversarial Networks with Limited
    Data", arXiv:2006.06676.
    """

    def __init__(
        self,
        probability: float = 0.5,
        operations: Iterable[str] | dict[str, float] = ("blit", "geometry", "color"),
        strengths: dict[str, float] | None = None,
        interpolation: str = "bilinear",
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        self._factors = factors_of(operations)
        self._strengths = strengths_of(strengths)
        if not isinstance(operations, dict):
            operations = dict.fromkeys(operations, 1.0)
        if not 0 <= probability <= 1:
            raise ValueError(
                f"`probability` must lie in [0, 1]. Received: {probability!r}"
            )
        self.operations = operations
        self.strengths = dict(strengths or {})
        self.interpolation = arguments.one_of(
            "interpolation", interpolation, ("bilinear", "wavelet")
        )
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
        probability = self.probability.value
        probabilities = {name: f * probability for name, f in self._factors.items()}
        draws = OperationDraws(num_images, seed, probabilities, self._strengths)
        changes = []
        if draws.has(*GEOMETRY):
            frame = geometry.sample_frame(draws, num_images, height, width)
            is_bilinear = self.interpolation == "bilinear"
            changes += [frame.resample if is_bilinear else frame.resample_by_wavelet]
        if draws.has(*COLOR):
            changes += [sample_color_transform(draws).apply]
        if draws.has("filter"):
            changes += [corruption.sample_filter(draws, height, width)]
        if draws.has("noise"):
            changes += [corruption.sample_noise(draws, images, seed)]
        if draws.has("cutout"):
            changes += [corruption.sample_cutout(draws, height, width)]
        return compose(changes)

    def logs(self) -> dict[str, Tensor]:
        return {"augmentation": ops.convert_to_tensor(self.probability)}

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "probability": self.initial_probability,
            "operations": dict(self.operations),
            "strengths": dict(self.strengths),
            "interpolation": self.interpolation,
        }
