"""Whole trainings by name: networks, game, data, length, and the trained weights."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.registry import get, names
from keras_gan.presets.shipping import from_preset, ship
from keras_gan.presets.specs import BurnIn

__all__ = ["BurnIn", "Preset", "from_preset", "get", "names", "ship"]
