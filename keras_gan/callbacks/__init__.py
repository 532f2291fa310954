"""Callbacks that show how the generator comes along."""

from keras_gan.callbacks.samples import EpochSamples, SampleGrid, SampleScatter
from keras_gan.callbacks.walk import LatentWalk

__all__ = ["EpochSamples", "LatentWalk", "SampleGrid", "SampleScatter"]
