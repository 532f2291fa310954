"""InfoGAN: the information by hand, its files, its codes, and what it refuses."""

import keras
import numpy as np
import pytest
from few_steps import FEW_STEPS
from keras import layers, ops

import keras_gan
from keras_gan import architectures, datasets
from keras_gan.latents import Categorical, NoiseAndCodes, Normal, Uniform
from keras_gan.models import InfoGAN

DATA = np.random.default_rng(0).normal(size=(24, 2)).astype("float32")


def new_prior():
    return NoiseAndCodes(Normal(3), {"kind": Categorical(3), "size": Uniform(1)})


def networks():
    data = keras.Input((2,))
    trunk = layers.Dense(8, "tanh", name="trunk")(data)
    outputs = [layers.Dense(n, name=f"head_{n}")(trunk) for n in (1, 4)]
    discriminator = keras.Model(data, outputs, name="discriminator")
    return architectures.mlp_generator((2,), 7, None, (8,)), discriminator


def new_gan(seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    gan = InfoGAN(*networks(), prior=new_prior(), seed=seed)
    settings = {**FEW_STEPS, **settings}
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **settings)
    return gan


def arrays(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


def logs_of(gan):
    return gan.train_on_batch(DATA, return_dict=True)


def test_logs_are_the_bound_in_nats():
    gan = new_gan()
    logs = logs_of(gan)
    assert set(logs) == {
        *("d_loss", "g_loss", "real_score", "fake_score"),
        *("information", "information_kind", "information_size"),
    }
    parts = logs["information_kind"] + logs["information_size"]
    assert logs["information"] == pytest.approx(parts, abs=1e-6)
    assert logs["information_kind"] < np.log(3)


def test_loss_of_the_codes_by_hand():
    gan = new_gan(information_weight=2.0)
    latents = gan.prior.sample(6, seed=0)
    recognized = np.random.default_rng(1).normal(size=(6, 4)).astype("float32")
    drawn = ops.convert_to_numpy(latents)[:, 3:]
    logits = recognized[:, :3]
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    kind = (drawn[:, :3] * log_p).sum(axis=1).mean()
    error = drawn[:, 3] - recognized[:, 3]
    size = -0.5 * (error**2 + np.log(2 * np.pi)).mean()
    found = float(gan.code_loss(latents, ops.convert_to_tensor(recognized)))
    assert found == pytest.approx(-2.0 * (kind + size), rel=1e-5)


def test_the_information_moves_trunk_head_and_generator():
    """Of the discriminator's other loss nothing is left: D's logit is constant."""
    gan = new_gan()
    gan.discriminator.get_layer("head_1").set_weights([np.zeros((8, 1)), np.zeros(1)])
    before = arrays(gan.discriminator), arrays(gan.generator)
    gan.discriminator.get_layer("head_1").trainable = False
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **FEW_STEPS)
    logs_of(gan)
    after = arrays(gan.discriminator), arrays(gan.generator)
    moved = [
        [not np.array_equal(a, b) for a, b in zip(*pair, strict=True)]
        for pair in zip(before, after, strict=True)
    ]
    names = [weight.path.split("/")[-2] for weight in gan.discriminator.weights]
    assert {n for n, m in zip(names, moved[0], strict=True) if m} == {"trunk", "head_4"}
    assert any(moved[1])


def test_without_the_information_it_is_a_gan():
    gan = new_gan(information_weight=0.0)
    head = gan.discriminator.get_layer("head_4").get_weights()
    logs_of(gan)
    for old, new in zip(
        head, gan.discriminator.get_layer("head_4").get_weights(), strict=True
    ):
        np.testing.assert_array_equal(old, new)


def test_a_schedule_of_the_weight():
    ramp = keras.optimizers.schedules.PolynomialDecay(0.0, 10, 1.0)
    gan = new_gan(information_weight=ramp)
    codes = np.zeros((2, 7), "float32"), np.zeros((2, 4), "float32")
    assert float(gan.code_loss(*map(ops.convert_to_tensor, codes))) == 0
    logs_of(gan)
    assert float(gan.code_loss(*map(ops.convert_to_tensor, codes))) > 0


