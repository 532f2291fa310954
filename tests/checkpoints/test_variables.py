"""Names that last, and clear words where they do not fit."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_gan import checkpoints


def network(units=3):
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units), keras.layers.Dense(1)]
    )


def test_names_do_not_depend_on_what_was_built_before():
    first = checkpoints.named({"d": network().variables})
    keras.layers.Dense(3).build((None, 2))
    again = checkpoints.named({"d": network().variables})
    assert list(first) == list(again)
    assert list(first) == [
        "d/sequential/dense/kernel",
        "d/sequential/dense/bias",
        "d/sequential/dense/kernel~2",
        "d/sequential/dense/bias~2",
    ] or list(first) == [
        "d/dense/kernel",
        "d/dense/bias",
        "d/dense/kernel~2",
        "d/dense/bias~2",
    ]


def test_a_variable_in_two_groups_belongs_to_the_first():
    variables = network().variables
    named = checkpoints.named({"a": variables[:1], "b": variables})
    assert len(named) == 4
    assert [name[0] for name in named] == ["a", "b", "b", "b"]


def test_assign_takes_over_values_and_casts():
    model = network()
    variables = checkpoints.named({"d": model.variables})
    arrays = checkpoints.arrays_of(variables)
    arrays = {name: (a + 1).astype("float64") for name, a in arrays.items()}
    checkpoints.assign(variables, arrays, "some.npz")
    for variable, array in zip(model.variables, arrays.values(), strict=True):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(variable), array)


def test_bfloat16_comes_back_exactly(tmp_path):
    layer = keras.layers.Dense(4, dtype="bfloat16")
    layer.build((None, 5))
    variables = checkpoints.named({"d": layer.variables})
    before = checkpoints.arrays_of(variables)
    checkpoints.write(tmp_path / "some.npz", before, {})
    for variable in variables.values():
        variable.assign(keras.ops.zeros_like(variable.value))
    arrays, _ = checkpoints.read(tmp_path / "some.npz")
    checkpoints.assign(variables, arrays, "some.npz")
    for name, array in checkpoints.arrays_of(variables).items():
        np.testing.assert_array_equal(array, before[name])


def test_another_model_is_refused_and_nothing_assigned():
    variables = checkpoints.named({"d": network().variables})
    values = checkpoints.arrays_of(variables)
    other = checkpoints.named({"d": network(units=5).variables})
    arrays = checkpoints.arrays_of(other)
    with pytest.raises(ValueError, match=r"another model: shapes differ.*\(2, 5\) for"):
        checkpoints.assign(variables, arrays, "some.npz")
    first, *rest = arrays
    lacking = {name: values[name] for name in rest}
    with pytest.raises(ValueError, match=f"it lacks {first}. Build and compile"):
        checkpoints.assign(variables, lacking, "some.npz")
    more = {**values, "g/extra": np.zeros(2)}
    with pytest.raises(ValueError, match="the model lacks, g/extra"):
        checkpoints.assign(variables, more, "some.npz")
    for name, value in checkpoints.arrays_of(variables).items():
        np.testing.assert_array_equal(value, values[name])


WRITE = """
import sys
sys.path.insert(0, "tests/callbacks")
from resumable import *
gan = new_gan()
checkpoint = keras_gan.callbacks.Checkpoint(sys.argv[1], every=2)
gan.fit(data(), epochs=1, verbose=0, callbacks=[checkpoint])
"""

READ = """
import sys, json
sys.path.insert(0, "tests/callbacks")
from resumable import *
gan = new_gan(seed=5)
gan.restore(sys.argv[1])
arrays, facts = keras_gan.checkpoints.read(
    keras_gan.checkpoints.latest(sys.argv[1])
)
same = {n: bool((a == arrays[n]).all()) for n, a in state_of(gan).items()}
checkpoint = keras_gan.callbacks.Checkpoint(sys.argv[1])
history = gan.fit(data(), epochs=2, verbose=0, callbacks=[checkpoint])
print(json.dumps([facts["backend"], min(same.values()), len(same), history.epoch]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["tensorflow", "jax", "torch"])
def test_a_checkpoint_of_one_backend_loads_in_the_others(tmp_path, reader, request):
    writer = keras.backend.backend()
    if writer == reader:
        pytest.skip("the backend that writes")

    def run(code, backend):
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "KERAS_BACKEND": backend},
            cwd=request.config.rootpath,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    run(WRITE, writer)
    answer = json.loads(run(READ, reader).splitlines()[-1])
    backend, is_same, num_variables, epochs = answer
    assert backend == writer
    assert is_same
    assert num_variables > 40
    assert epochs == [0, 1]
