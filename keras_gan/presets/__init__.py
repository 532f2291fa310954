"""Whole trainings by name: networks, losses, data, length, and trained weights."""

from keras_gan.presets.loading import from_preset
from keras_gan.presets.preset import Preset
from keras_gan.presets.recommendation import Recommendation, recommend
from keras_gan.presets.registry import get, names
from keras_gan.presets.specs import ConstantThenLinear, CosineRamp, ImageShare, Make
from keras_gan.presets.trained import save_trained

__all__ = [
    "ConstantThenLinear",
    "CosineRamp",
    "ImageShare",
    "Make",
    "Preset",
    "Recommendation",
    "from_preset",
    "get",
    "names",
    "recommend",
    "save_trained",
]