def test_a_weight_for_each_code():
    gan = new_gan(information_weight={"size": 0.0})
    latents, recognized = ops.zeros((2, 7)), ops.ones((2, 4))
    found = gan.prior.log_likelihood_by_code(latents, recognized)
    others = [ops.mean(each) for name, each in found.items() if name != "size"]
    loss = float(gan.code_loss(latents, recognized))
    np.testing.assert_allclose(loss, -float(sum(others)), rtol=1e-6)
    assert len(others) == len(found) - 1


@pytest.mark.backends("torch", reason="test_accumulation.py has parts on all")
def test_accumulation_penalties_and_k_steps():
    gan = new_gan(
        gradient_accumulation_steps=2,
        discriminator_steps=2,
        loss="relativistic_pairing",
        discriminator_penalties=[keras_gan.penalties.R1(0.1)],
        ema=keras_gan.EMA(100),
    )
    assert all(np.isfinite(value) for value in logs_of(gan).values())


def data():
    return datasets.Batches(DATA, batch_size=8, seed=3)


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_goes_on_as_if_nothing_had_happened(tmp_path):
    gan = new_gan(ema=keras_gan.EMA(50))
    gan.fit(data(), epochs=2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    gan.fit(data(), initial_epoch=2, epochs=3, verbose=0)
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.information_weight == 1.0
    again.fit(data(), initial_epoch=2, epochs=3, verbose=0)
    for one, other in zip(arrays(gan), arrays(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_generate_by_code():
    gan = new_gan()
    codes = {"kind": [0, 1, 2, 0], "size": 0.25}
    points = gan.generate(4, seed=1, codes=codes)
    latents = gan.prior.set_codes(gan.prior.sample(4, seed=1), **codes)
    np.testing.assert_allclose(points, gan.synthesize(latents), atol=1e-6)
    assert not np.allclose(points, gan.generate(4, seed=1))
    with pytest.raises(ValueError, match="no code 'digit'"):
        gan.generate(4, codes={"digit": 1})


def test_recognize_reads_probabilities_and_numbers():
    gan = new_gan()
    found = gan.recognize(DATA, batch_size=10)
    assert {name: values.shape for name, values in found.items()} == {
        "kind": (24, 3),
        "size": (24, 1),
    }
    np.testing.assert_allclose(found["kind"].sum(axis=1), 1, rtol=1e-5)
    codes = ops.convert_to_numpy(gan.discriminator(DATA)[1])
    np.testing.assert_allclose(found["size"], codes[:, 3:], atol=1e-6)
    with pytest.raises(ValueError, match="the networks work on"):
        gan.recognize(DATA[:, :1])


def test_a_gan_without_codes_says_so():
    gan = keras_gan.GAN(*architectures.mlp((2,), 4, None, (4,), (4,)))
    with pytest.raises(ValueError, match=r"has none. Train a `keras_gan.models.Info"):
        gan.generate(2, codes={"kind": 1})


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_what_does_not_fit_is_refused():
    generator, discriminator = networks()
    with pytest.raises(ValueError, match="needs to know which of its latents are code"):
        InfoGAN(generator, discriminator)
    condition = keras_gan.conditions.ClassLabels(3)
    with pytest.raises(ValueError, match="takes no condition"):
        InfoGAN(generator, discriminator, new_prior(), condition=condition)
    wider = NoiseAndCodes(Normal(2), {"kind": Categorical(5)})
    with pytest.raises(ValueError, match=r"Expected \[\(None, 1\), \(None, 5\)\]"):
        InfoGAN(generator, discriminator, wider)
    gan = InfoGAN(generator, discriminator, new_prior())
    for weight in (-1, {"kind": -1}):
        with pytest.raises(ValueError, match="must not be negative"):
            gan.compile(information_weight=weight)
    with pytest.raises(ValueError, match="names 'digit', and the codes are 'kind'"):
        gan.compile(information_weight={"digit": 1.0})
