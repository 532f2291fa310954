"""Names that do not depend on the process, and errors where they do not fit."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import checkpoints
from keras_gan.checkpoints.variables import _snake_case


def network(units=3):
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units), keras.layers.Dense(1)]
    )


def names(network):
    return list(checkpoints.named({"d": network}))


def test_names_do_not_depend_on_what_was_built_before():
    first = names(network())
    keras.layers.Dense(3).build((None, 2))
    assert first == [
        "d/dense/kernel",
        "d/dense/bias",
        "d/dense/kernel~2",
        "d/dense/bias~2",
    ]
    assert names(network()) == first


def test_names_that_somebody_chose_survive():
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(3, name="block_1_conv_2"),
            keras.layers.Dense(3, name="conv_1"),
            keras.layers.Dense(3, name="dense_7"),  # as if Keras had given it
            keras.layers.Dropout(0.1, name="noise_2"),
        ]
    )
    assert names(model) == [
        "d/block_1_conv_2/kernel",
        "d/block_1_conv_2/bias",
        "d/conv_1/kernel",
        "d/conv_1/bias",
        "d/dense/kernel",
        "d/dense/bias",
        "d/noise_2/seed_generator_state",
    ]


class Branches(keras.layers.Layer):
    """A layer of layers, some with names, and with a weight of its own."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = keras.layers.Dense(3)
        self.right = keras.layers.Dense(3, name="right_2")
        self.noise = keras.layers.Dropout(0.1)

    def build(self, input_shape):
        self.left.build(input_shape)
        self.right.build(input_shape)
        self.gain = self.add_weight(shape=(), name="gain")

    def call(self, inputs, training=False):
        outputs = self.left(inputs) + self.right(inputs)
        return self.gain * self.noise(outputs, training=training)


def nested():
    """Models in models, of layers with names and without."""
    inputs = keras.Input((4, 4, 2))
    x = keras.layers.Conv2D(3, 3, padding="same")(inputs)
    x = keras.Sequential(
        [keras.layers.Conv2D(3, 3), keras.layers.BatchNormalization(name="norm_1")],
    )(x)
    x = keras.layers.Flatten()(x)
    x = keras_gan.layers.Maxout(4, num_pieces=2)(x)
    x = Branches()(x)
    tail = keras.Input((3,))
    x = keras.Model(tail, keras.layers.Dense(2)(tail), name="tail_3")(x)
    x = keras.layers.Reshape((2, 1))(x)
    outputs = keras.layers.Bidirectional(keras.layers.LSTM(2))(x)
    return keras.Model(inputs, outputs)


def test_names_of_nested_models_do_not_depend_on_the_process(tmp_path):
    first = nested()
    expected = names(first)
    for part in ("conv2d", "sequential/conv2d", "tail_3/dense", "maxout/pieces"):
        assert f"d/{part}/kernel" in expected
    for weight in (
        "branches/dense/kernel",
        "branches/right_2/kernel",
        "branches/gain",
        "branches/dropout/seed_generator_state",
        "sequential/norm_1/moving_mean",
        "bidirectional/forward_lstm/lstm_cell/kernel",
        "bidirectional/backward_lstm/lstm_cell/kernel",
    ):
        assert f"d/{weight}" in expected
    again = nested()
    assert again.layers[1].name != first.layers[1].name, "Keras counts on"
    assert names(again) == expected
    again.save(tmp_path / "nested.keras")
    custom = {"Branches": Branches}
    loaded = keras.saving.load_model(tmp_path / "nested.keras", custom_objects=custom)
    assert names(loaded) == expected


def test_a_name_means_the_same_weight_after_a_file(tmp_path):
    model = nested()
    model.save(tmp_path / "nested.keras")
    custom = {"Branches": Branches}
    loaded = keras.saving.load_model(tmp_path / "nested.keras", custom_objects=custom)
    before = checkpoints.arrays_of(checkpoints.named({"d": model}))
    after = checkpoints.arrays_of(checkpoints.named({"d": loaded}))
    for name, array in before.items():
        if "seed_generator" not in name:
            np.testing.assert_array_equal(after[name], array, err_msg=name)


