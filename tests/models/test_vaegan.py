"""VAE-GAN: its three losses by hand, its balance, its files, what it refuses."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, datasets
from keras_gan.models import VAEGAN
from keras_gan.models.equilibrium import who_moves
from keras_gan.penalties import R1, GradientPenalty, WeightClipping

DATA = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")


def discriminator(size=4):
    data = keras.Input((size,))
    features = layers.Dense(6, "tanh", name="features")(data)
    return keras.Model(data, [layers.Dense(1, name="head")(features), features])


def new_vaegan(seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    networks = architectures.mlp_vae((4,), 2, (8,), (8,))
    vaegan = VAEGAN(*networks, discriminator(), seed=seed)
    rates = [keras.optimizers.SGD(0.1) for _ in range(3)]
    vaegan.compile(*rates, **FEW_STEPS | settings)
    return vaegan


def arrays(model):
    return [ops.convert_to_numpy(weight).copy() for weight in model.weights]


def moved(vaegan):
    before = {name: arrays(getattr(vaegan, name)) for name in vaegan.players}
    vaegan.train_on_batch(DATA)
    return {
        name
        for name, old in before.items()
        if any(
            not np.array_equal(a, b)
            for a, b in zip(old, arrays(getattr(vaegan, name)), strict=True)
        )
    }


def test_the_losses_by_hand():
    vaegan = new_vaegan(feature_weight=0.2)
    rng = np.random.default_rng(1)
    inputs = [DATA, *(rng.normal(size=(16, 2)).astype("float32") for _ in range(2))]
    found, logs = vaegan.all_losses(*map(ops.convert_to_tensor, inputs))
    found, logs = keras.tree.map_structure(
        lambda t: float(ops.convert_to_numpy(t)), (found, logs)
    )

    def run(network, x):
        outputs = getattr(vaegan, network)(ops.convert_to_tensor(x))
        return keras.tree.map_structure(ops.convert_to_numpy, outputs)

    mean, log_sd = np.split(run("encoder", DATA), 2, axis=1)
    kl = 0.5 * (mean**2 + np.exp(2 * log_sd) - 1) - log_sd
    again = run("generator", mean + np.exp(log_sd) * inputs[1])
    real, features = run("discriminator", DATA)
    fake, features_again = run("discriminator", again)
    fake_drawn, _ = run("discriminator", run("generator", inputs[2]))
    fakes = np.concatenate([fake, fake_drawn])
    error = 0.5 * ((features - features_again) ** 2).sum(axis=1).mean()
    d_loss = np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fakes)).mean()
    g_loss = np.log1p(np.exp(-fakes)).mean()
    assert logs["kl"] == pytest.approx(kl.sum(axis=1).mean(), rel=1e-4)
    assert logs["feature_error"] == pytest.approx(error, rel=1e-4)
    assert found["encoder"] == pytest.approx(error + kl.sum(axis=1).mean(), rel=1e-4)
    assert found["generator"] == pytest.approx(g_loss + 0.2 * error, rel=1e-4)
    assert found["discriminator"] == pytest.approx(d_loss, rel=1e-4)


def test_the_player_that_is_ahead_waits():
    vaegan = new_vaegan()
    assert moved(vaegan) == {"encoder", "generator", "discriminator"}
    head = vaegan.discriminator.get_layer("head")
    head.set_weights([np.zeros((6, 1)), np.full(1, 3.0)])  # all are thought real
    assert moved(vaegan) == {"encoder", "discriminator"}
    weights = [ops.ones((4, 1)) * value for value in (5.0, -5.0)]
    moves = who_moves(*weights, vaegan.equilibrium, vaegan.margin)
    assert [float(each) for each in moves] == [0.0, 1.0]
    head.set_weights([np.zeros((6, 1)), np.full(1, 3.0)])
    free = new_vaegan(margin=None)
    free.discriminator.get_layer("head").set_weights([np.ones((6, 1)), np.full(1, 3.0)])
    assert moved(free) == {"encoder", "generator", "discriminator"}


def data():
    return datasets.Batches(DATA, batch_size=8, seed=3)


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_goes_on_as_if_nothing_had_happened(tmp_path):
    vaegan = new_vaegan(feature_weight=0.3, loss="hinge", margin=None)
    vaegan.fit(data(), epochs=1, verbose=0)
    vaegan.save(tmp_path / "vaegan.keras")
    vaegan.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    again = keras.saving.load_model(tmp_path / "vaegan.keras")
    assert again.feature_weight == 0.3
    assert again.margin is None
    again.fit(data(), initial_epoch=1, epochs=2, verbose=0)
    for one, other in zip(arrays(vaegan), arrays(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_reconstruct_and_the_published_settings():
    vaegan = VAEGAN(*architectures.vaegan((8, 8, 1), 6, 4, 8))
    vaegan.compile()
    assert (vaegan.equilibrium, vaegan.margin) == (0.68, 0.35)
    assert isinstance(vaegan.optimizer.players["encoder"], keras.optimizers.RMSprop)
    images = np.zeros((3, 8, 8, 1), "float32")
    assert vaegan.reconstruct(images).shape == images.shape


def test_half_of_the_fakes_and_a_penalty_by_hand():
    vaegan = new_vaegan(
        margin=None, fakes_per_image=1, discriminator_penalties=[R1(0.4)]
    )
    rng = np.random.default_rng(1)
    data = DATA[:15]
    noise, drawn = (rng.normal(size=(15, 2)).astype("float32") for _ in range(2))
    found, logs = vaegan.all_losses(*map(ops.convert_to_tensor, (data, noise, drawn)))
    found, logs = keras.tree.map_structure(
        lambda t: float(ops.convert_to_numpy(t)), (found, logs)
    )
    d = vaegan.discriminator
    z, _ = vaegan.encode_with_divergences(*map(ops.convert_to_tensor, (data, noise)))
    latents = np.concatenate([ops.convert_to_numpy(z)[:8], drawn[:7]])
    fakes = vaegan.generator(ops.convert_to_tensor(latents))
    logits, features = map(ops.convert_to_numpy, d(ops.convert_to_tensor(data)))
    fake_logits, again = map(ops.convert_to_numpy, d(fakes))
    assert len(fake_logits) == 15
    # The logit is w tanh(V x + b): its gradient is V (w (1 - tanh^2)).
    inner, outer = (ops.convert_to_numpy(layer.kernel) for layer in d.layers[1:3])
    slopes = (1 - features**2) * outer[:, 0] @ inner.T
    penalty = 0.4 / 2 * (slopes**2).sum(axis=1).mean()
    d_loss = np.log1p(np.exp(-logits)).mean() + np.log1p(np.exp(fake_logits)).mean()
    error = 0.5 * ((features[:8] - again[:8]) ** 2).sum(axis=1).mean()
    assert logs["penalty"] == pytest.approx(penalty, rel=1e-4)
    assert logs["feature_error"] == pytest.approx(error, rel=1e-4)
    assert found["discriminator"] == pytest.approx(d_loss + penalty, rel=1e-4)


def test_the_moving_average_is_sampled_and_kept(tmp_path):
    vaegan = new_vaegan(ema=keras_gan.EMA(half_life=8))
    before = arrays(vaegan.generator)
    vaegan.train_on_batch(DATA)  # two half-lives
    for start, end, average in zip(
        before, arrays(vaegan.generator), arrays(vaegan.ema_generator), strict=True
    ):
        np.testing.assert_allclose(average, start / 4 + 3 * end / 4, atol=1e-6)
    vaegan.save(tmp_path / "vaegan.keras")
    again = keras.saving.load_model(tmp_path / "vaegan.keras")
    assert again.ema.half_life == 8
    np.testing.assert_array_equal(again.generate(4, seed=0), vaegan.generate(4, seed=0))
    vaegan.save_weights(tmp_path / "w.weights.h5")
    with pytest.raises(ValueError, match="holds a moving average"):
        new_vaegan().load_weights(tmp_path / "w.weights.h5")


def test_weights_are_clipped():
    vaegan = new_vaegan(discriminator_penalties=[WeightClipping(0.01)])
    vaegan.train_on_batch(DATA)
    assert max(np.abs(w).max() for w in arrays(vaegan.discriminator)) <= 0.01


def test_what_does_not_fit_is_refused():
    encoder, generator = architectures.mlp_vae((4,), 2, (4,), (4,))
    plain = architectures.mlp_discriminator((4,), discriminator_units=(4,))
    with pytest.raises(ValueError, match=r"Expected a logit, \(None, 1\), and the"):
        VAEGAN(encoder, generator, plain)
    with pytest.raises(ValueError, match="Give them one shape"):
        VAEGAN(encoder, generator, discriminator(5))
    vaegan = VAEGAN(encoder, generator, discriminator())
    with pytest.raises(ValueError, match="this loss compares pairs"):
        vaegan.compile(loss="relativistic_pairing")
    for name in ("feature_weight", "equilibrium", "margin"):
        with pytest.raises(ValueError, match=f"`{name}` must not be negative"):
            vaegan.compile(**{name: -1.0})
    with pytest.raises(ValueError, match=r"takes one fake for each.*fakes_per_image=1"):
        vaegan.compile(discriminator_penalties=[GradientPenalty()])
    with pytest.raises(ValueError, match="`fakes_per_image` must be 1 or 2"):
        vaegan.compile(fakes_per_image=3)
    with pytest.raises(ValueError, match="`ema` must be"):
        vaegan.compile(ema=0.999)
