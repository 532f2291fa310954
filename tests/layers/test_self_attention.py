"""Self-attention: the identity at first, the formula after."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan.layers import SelfAttention


def softmax(scores):
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def test_starts_as_the_identity():
    features = np.random.default_rng(0).normal(size=(2, 4, 6, 16)).astype("float32")
    outputs = SelfAttention()(features)
    np.testing.assert_array_equal(ops.convert_to_numpy(outputs), features)


def test_the_formula():
    features = np.random.default_rng(0).normal(size=(2, 4, 6, 16)).astype("float32")
    layer = SelfAttention()
    layer.build(features.shape)
    layer.gamma.assign(0.5)
    outputs = ops.convert_to_numpy(layer(features))

    def apply(layer, features):
        return features @ ops.convert_to_numpy(layer.kernel)[0, 0]

    def pooled(features):  # (2, 4, 6, c) to (2, 6, c)
        windows = features.reshape(2, 2, 2, 3, 2, -1)
        return windows.max((2, 4)).reshape(2, 6, -1)

    queries = apply(layer.query, features).reshape(2, 24, 2)
    keys = pooled(apply(layer.key, features))
    values = pooled(apply(layer.value, features))
    assert keys.shape[-1] == 2
    assert values.shape[-1] == 8
    found = softmax(queries @ keys.transpose(0, 2, 1)) @ values
    expected = features + 0.5 * apply(layer.back, found).reshape(features.shape)
    np.testing.assert_allclose(outputs, expected, atol=1e-4)


def test_far_places_reach_each_other():
    layer = SelfAttention()
    layer.build((None, 8, 8, 8))
    layer.gamma.assign(1.0)
    features = np.random.default_rng(0).normal(size=(1, 8, 8, 8)).astype("float32")
    changed = features.copy()
    changed[0, :2, :2] *= -3  # all of one pooled key and value
    difference = ops.convert_to_numpy(layer(changed) - layer(features))
    assert np.abs(difference[0, 7, 7]).max() > 1e-4


def attentive_gan(spectral_norm):
    images = keras.Input((8, 8, 1))
    x = layers.LeakyReLU(0.2)(layers.Conv2D(8, 3, padding="same")(images))
    x = SelfAttention(spectral_norm=spectral_norm)(x)
    logits = layers.Dense(1)(layers.Flatten()(layers.LeakyReLU(0.2)(x)))
    generator, _ = keras_gan.architectures.mlp((8, 8, 1), 4, generator_units=(8,))
    return keras_gan.GAN(generator, keras.Model(images, logits), seed=0)


@pytest.mark.parametrize("spectral_norm", [False, True])
def test_gamma_learns_first_and_the_rest_after_it(spectral_norm):
    """At gamma = 0 the convolutions rightly get no gradient; R1 needs a second."""
    gan = attentive_gan(spectral_norm)
    gan.compile(
        *[keras.optimizers.SGD(1.0) for _ in range(2)],
        discriminator_penalties=[keras_gan.penalties.R1(0.1)],
    )
    attention = gan.discriminator.layers[3]
    assert isinstance(attention, SelfAttention)
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (8, 8, 8, 1)).astype("float32")

    def moved():
        before = [ops.convert_to_numpy(v) for v in attention.trainable_variables]
        gan.fit(images, batch_size=8, verbose=0)
        after = [ops.convert_to_numpy(v) for v in attention.trainable_variables]
        assert max(np.abs(value).max() for value in after) < 10
        names = {"gamma", "query", "key", "value", "back"}
        return {
            next(part for part in variable.path.split("/") if part in names)
            for variable, a, b in zip(
                attention.trainable_variables, before, after, strict=True
            )
            if np.abs(a - b).max() > 0
        }

    assert moved() == {"gamma"}
    assert moved() == {"gamma", "query", "key", "value", "back"}


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_spectral_normalization.py trains on JAX"
)
def test_spectral_norm_of_its_convolutions():
    layer = SelfAttention(spectral_norm=True)
    features = np.random.default_rng(0).normal(size=(2, 4, 4, 16)).astype("float32")
    model = keras.Sequential([keras.Input((4, 4, 16)), layer])
    for _ in range(60):
        model(features, training=True)
    for part in (layer.query, layer.key, layer.value, layer.back):
        kernel = ops.convert_to_numpy(part.normalized_kernel())[0, 0]
        assert np.linalg.norm(kernel, ord=2) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("spectral_norm", [False, True])
def test_keras_file_round_trip(spectral_norm, tmp_path):
    layer = SelfAttention(spectral_norm=spectral_norm)
    model = keras.Sequential([keras.Input((4, 4, 16)), layer])
    layer.gamma.assign(1.0)
    features = np.random.default_rng(0).normal(size=(2, 4, 4, 16)).astype("float32")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again(features)), ops.convert_to_numpy(model(features))
    )