def test_an_optimizer_is_named_after_the_weights(tmp_path):
    def with_optimizer(model):
        optimizer = keras.optimizers.Adam()
        optimizer.build(model.trainable_variables)
        return list(checkpoints.named({"d": model, "d_optimizer": optimizer}))

    model = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1, name="head_1")]
    )
    expected = with_optimizer(model)
    assert expected[4:8] == [
        "d_optimizer/adam/iteration",
        "d_optimizer/adam/learning_rate",
        "d_optimizer/adam/dense_kernel_momentum",
        "d_optimizer/adam/dense_kernel_velocity",
    ]
    assert "d_optimizer/adam/head_1_bias_velocity" in expected
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert with_optimizer(loaded) == expected


def test_several_networks_of_one_player():
    pair = [network(), keras.Sequential(network().layers, name="other_2")]
    assert list(checkpoints.named({"generators": pair}))[::4] == [
        "generators/sequential/dense/kernel",
        "generators/other_2/dense/kernel",
    ]
    assert names(pair[:1]) == names(pair[0])


@pytest.mark.backends("torch", reason="names: no backend code")
@pytest.mark.parametrize(
    "kind",
    [
        keras.layers.Conv2DTranspose,
        keras.layers.LSTMCell,
        keras.layers.GRU,
        keras.layers.MultiHeadAttention,
        keras_gan.layers.GroupedConv2D,
        keras_gan.layers.MinibatchStdDev,
        type("X2Y", (keras.layers.Layer,), {}),
    ],
)
def test_the_automatic_name_is_that_of_keras(kind):
    keras.backend.clear_session(free_memory=False)  # counts from the beginning
    settings = {
        keras.layers.Conv2DTranspose: (1, 1),
        keras.layers.LSTMCell: (1,),
        keras.layers.GRU: (1,),
        keras.layers.MultiHeadAttention: (1, 1),
        keras_gan.layers.GroupedConv2D: (1, 1),
    }
    layer = kind(*settings.get(kind, ()))
    assert layer.name == _snake_case(kind.__name__)


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


READ = """
import sys, json
sys.path.insert(0, "tests/callbacks")
from resumable import *
gan = new_gan(seed=5)
gan.run_eagerly = keras.backend.backend() == "tensorflow"  # few steps: not traced
gan.restore(sys.argv[1])
arrays, facts = keras_gan.checkpoints.read(
    keras_gan.checkpoints.latest(sys.argv[1])
)
same = {n: bool((a == arrays[n]).all()) for n, a in state_of(gan).items()}
checkpoint = keras_gan.callbacks.Checkpoint(sys.argv[1])
history = gan.fit(data(), epochs=2, verbose=0, callbacks=[checkpoint])
print(json.dumps([facts["backend"], min(same.values()), len(same), history.epoch]))
"""


READER = {"tensorflow": "jax", "jax": "torch", "torch": "tensorflow"}


def test_a_checkpoint_of_one_backend_loads_in_the_next(tmp_path, request, monkeypatch):
    monkeypatch.syspath_prepend(request.config.rootpath / "tests" / "callbacks")
    import resumable

    writer = keras.backend.backend()
    gan = resumable.new_gan()
    gan.run_eagerly = writer == "tensorflow"  # few steps: not traced
    checkpoint = keras_gan.callbacks.Checkpoint(tmp_path, every=2)
    gan.fit(resumable.data(), epochs=1, verbose=0, callbacks=[checkpoint])

    said = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path)],
        env={**os.environ, "KERAS_BACKEND": READER[writer]},
        cwd=request.config.rootpath,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    answer = json.loads(said.splitlines()[-1])
    backend, is_same, num_variables, epochs = answer
    assert backend == writer
    assert is_same
    assert num_variables > 40
    assert epochs == [0, 1]
