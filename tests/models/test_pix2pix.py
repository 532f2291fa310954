"""pix2pix: a step by hand, dropout at inference, what is exported."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import ops
from translators import data, linear_pix2pix, slope, small

from keras_gan import models

A, B = data()


def numbers(model):
    weights = [ops.convert_to_numpy(w).ravel() for w in model.trainable_variables]
    return np.concatenate(weights)


def softplus(x):
    return np.log1p(np.exp(x))


def test_a_step_is_that_of_the_paper():
    """D moves first; then G, against the new D, by the same translations."""
    g, r, s = 0.5, 0.6, -0.4  # G(x) = g x, D(x, y) = r x + s y
    gan = linear_pix2pix(g, (r, s), seed=0)
    sgd = [keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.02)]
    gan.compile(*sgd, **FEW_STEPS)
    logs = gan.train_on_batch(A, B, return_dict=True)
    x, y = A.astype("float64"), B.astype("float64")

    def loss_d(w):
        real, fake = w[0] * x + w[1] * y, w[0] * x + w[1] * g * x
        return 0.5 * (softplus(-real).mean() + softplus(fake).mean())

    new = np.array([r, s]) - 0.02 * slope(loss_d, (r, s))

    def losses_g(w):
        fake = new[0] * x + new[1] * w[0] * x
        return softplus(-fake).mean(), abs(w[0] * x - y).mean()

    def loss_g(w):
        g_loss, l1_loss = losses_g(w)
        return g_loss + 100 * l1_loss

    moved = g - 0.01 * slope(loss_g, (g,))
    np.testing.assert_allclose(numbers(gan), [*moved, *new], atol=2e-5)
    g_loss, l1_loss = losses_g([g])
    expected = {"d_loss": loss_d([r, s]), "g_loss": g_loss, "l1_loss": l1_loss}
    assert logs == {
        **{name: pytest.approx(value, abs=1e-5) for name, value in expected.items()},
        "real_score": pytest.approx(
            (1 / (1 + np.exp(-r * x - s * y))).mean(), abs=1e-5
        ),
        "fake_score": pytest.approx(
            (1 / (1 + np.exp(-(r + s * g) * x))).mean(), abs=1e-5
        ),
    }


def test_parts_of_a_batch_are_the_whole():
    def trained(parts):
        gan = linear_pix2pix(seed=0)
        gan.compile("sgd", "sgd", gradient_accumulation_steps=parts, **FEW_STEPS)
        gan.fit(A, B, batch_size=8, epochs=2, shuffle=False, verbose=0)
        return numbers(gan)

    np.testing.assert_allclose(trained(1), trained(2), atol=1e-5)


def test_dropout_is_noise_only_where_it_is_asked_for():
    gan = small(models.Pix2Pix, seed=0)
    state = [ops.convert_to_numpy(v).copy() for v in gan.variables]
    plain = gan.translate(A)
    np.testing.assert_array_equal(gan.translate(A), plain)
    noisy = gan.translate(A, dropout=True, seed=1)
    assert np.abs(noisy - plain).max() > 1e-3
    np.testing.assert_array_equal(gan.translate(A, dropout=True, seed=1), noisy)
    other = gan.translate(A, dropout=True, seed=2)
    assert np.abs(noisy - other).max() > 1e-3
    for before, variable in zip(state, gan.variables, strict=True):
        np.testing.assert_array_equal(before, ops.convert_to_numpy(variable))
    with pytest.raises(ValueError, match="'generator' has no dropout"):
        linear_pix2pix().translate(A, dropout=True)


def test_directions():
    gan = linear_pix2pix()
    assert gan.directions == ("a_to_b",)
    np.testing.assert_allclose(gan.translate(A), 0.5 * A, atol=1e-6)
    with pytest.raises(ValueError, match=r"one of \['a_to_b'\]. Received: 'b_to_a'"):
        gan.export("nowhere", "b_to_a")
    result = ops.convert_to_numpy(gan(ops.convert_to_tensor(A)))
    np.testing.assert_allclose(result, 0.5 * A, atol=1e-6)


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_export_is_the_translation_without_dropout(tmp_path):
    import json

    import tensorflow as tf

    gan = small(models.Pix2Pix, seed=0)
    gan.compile(**FEW_STEPS)
    gan.train_on_batch(A, B)
    folder = gan.export(tmp_path / "model", card={"licence": "MIT"})
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    images = next(iter(served(images=tf.constant(A)).values())).numpy()
    np.testing.assert_allclose(images, gan.translate(A), atol=1e-6)
    card = json.loads((folder / "assets.extra" / "model_card.json").read_text())
    training = {"model": "Pix2Pix", "direction": "a_to_b", "generator_steps": 1}
    assert card["training"] == training
    assert card["licence"] == "MIT"
