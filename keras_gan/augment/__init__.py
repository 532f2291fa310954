"""Augmentation: the discriminator sees all images, real or fake, through it.

With little data the discriminator learns the training images by heart. Shown
randomly changed images it cannot, and as it sees real and generated images
changed in the same way, the generator still has to match the unchanged ones.
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
