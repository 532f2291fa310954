"""Every public layer: shapes, configuration, files, precisions, gradients."""

import keras
import numpy as np
import pytest
from catalogue.layers import LAYERS
from keras import ops
from probes import (
    POLICIES,
    assert_near,
    assert_round_trip,
    fill_zeros,
    labels,
    number,
    some,
    without_gradient,
)


@pytest.fixture(params=LAYERS)
def case(request):
    return LAYERS[request.param]


def inputs_of(case, dtype="float32"):
    values = ops.cast(some(case.input_shape), dtype)
    if case.beside is not None:
        return [values, ops.cast(some(case.beside, seed=7), dtype)]
    if case.num_classes is None:
        return values
    return [values, ops.convert_to_tensor(labels(case.input_shape[0], 3))]


def symbolic(case):
    values = keras.Input(case.input_shape[1:])
    if case.beside is not None:
        return [values, keras.Input(case.beside[1:])]
    if case.num_classes is None:
        return values
    return [values, keras.Input((), dtype="int32")]


def made(case, dtype="float32"):
    layer = case.make(dtype)
    layer(inputs_of(case))
    fill_zeros(layer)
    return layer


def test_output_shape(case):
    layer = case.make("float32")
    assert layer(inputs_of(case)).shape == case.output_shape
    assert layer(symbolic(case)).shape == (None, *case.output_shape[1:])
    shapes = case.input_shape
    if case.num_classes is not None:
        shapes = [shapes, shapes[:1]]
    if case.beside is not None:
        shapes = [shapes, case.beside]
    assert tuple(layer.compute_output_shape(shapes)) == case.output_shape


def test_configuration(case):
    assert_round_trip(case.make("float32"))
    assert case.make("mixed_bfloat16").get_config()["dtype"] is not None


def test_keras_file(case, tmp_path):
    inputs, layer = symbolic(case), made(case)
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        number(again(inputs_of(case))), number(model(inputs_of(case)))
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(
    "training",
    [
        pytest.param(
            False, marks=pytest.mark.backends("torch", reason="all compute as it does")
        ),
        True,
    ],
)
def test_half_precision(case, policy, training):
    full, half = made(case), made(case, policy)
    half.set_weights(full.get_weights())
    outputs = half(inputs_of(case), training=training)
    assert keras.backend.standardize_dtype(outputs.dtype) == half.compute_dtype
    assert half.compute_dtype == policy.removeprefix("mixed_")
    assert {v.dtype for v in half.trainable_variables} <= {"float32"}
    if training and case.is_random:
        values = number(outputs)
        np.testing.assert_allclose(
            values[values != 0], 2 * number(inputs_of(case))[values != 0], rtol=0.01
        )
    else:
        assert_near(outputs, full(inputs_of(case), training=training), policy)


def test_every_parameter_gets_a_gradient(case):
    """Those of the layer, and those of what lies before it."""
    if case.is_stepwise:
        pytest.skip("there is no gradient, and nothing to learn before it")
    values, *others = keras.tree.flatten(symbolic(case))
    before = keras.layers.Dense(case.input_shape[-1], use_bias=False)
    inputs, x = values, values if case.ignores_values else before(values)
    if others:
        inputs, x = [values, *others], [x, *others]
    model = keras.Model(inputs, made(case)(x))
    assert model.trainable_variables
    assert without_gradient(model, inputs_of(case)) == []
