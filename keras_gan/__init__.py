"""Generative adversarial networks for Keras 3.

Importing this package imports Keras and registers the classes that `.keras` files
name. Everything else is imported when it is first used.
"""

import importlib

from keras_gan import _onednn

_onednn.switch_on()  # before Keras imports TensorFlow

# The modules whose classes `keras.saving.load_model` looks up by their names.
from keras_gan import (
    augment,
    conditions,
    initializers,
    invariance,
    latents,
    layers,
    likelihoods,
    losses,
    metrics,
    models,
    optimizers,
    penalties,
)
from keras_gan._version import __version__ as __version__
from keras_gan.models import GAN, AdversarialModel
from keras_gan.optimizers import EMA
from keras_gan.sampler import Sampler

_LAZY_MODULES = (
    "architectures",
    "callbacks",
    "convert",
    "datasets",
    "export",
    "plotting",
    "precision",
    "presets",
    "runs",
    "serving",
    "tables",
)

__all__ = [
    "EMA",
    "GAN",
    "AdversarialModel",
    "Sampler",
    "architectures",
    "augment",
    "callbacks",
    "conditions",
    "convert",
    "datasets",
    "export",
    "from_preset",
    "initializers",
    "invariance",
    "latents",
    "layers",
    "likelihoods",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "penalties",
    "plotting",
    "precision",
    "presets",
    "runs",
    "serving",
    "tables",
]


def __getattr__(name: str):
    """Import a module when it is first used (PEP 562)."""
    if name in _LAZY_MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name == "from_preset":
        presets = importlib.import_module(f"{__name__}.presets")
        return globals().setdefault(name, presets.from_preset)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
