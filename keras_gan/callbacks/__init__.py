"""Callbacks that show how the generator comes along, and that save it."""

from keras_gan.callbacks.backup import take_over
from keras_gan.callbacks.checkpoint import Checkpoint
from keras_gan.callbacks.collapse import CollapseWarning
from keras_gan.callbacks.followers import without_files
from keras_gan.callbacks.samples import EpochSamples, SampleGrid, SampleScatter
from keras_gan.callbacks.walk import LatentWalk

__all__ = [
    "Checkpoint",
    "CollapseWarning",
    "EpochSamples",
    "LatentWalk",
    "SampleGrid",
    "SampleScatter",
    "take_over",
    "without_files",
]
