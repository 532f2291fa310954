"""Every public loss, penalty, prior, augmentation, initializer and optimizer object."""

import keras
import numpy as np
import pytest
from catalogue.objects import (
    AUGMENTATIONS,
    DIRECTIONS,
    GENERATOR_PENALTIES,
    INITIALIZERS,
    INVARIANCES,
    LIKELIHOODS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
)
from few_steps import FEW_STEPS
from keras import ops
from probes import (
    STEP_POLICIES,
    TOLERANCE,
    assert_near,
    assert_round_trip,
    number,
    some,
    unmoved,
    without_gradient,
)

import keras_gan
from keras_gan import architectures

OBJECTS = {
    f"{kind}: {name}": make
    for kind, table in (
        ("invariance", INVARIANCES),
        ("likelihood", LIKELIHOODS),
        ("loss", LOSSES),
        ("penalty", PENALTIES),
        ("penalty", GENERATOR_PENALTIES),
        ("prior", PRIORS),
        ("directions", DIRECTIONS),
        ("augmentation", AUGMENTATIONS),
        ("initializer", INITIALIZERS),
        ("optimizer", OPTIMIZERS),
    )
    for name, make in table.items()
}


KERAS_WRITES_THEIRS = ("initializer", "optimizer")


@pytest.mark.parametrize("name", OBJECTS)
def test_configuration(name):
    assert_round_trip(OBJECTS[name]())


@pytest.mark.parametrize(
    "name", [n for n in OBJECTS if not n.startswith(KERAS_WRITES_THEIRS) or "EMA" in n]
)
def test_repr_says_what_it_is(name):
    thing = OBJECTS[name]()
    assert type(thing).__name__ in repr(thing)
    assert " at 0x" not in repr(thing)


class Players(keras.Model):
    """Two layers as real and generated logits, under one player's loss."""

    def __init__(self, loss, player, dtype="float32"):
        super().__init__()
        self.adversarial, self.player = loss, player
        self.real = keras.layers.Dense(1, dtype=dtype)
        self.fake = keras.layers.Dense(1, dtype=dtype)

    def call(self, x):
        return [ops.cast(self.real(x), "float32"), ops.cast(self.fake(x), "float32")]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, **kwargs):
        real, fake = y_pred
        if self.player == "discriminator":
            return self.adversarial.discriminator_loss(real, fake)
        loss = self.adversarial.generator_loss(fake, real)
        return loss + 0.0 * ops.mean(real)  # Keras warns of weights without gradients


@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("name", LOSSES)
def test_loss(name, player):
    """Both players' losses move logits, and agree in all precisions."""
    found = {}
    loss = LOSSES[name]()
    for dtype in ("float32", *STEP_POLICIES):
        model = Players(loss, player, dtype)
        model(some((8, 4)))
        model.set_weights([some(w.shape, seed=i) for i, w in enumerate(model.weights)])
        model.compile(keras.optimizers.SGD(0.1), **FEW_STEPS)

        def step(model=model, dtype=dtype):
            found[dtype] = model.train_on_batch(some((8, 4)))

        still = {path.split("/")[-2] for path in unmoved(model, step)}
        if player == "generator" and not loss.is_relativistic:
            assert len(still) == 1, "it looks at the real logits"
        elif name != "RelativisticPairing":
            assert not still
    for policy in STEP_POLICIES:
        assert found[policy] == pytest.approx(
            found["float32"], rel=5 * TOLERANCE[policy], abs=TOLERANCE[policy]
        )


def new_gan(**settings):
    keras.utils.set_random_seed(0)
    gan = keras_gan.GAN(*architectures.mlp((5,), 6, None, (8,), (8,)), seed=1)
    sgd = [keras.optimizers.SGD(0.01) for _ in range(2)]
    if keras.config.dtype_policy().name == "mixed_float16":
        # Keras' first scale, 32768, may overflow, and the update would be skipped.
        scaled = keras.optimizers.LossScaleOptimizer
        sgd = [scaled(each, initial_scale=128.0) for each in sgd]
    gan.compile(*sgd, loss="least_squares", **FEW_STEPS, **settings)
    return gan


