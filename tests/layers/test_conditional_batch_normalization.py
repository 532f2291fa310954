"""Conditional batch normalisation, by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import backend
from keras_gan.layers import ConditionalBatchNormalization

# Two channels over four places: means 2 and 0, variances 1 and 4.
FEATURES = np.array([[[1.0, -2.0], [3.0, 2.0]], [[1.0, 2.0], [3.0, -2.0]]], "float32")
GAMMA = np.array([[1.0, 1.0], [2.0, 10.0], [5.0, 5.0]], "float32")
BETA = np.array([[0.0, 0.5], [-1.0, 0.0], [7.0, 7.0]], "float32")


def layer(**kwargs):
    layer = ConditionalBatchNormalization(3, momentum=0.9, epsilon=0.0, **kwargs)
    layer.build([(None, 2, 2), (None,)])
    layer.gamma.assign(GAMMA)
    layer.beta.assign(BETA)
    return layer


def test_training_by_hand():
    outputs = layer()([ops.array(FEATURES), ops.array([0, 1])], training=True)
    expected = [  # (x - mean) / std is -1 or 1 everywhere
        [[-1.0, -1.0 + 0.5], [1.0, 1.0 + 0.5]],  # class 0
        [[-2.0 - 1.0, 10.0], [2.0 - 1.0, -10.0]],  # class 1
    ]
    np.testing.assert_allclose(ops.convert_to_numpy(outputs), expected, rtol=1e-5)


def test_moving_statistics_are_shared():
    norm = layer()
    norm([ops.array(FEATURES), ops.array([0, 1])], training=True)
    mean, variance = norm.non_trainable_variables
    np.testing.assert_allclose(ops.convert_to_numpy(mean), [0.2, 0.0], atol=1e-6)
    np.testing.assert_allclose(ops.convert_to_numpy(variance), [1.0, 1.3], rtol=1e-5)
    # In inference by the moving ones: (x - 0.2) / 1 and x / sqrt(1.3).
    outputs = norm([ops.array(FEATURES), ops.array([1, 1])], training=False)
    expected = (FEATURES - [0.2, 0.0]) / np.sqrt([1.0, 1.3]) * GAMMA[1] + BETA[1]
    np.testing.assert_allclose(ops.convert_to_numpy(outputs), expected, rtol=1e-5)


def test_one_class_is_batch_normalisation():
    features = np.random.default_rng(0).normal(1, 3, (6, 5, 4, 2)).astype("float32")
    ours = ConditionalBatchNormalization(1, epsilon=1e-3)
    theirs = keras.layers.BatchNormalization(epsilon=1e-3)
    for training in (True, False):
        np.testing.assert_allclose(
            ops.convert_to_numpy(ours([features, np.zeros(6, int)], training=training)),
            ops.convert_to_numpy(theirs(features, training=training)),
            atol=1e-5,
        )


def test_only_the_classes_seen_get_a_gradient():
    norm = layer()

    def loss():
        outputs = norm([ops.array(FEATURES), ops.array([0, 1])], training=True)
        return ops.sum(outputs * ops.array(FEATURES)), {}

    _, gradients = backend.gradients(loss, [norm.gamma, norm.beta])
    for gradient in gradients:
        rows = np.abs(ops.convert_to_numpy(ops.convert_to_tensor(gradient))).sum(1)
        assert rows[2] == 0
    gamma_gradient = ops.convert_to_numpy(ops.convert_to_tensor(gradients[0]))
    # sum of normalised * features: class 0 -1 + 3 and 2 + 2, class 1 the same.
    np.testing.assert_allclose(gamma_gradient[:2], [[2, 4], [2, 4]], rtol=1e-5)


def test_mixed_precision():
    norm = layer(dtype="mixed_bfloat16")
    outputs = norm([ops.array(FEATURES), ops.array([0, 1])], training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == "bfloat16"


def test_config_round_trip():
    norm = ConditionalBatchNormalization(
        4, 0.8, 0.1, keras.initializers.RandomNormal(1.0, 0.02)
    )
    again = ConditionalBatchNormalization.from_config(norm.get_config())
    assert again.get_config() == norm.get_config()
    assert again.num_classes == 4
    assert again.normalization.momentum == pytest.approx(0.8)
    assert again.normalization.epsilon == pytest.approx(0.1)
