"""Callbacks: checkpoints, sample pictures and a warning of collapse."""

from keras_gan.callbacks.backup import prepare
from keras_gan.callbacks.checkpoint import Checkpoint
from keras_gan.callbacks.chief import chief_only
from keras_gan.callbacks.collapse import CollapseWarning
from keras_gan.callbacks.pictures import EpochPictures
from keras_gan.callbacks.samples import EpochSamples, SampleGrid, SampleScatter
from keras_gan.callbacks.translations import TranslationGrid
from keras_gan.callbacks.walk import LatentWalk

__all__ = [
    "Checkpoint",
    "CollapseWarning",
    "EpochPictures",
    "EpochSamples",
    "LatentWalk",
    "SampleGrid",
    "SampleScatter",
    "TranslationGrid",
    "chief_only",
    "prepare",
]
