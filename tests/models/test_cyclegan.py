"""CycleGAN: a step by hand, the pool, accumulation, files, several steps at once."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import ops
from translators import data, linear_cyclegan, slope

from keras_gan import optimizers

A, B = data()


def numbers(model):
    return [ops.convert_to_numpy(w).item() for w in model.trainable_variables]


def generators_loss(p, q, r, s, a, b, cycle_weight=10.0, identity_weight=0.5):
    """The paper's equation for G(a) = p a, F(b) = q b, D_A(a) = r a, D_B(b) = s b."""
    g_loss = ((s * p * a - 1) ** 2).mean() + ((r * q * b - 1) ** 2).mean()
    cycle = abs(q * p * a - a).mean() + abs(p * q * b - b).mean()
    identity = abs(p * b - b).mean() + abs(q * a - a).mean()
    total = g_loss + cycle_weight * (cycle + identity_weight * identity)
    return total, {"g_loss": g_loss, "cycle_loss": cycle, "identity_loss": identity}


def discriminators_loss(r, s, a, b, fakes_a, fakes_b):
    halves = [
        0.5 * (((w * real - 1) ** 2).mean() + ((w * fakes) ** 2).mean())
        for w, real, fakes in ((r, a, fakes_a), (s, b, fakes_b))
    ]
    return sum(halves), {"d_loss": sum(halves) / 2}


@pytest.mark.parametrize("identity_weight", [0.5, 0.0])
def test_a_step_is_that_of_the_paper(identity_weight):
    """Both generators move, then both discriminators, on fakes from before."""
    p, q, r, s = start = 0.5, 0.8, 0.6, -0.4
    gan = linear_cyclegan(start, seed=0)
    sgd = [keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.02)]
    gan.compile(*sgd, identity_weight=identity_weight, **FEW_STEPS)
    logs = gan.train_on_batch(A, B, return_dict=True)

    a, b = A.astype("float64"), B.astype("float64")

    def loss_g(w):
        return generators_loss(*w, r, s, a, b, identity_weight=identity_weight)[0]

    def loss_d(w):
        return discriminators_loss(*w, a, b, q * b, p * a)[0]

    moved = np.array([p, q]) - 0.01 * slope(loss_g, (p, q))
    moved = [*moved, *(np.array([r, s]) - 0.02 * slope(loss_d, (r, s)))]
    np.testing.assert_allclose(numbers(gan), moved, atol=1e-5)
    expected = generators_loss(p, q, r, s, a, b)[1]
    if identity_weight == 0:
        expected["identity_loss"] = 0.0
    expected |= discriminators_loss(r, s, a, b, q * b, p * a)[1]
    expected["real_score"] = (r * a.mean() + s * b.mean()) / 2
    expected["fake_score"] = (r * q * b.mean() + s * p * a.mean()) / 2
    assert logs == {name: pytest.approx(v, abs=1e-5) for name, v in expected.items()}


def test_parts_of_a_batch_are_the_whole():
    def trained(parts):
        gan = linear_cyclegan(seed=0)
        gan.compile(
            "sgd",
            "sgd",
            pool_size=0,
            gradient_accumulation_steps=parts,
            **FEW_STEPS,
        )
        gan.fit(A, B, batch_size=8, epochs=2, shuffle=False, verbose=0)
        return numbers(gan)

    np.testing.assert_allclose(trained(1), trained(2), atol=1e-6)


def test_discriminators_see_earlier_fakes():
    """What the pools keep are the translations of several steps."""
    gan = linear_cyclegan(seed=0)
    gan.compile("sgd", keras.optimizers.SGD(0.0), pool_size=8, **FEW_STEPS)
    for _ in range(4):
        gan.train_on_batch(A, B)
    for pool, source in zip(gan.pools, (B, A), strict=True):
        kept = ops.convert_to_numpy(pool.images.value)
        assert ops.convert_to_numpy(pool.is_filled.value).tolist() == [1] * 8
        # Each is an image of the other kind, times the generator's weight of its step.
        factors = [
            min(np.ptp(image / one) for one in source) for image in kept.astype("f8")
        ]
        assert max(factors) < 1e-3
    states = {name for name in gan.checkpoint_variables() if "pool" in name}
    assert states == {
        f"state/{pool}/{name}"
        for pool in ("pool_a", "pool_b")
        for name in ("images", "is_filled")
    }


