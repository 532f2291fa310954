"""Extractors: map images to the feature vectors that metrics compare."""

from keras_gan.metrics.features.applications import Application
from keras_gan.metrics.features.classifiers import (
    EmojiClassifier,
    FashionMNISTClassifier,
    MNISTClassifier,
)
from keras_gan.metrics.features.composed import PerChannel, RawSamples
from keras_gan.metrics.features.efficientnet import EfficientNetLite0
from keras_gan.metrics.features.extractor import Extractor, NetworkExtractor
from keras_gan.metrics.features.inception import InceptionV3
from keras_gan.metrics.features.model import ModelExtractor

__all__ = [
    "Application",
    "EfficientNetLite0",
    "EmojiClassifier",
    "Extractor",
    "FashionMNISTClassifier",
    "InceptionV3",
    "MNISTClassifier",
    "ModelExtractor",
    "NetworkExtractor",
    "PerChannel",
    "RawSamples",
]
