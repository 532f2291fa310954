"""What differs between TensorFlow, JAX and torch, under one set of names.

`train_step` fits a stateful step into what the backend's `fit` calls,
`should_jit_compile` says whether that is to be compiled, and `settle` ends what it
left open. `gradients`, `pullback`, `pullbacks` and
`input_gradient` are the derivatives that a game between networks is made of;
`looking` and `after` say what they may change and in which order. `apply`,
`move_averages` and `normalize_batch` are the few computations for which every
backend has a fast way of its own. Every file here gives the same names.
"""

import importlib

import keras

_backend = importlib.import_module(f"{__name__}.{keras.backend.backend()}")

settle = _backend.settle
train_step = _backend.train_step
should_jit_compile = _backend.should_jit_compile
gradients = _backend.gradients
pullback = _backend.pullback
pullbacks = _backend.pullbacks
input_gradient = _backend.input_gradient
looking = _backend.looking
after = _backend.after
apply = _backend.apply
move_averages = _backend.move_averages
normalize_batch = _backend.normalize_batch

__all__ = [
    "after",
    "apply",
    "gradients",
    "input_gradient",
    "looking",
    "move_averages",
    "normalize_batch",
    "pullback",
    "pullbacks",
    "settle",
    "should_jit_compile",
    "train_step",
]
