"""Generative adversarial networks for Keras 3.

A GAN is two Keras models, a prior and a game. Everything else here builds the
models, states the game, measures the outcome or ships the generator.
"""

from keras_gan import (
    architectures,
    augment,
    callbacks,
    datasets,
    export,
    initializers,
    latent,
    layers,
    losses,
    metrics,
    models,
    penalties,
    plotting,
    presets,
    priors,
    report,
    schedules,
    serving,
    training,
)
from keras_gan.adversarial import AdversarialModel
from keras_gan.ema import EMA
from keras_gan.gan import GAN
from keras_gan.presets import from_preset
from keras_gan.scheduled_adam import ScheduledAdam

__version__ = "0.1.0"

__all__ = [
    "EMA",
    "GAN",
    "AdversarialModel",
    "ScheduledAdam",
    "architectures",
    "augment",
    "callbacks",
    "datasets",
    "export",
    "from_preset",
    "initializers",
    "latent",
    "layers",
    "losses",
    "metrics",
    "models",
    "penalties",
    "plotting",
    "presets",
    "priors",
    "report",
    "schedules",
    "serving",
    "training",
]
