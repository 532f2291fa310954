"""Every loss against values worked out by hand.

With logits ln 3 and ln 1 = 0, D is 3/4 and 1/2; with -ln 3 it is 1/4.
"""

import math

import keras
import numpy as np
import pytest

from keras_gan import losses

LN2, LN3, LN4 = math.log(2), math.log(3), math.log(4)
REAL = np.array([[LN3], [0.0]], "float32")  # D(x) = 3/4, 1/2
FAKE = np.array([[-LN3], [0.0]], "float32")  # D(G(z)) = 1/4, 1/2

# -log 3/4 = ln 4 - ln 3, -log 1/2 = ln 2, -log 1/4 = ln 4
CONFIDENT = (LN4 - LN3 + LN2) / 2  # mean of -log D(x), and of -log(1 - D(G(z)))
FOOLED = (LN4 + LN2) / 2  # mean of -log D(G(z))

EXPECTED = {
    "minimax": (2 * CONFIDENT, -CONFIDENT),
    "non_saturating": (2 * CONFIDENT, FOOLED),
    # reals miss 1 by ln 3 - 1 and -1, fakes miss 0 by ln 3 and 0
    "least_squares": (
        ((LN3 - 1) ** 2 + 1) / 4 + LN3**2 / 4,
        ((LN3 + 1) ** 2 + 1) / 4,
    ),
    "wasserstein": (-LN3, LN3 / 2),
    # ln 3 > 1 is past the margin, 0 is 1 short of it
    "hinge": (0.5 + 0.5, LN3 / 2),
    # pairs lie 2 ln 3 and 0 apart: softplus of -2 ln 3 is ln(10/9), of 2 ln 3 ln 10
    "relativistic_pairing": (
        (math.log(10 / 9) + LN2) / 2,
        (math.log(10) + LN2) / 2,
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_value_by_hand(name):
    loss = losses.get(name)
    d_loss = loss.discriminator_loss(
        keras.ops.convert_to_tensor(REAL), keras.ops.convert_to_tensor(FAKE)
    )
    g_loss = loss.generator_loss(
        keras.ops.convert_to_tensor(FAKE), keras.ops.convert_to_tensor(REAL)
    )
    assert float(d_loss) == pytest.approx(EXPECTED[name][0], rel=1e-5)
    assert float(g_loss) == pytest.approx(EXPECTED[name][1], rel=1e-5)


def test_every_loss_has_a_value_by_hand():
    assert set(EXPECTED) == set(losses._LOSSES)


def test_minimax_at_the_equilibrium():
    zeros = keras.ops.zeros((4, 1))  # D = 1/2 everywhere
    loss = losses.Minimax()
    assert float(loss.discriminator_loss(zeros, zeros)) == pytest.approx(2 * LN2)
    assert float(loss.generator_loss(zeros)) == pytest.approx(-LN2)


def test_smoothing_is_one_sided():
    loss = losses.NonSaturating(label_smoothing=0.1)
    real, fake = keras.ops.array([[LN3]]), keras.ops.array([[-LN3]])
    # the real target is 0.9: 0.9 * -log 3/4 + 0.1 * -log 1/4, and fakes keep 0
    expected = 0.9 * (LN4 - LN3) + 0.1 * LN4 + (LN4 - LN3)
    assert float(loss.discriminator_loss(real, fake)) == pytest.approx(expected)


@pytest.mark.parametrize("name", EXPECTED)
def test_losses_at_extreme_logits(name):
    """Half of the logits are as wrong as can be, and half as right."""
    d_loss, g_loss = {
        "minimax": (1e4, -5e3),
        "non_saturating": (1e4, 5e3),
        "least_squares": (1e8 / 2 + 1e8 / 2 + 0.5, 1e8 / 2 + 0.5),
        "wasserstein": (0.0, 0.0),
        "hinge": (10_001.0, 0.0),
        "relativistic_pairing": (1e4, 1e4),
    }[name]
    loss = losses.get(name)
    far = keras.ops.array([[1e4], [-1e4]])
    assert float(loss.discriminator_loss(far, -far)) == pytest.approx(d_loss)
    assert float(loss.generator_loss(far, -far)) == pytest.approx(g_loss)


def test_scores_are_probabilities():
    logits = keras.ops.array([LN3, 0.0, -LN3])
    scores = keras.ops.convert_to_numpy(losses.Hinge().score(logits))
    np.testing.assert_allclose(scores, [0.75, 0.5, 0.25], rtol=1e-6)
    # the least-squares discriminator estimates the probability without a sigmoid
    scores = keras.ops.convert_to_numpy(losses.LeastSquares().score(logits))
    np.testing.assert_allclose(scores, [LN3, 0.0, -LN3], rtol=1e-6)


def test_least_squares_by_another_factor():
    real, fake = keras.ops.array([[3.0]]), keras.ops.array([[-1.0]])
    for factor in (0.5, 1.0):
        loss = losses.LeastSquares(factor)
        assert float(loss.discriminator_loss(real, fake)) == factor * (4.0 + 1.0)
        assert float(loss.generator_loss(fake)) == factor * 4.0
    assert losses.LeastSquares().factor == 0.5
    with pytest.raises(ValueError, match="`factor` must be positive. Received: 0"):
        losses.LeastSquares(0)


def test_config_round_trip():
    loss = losses.NonSaturating(label_smoothing=0.25)
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(loss)
    )
    assert isinstance(again, losses.NonSaturating)
    assert again.label_smoothing == 0.25


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(ValueError, match=r"'hing'.*Did you mean 'hinge'"):
        losses.get("hing")
    with pytest.raises(ValueError, match="instance of"):
        losses.get(losses.Hinge)
    with pytest.raises(ValueError, match=r"one of \['hinge'"):
        losses.get(None)


def test_smoothing_out_of_range():
    with pytest.raises(ValueError, match=r"in \[0, 1\). Received: 1.5"):
        losses.NonSaturating(label_smoothing=1.5)