def test_compiling_again_begins_with_empty_pools():
    gan = linear_cyclegan(seed=0)
    gan.compile(**FEW_STEPS)
    number = len(gan.variables)
    gan.train_on_batch(A, B)
    gan.compile(pool_size=3)
    assert len(gan.variables) == number
    assert not ops.convert_to_numpy(gan.pools[0].is_filled.value).any()


@pytest.mark.backends("tensorflow", "jax", reason="torch refuses several steps")
def test_several_steps_in_one_execution():
    def trained(steps):
        gan = linear_cyclegan(seed=0)
        gan.compile("sgd", "sgd", pool_size=4, steps_per_execution=steps)
        gan.fit(A, B, batch_size=2, epochs=2, shuffle=False, verbose=0)
        return numbers(gan)

    np.testing.assert_allclose(trained(1), trained(2), atol=1e-6)


def test_bytes_and_floats_are_the_same_images():
    levels = [((x + 1) * 127.5).astype("uint8") for x in (A, B)]
    ends = []
    for a, b in (levels, [x.astype("float32") / 127.5 - 1 for x in levels]):
        gan = linear_cyclegan(seed=0)
        gan.compile("sgd", "sgd", **FEW_STEPS)
        gan.train_on_batch(a, b)
        ends.append(numbers(gan))
    np.testing.assert_allclose(*ends, atol=1e-5)


def test_a_relativistic_loss_compares_with_real_images():
    gan = linear_cyclegan(seed=0)
    gan.compile("sgd", "sgd", loss="relativistic_pairing", **FEW_STEPS)
    logs = gan.train_on_batch(A, B, return_dict=True)
    p, q, r, s = 0.5, 0.8, 0.6, -0.4
    expected = np.log1p(np.exp(s * B - s * p * A)).mean()
    expected += np.log1p(np.exp(r * A - r * q * B)).mean()
    assert logs["g_loss"] == pytest.approx(expected, abs=1e-5)


def test_directions():
    gan = linear_cyclegan()
    assert gan.directions == ("a_to_b", "b_to_a")
    for direction, weight in zip(gan.directions, (0.5, 0.8), strict=True):
        np.testing.assert_allclose(gan.translate(A, direction), weight * A, atol=1e-6)
    one = gan.translate(A[0], "b_to_a", batch_size=1)
    np.testing.assert_allclose(one, 0.8 * A[0], atol=1e-6)
    with pytest.raises(ValueError, match=r"one of \['a_to_b', 'b_to_a'\].*'ab'"):
        gan.translate(A, "ab")
    translator = gan.translator("b_to_a")
    assert translator.name == "cyclegan_b_to_a"
    assert translator.condition.shape == (4, 4, 1)


@pytest.mark.backends("torch", reason="settings: no backend code")
def test_settings_survive_the_file(tmp_path):
    gan = linear_cyclegan(seed=5)
    rate = optimizers.ConstantThenLinear(1e-3, 100, 100, batch_size=4)
    gan.compile(
        keras.optimizers.Adam(rate),
        loss="hinge",
        cycle_weight=3.0,
        identity_weight=0.0,
        pool_size=7,
        gradient_accumulation_steps=2,
        **FEW_STEPS,
    )
    gan.fit(A, B, batch_size=4, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert (again.seed, again.name) == (5, "cyclegan")
    assert (again.cycle_weight, again.identity_weight) == (3.0, 0.0)
    assert type(again.loss).__name__ == "Hinge"
    assert again.gradient_accumulation_steps == 2
    learned = again.optimizer.players["generators"]
    assert learned._learning_rate.linear_images == 100
    for one, other in zip(gan.pools, again.pools, strict=True):
        assert one.size == other.size == 7
        np.testing.assert_array_equal(
            ops.convert_to_numpy(one.images.value),
            ops.convert_to_numpy(other.images.value),
        )
