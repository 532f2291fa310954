"""What differs between TensorFlow, JAX and torch, under one set of names.

`train_step` fits a stateful step into what the backend's `fit` calls, and
`settle` ends what it left open; `gradients`, `pullback` and `input_gradient` are
the three derivatives that a game between networks is made of. Every file here
gives the same five.
"""

import importlib

import keras

_backend = importlib.import_module(f"{__name__}.{keras.backend.backend()}")

settle = _backend.settle
train_step = _backend.train_step
gradients = _backend.gradients
pullback = _backend.pullback
input_gradient = _backend.input_gradient

__all__ = ["gradients", "input_gradient", "pullback", "settle", "train_step"]