def assert_steps_agree(player, argument, make):
    """A step moves all weights of a player, with the same logs in all precisions."""
    logs = {}
    for policy in ("float32", *STEP_POLICIES):
        keras.config.set_dtype_policy(policy)
        try:
            gan = new_gan(**{argument: [make()]})

            def step(gan=gan, policy=policy):
                logs[policy] = gan.train_on_batch(some((16, 5)), return_dict=True)

            assert unmoved(getattr(gan, player), step) == []
        finally:
            keras.config.set_dtype_policy("float32")
    for policy in STEP_POLICIES:
        for log, value in logs["float32"].items():
            limit = {"rel": 5 * TOLERANCE[policy], "abs": TOLERANCE[policy]}
            assert logs[policy][log] == pytest.approx(value, **limit), log
    return gan, logs["float32"]


@pytest.mark.parametrize("name", PENALTIES)
def test_penalty(name):
    gan, logs = assert_steps_agree(
        "discriminator", "discriminator_penalties", PENALTIES[name]
    )
    if name == "WeightClipping":
        largest = [np.abs(number(w)).max() for w in gan.discriminator.weights]
        assert max(largest) == pytest.approx(0.02)
    else:
        assert logs["penalty"] > 0


@pytest.mark.parametrize("name", GENERATOR_PENALTIES)
def test_generator_penalty(name):
    _, logs = assert_steps_agree(
        "generator", "generator_penalties", GENERATOR_PENALTIES[name]
    )
    assert logs["generator_penalty"] > 0


@pytest.mark.parametrize("name", PRIORS)
def test_prior(name):
    prior = PRIORS[name]()
    latents = prior.sample(4_000, seed=0)
    assert latents.shape == (4_000, prior.latent_dim)
    assert keras.backend.standardize_dtype(latents.dtype) == "float32"
    if name not in ("Categorical", "NoiseAndCodes"):  # not number by number
        quarter = np.full((1, prior.latent_dim), 0.25, "float32")
        quarter = number(prior.quantile(ops.convert_to_tensor(quarter)))
        shares = (number(latents) < quarter).mean(axis=0)
        np.testing.assert_allclose(shares, 0.25, atol=0.04)
    again = prior.sample(4_000, seed=0)
    np.testing.assert_array_equal(number(latents), number(again))


def images(channels):
    return np.tanh(some((6, 8, 8, channels)))


@pytest.mark.parametrize(
    "channels",
    [
        1,
        pytest.param(
            3,
            marks=pytest.mark.backends(
                "tensorflow", "torch", reason="tests/augment has colours on JAX"
            ),
        ),
    ],
)
@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation(name, channels):
    """Images keep shape and type in all precisions, and pass on their gradient."""
    augment = AUGMENTATIONS[name]()
    changed = augment(images(channels), seed=3)
    assert changed.shape == (6, 8, 8, channels)
    assert np.abs(number(changed) - images(channels)).max() > 0.1
    for policy in STEP_POLICIES:
        half = ops.cast(images(channels), policy.removeprefix("mixed_"))
        outputs = augment(half, seed=3)
        assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
        assert_near(outputs, changed, policy)
    inputs = keras.Input((8, 8, channels))
    x = keras.layers.Dense(channels)(inputs)
    model = keras.Model(inputs, augment(x, seed=3))
    assert without_gradient(model, images(channels)) == []


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializer(name, dtype):
    kernel = INITIALIZERS[name]()((2, 2, 64, 64), dtype=dtype)
    assert kernel.shape == (2, 2, 64, 64)
    assert keras.backend.standardize_dtype(kernel.dtype) == dtype
    assert number(kernel).std() == pytest.approx((2 / 64) ** 0.5, rel=0.1)


@pytest.mark.parametrize("name", ["ScheduledAdam", "ScheduledSGD", "Muon"])
def test_optimizer_in_a_file(name, tmp_path):
    """It moves every weight, and goes on from a file as if it had not stopped."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile(OPTIMIZERS[name](), "mse")
    x, y = some((8, 4)), some((8, 3), seed=1)
    assert unmoved(model, lambda: model.train_on_batch(x, y)) == []
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert type(again.optimizer) is type(model.optimizer)
    for each in (model, again):
        each.train_on_batch(x, y)
    for a, b in zip(model.weights, again.weights, strict=True):
        np.testing.assert_array_equal(number(a), number(b))
