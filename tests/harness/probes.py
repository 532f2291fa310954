"""Models that ask a network for its gradient, and comparisons between precisions."""

import json

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import ops

POLICIES = ["mixed_bfloat16", "mixed_float16"]
# JAX compiles steps in one of them: it computes layers in both, tests/test_precision.py
# trains in both, and the loss scale of float16 is taken out before the logs.
STEP_POLICIES = POLICIES[:1] if keras.backend.backend() == "jax" else POLICIES
FLOAT16_ON_TORCH = [
    "mixed_bfloat16",
    pytest.param(
        "mixed_float16",
        marks=pytest.mark.backends(
            "torch", reason="layers are in float16 on all, and tests/test_precision.py"
        ),
    ),
]
# The largest difference from float32, as a share of the largest output. Eight and
# eleven bits of mantissa round by 0.4% and 0.05%; a network adds such errors up.
TOLERANCE = {"mixed_bfloat16": 0.03, "mixed_float16": 0.004}


class Probe(keras.Model):
    """A functional model whose loss is how far its outputs are from fixed values."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        return sum(distance(output) for output in keras.tree.flatten(y_pred))


def distance(output):
    target = ops.convert_to_tensor(some(output.shape[1:], seed=5))
    return ops.mean(ops.square(ops.cast(output, "float32") - target))


def some(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def labels(number, num_classes):
    return np.arange(number, dtype="int32") % num_classes


def outputs_of(network, inputs):
    """What a network gives. JAX compiles it as a whole, not each operation alone."""
    if keras.backend.backend() == "jax":
        return network.predict_on_batch(inputs)
    return network(inputs)


def fill_zeros(model):
    """Give weights that start at zero a value, or others would get no gradient."""
    rng = np.random.default_rng(3)
    for variable in model.trainable_variables:
        if not np.any(number(variable)):
            variable.assign(0.3 * rng.normal(size=variable.shape))


def number(value):
    """A tensor or variable of any type as a float32 array."""
    return ops.convert_to_numpy(ops.cast(ops.convert_to_tensor(value), "float32"))


def unmoved(model, step):
    """The trainable weights that a step leaves as they are."""
    # Copies, for JAX gives the buffers of its variables to the next step.
    before = [number(variable).copy() for variable in model.trainable_variables]
    step()
    pairs = zip(before, model.trainable_variables, strict=True)
    return [v.path for old, v in pairs if np.array_equal(old, number(v))]


def without_gradient(model, inputs):
    """The trainable weights of a functional model that get no gradient."""
    probe = Probe(model.input, model.output)
    probe.compile(keras.optimizers.SGD(1.0), **FEW_STEPS)
    return unmoved(probe, lambda: probe.train_on_batch(inputs))


def assert_near(half, full, policy, times=1):
    """Two outputs agree to what a precision allows, and the half one is a number."""
    half, full = number(half), number(full)
    limit = times * TOLERANCE[policy] * np.abs(full).max()
    difference = np.abs(half - full).max()  # NaN compares as false
    assert difference <= limit, f"{difference:.2g} is more than {limit:.2g}"


def assert_round_trip(thing):
    """An object comes back from its configuration, through JSON too."""
    config = thing.get_config()
    assert type(thing).from_config(config).get_config() == thing.get_config()
    text = json.dumps(keras.saving.serialize_keras_object(thing))
    again = keras.saving.deserialize_keras_object(json.loads(text))
    assert type(again) is type(thing)
    plain = keras.saving.serialize_keras_object
    assert json.dumps(plain(again)) == text
