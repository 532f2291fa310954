"""Augmentation of all images that the discriminator sees, real and generated.

With little data the discriminator memorises the training images. Randomly changed
images prevent this. Real and generated images are changed in the same way, so the
generator still has to match the unchanged data.
"""

from keras_gan.augment.adaptive import AdaptiveAugment
from keras_gan.augment.augmentation import Augmentation, check_augmentation
from keras_gan.augment.diff_augment import DiffAugment
from keras_gan.augment.pipeline import RandomAugment
from keras_gan.augment.scheduled import ScheduledAugment

__all__ = [
    "AdaptiveAugment",
    "Augmentation",
    "DiffAugment",
    "RandomAugment",
    "ScheduledAugment",
    "check_augmentation",
]
