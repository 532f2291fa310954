"""What differs between TensorFlow, JAX and torch, under one set of names.

`train_step` fits a stateful step into what the backend's `fit` calls,
`should_jit_compile` says whether that is to be compiled, and `settle` ends what it
left open. `gradients`, `pullback`, `pullbacks` and
`input_gradient` are the derivatives that a game between networks is made of;
`looking` and `after` say what they may change and in which order, `divisible` what
must be true of a batch. `apply`,
`move_averages`, `normalize_batch` and `keep_mask` are the few computations for
which every backend has a fast way of its own, `halve` and `double` those for which
`has_fast_strides` says so. Every file here gives the same names.

The other names are for steps that several devices or machines take together, each
on its part of the batch; `tensorflow_replicas.py` says what they promise.
"""

import importlib

import keras

_backend = importlib.import_module(f"{__name__}.{keras.backend.backend()}")
_replicas = importlib.import_module(f"{__name__}.{keras.backend.backend()}_replicas")

settle = _backend.settle
train_step = _backend.train_step
should_jit_compile = _backend.should_jit_compile
gradients = _backend.gradients
pullback = _backend.pullback
pullbacks = _backend.pullbacks
input_gradient = _backend.input_gradient
looking = _backend.looking
after = _backend.after
divisible = _backend.divisible
apply = _backend.apply
move_averages = _backend.move_averages
keep_mask = _backend.keep_mask
normalize_batch = _backend.normalize_batch
has_fast_strides = _backend.has_fast_strides
halve = _backend.halve
double = _backend.double

check_data = _replicas.check_data
check_equal_shares = _replicas.check_equal_shares
check_scope = _replicas.check_scope
draw = _replicas.draw
feed = _replicas.feed
is_chief = _replicas.is_chief
mean_over_replicas = _replicas.mean_over_replicas
num_devices = _replicas.num_devices
num_processes = _replicas.num_processes
num_replicas = _replicas.num_replicas
over_replicas = _replicas.over_replicas
own_noise = _replicas.own_noise
predict = _replicas.predict

__all__ = [
    "after",
    "apply",
    "check_data",
    "check_equal_shares",
    "check_scope",
    "divisible",
    "double",
    "draw",
    "feed",
    "gradients",
    "halve",
    "has_fast_strides",
    "input_gradient",
    "is_chief",
    "keep_mask",
    "looking",
    "mean_over_replicas",
    "move_averages",
    "normalize_batch",
    "num_devices",
    "num_processes",
    "num_replicas",
    "over_replicas",
    "own_noise",
    "predict",
    "pullback",
    "pullbacks",
    "settle",
    "should_jit_compile",
    "train_step",
]
