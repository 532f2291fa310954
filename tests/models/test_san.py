"""SAN: the split loss against its statement in NumPy, and the head in every family."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import architectures, models
from keras_gan.architectures import san_discriminator
from keras_gan.layers import SlicedLogits

pytestmark = pytest.mark.usefixtures("eager")

RATE = 0.1


def number(tensor):
    return ops.convert_to_numpy(tensor).astype("float64")


def some(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def plain(units=1, activation=None):
    data = keras.Input((2,))
    features = layers.Dense(3, activation="tanh", name="features")(data)
    return keras.Model(data, layers.Dense(units, activation, name="logits")(features))


def new_san(direction_weight=1.0, seed=0):
    keras.utils.set_random_seed(seed)
    latents = keras.Input((2,))
    generator = keras.Model(latents, layers.Dense(2)(latents))
    san = models.SAN(generator, san_discriminator(plain()), seed=0)
    rates = [keras.optimizers.SGD(RATE), keras.optimizers.SGD(0.0)]
    san.compile(*rates, loss="hinge", direction_weight=direction_weight)
    return san


def test_an_update_against_numpy():
    """The hinge loss moves scale, bias and features; the direction has its own."""
    san = new_san(direction_weight=2.0)
    head = san.discriminator.get_layer("logits_sliced")
    dense = san.discriminator.get_layer("features")
    w, s, b = number(head.direction)[:, 0], float(number(head.scale)), 0.3
    head.bias.assign(b)
    kernel, offset = number(dense.kernel), number(dense.bias)
    real, fakes = some(8, 2), some(8, 2, seed=1)
    tensors = [ops.convert_to_tensor(x) for x in (real, fakes)]
    logs = san.minimize("discriminator", san.discriminator_loss, *tensors)

    unit = w / np.linalg.norm(w)
    h = {k: np.tanh(x @ kernel + offset) for k, x in (("r", real), ("f", fakes))}
    logits = {k: s * x @ unit + b for k, x in h.items()}
    # dL/dlogit of the hinge loss.
    slope = {"r": -1.0 * (logits["r"] < 1) / 8, "f": (logits["f"] > -1) / 8}
    d_scale = sum(slope[k] @ (h[k] @ unit) for k in h)
    d_bias = sum(slope[k].sum() for k in h)
    d_kernel = sum(
        x.T @ (slope[k][:, None] * s * unit * (1 - h[k] ** 2))
        for k, x in (("r", real), ("f", fakes))
    )
    d_unit = 2.0 * s * (h["f"].mean(0) - h["r"].mean(0))
    d_w = (d_unit - unit * (unit @ d_unit)) / np.linalg.norm(w)
    for variable, old, slope_of in (
        (head.scale, s, d_scale),
        (head.bias, b, d_bias),
        (head.direction, w[:, None], d_w[:, None]),
        (dense.kernel, kernel, d_kernel),
    ):
        expected = old - RATE * slope_of
        np.testing.assert_allclose(number(variable), expected, rtol=1e-4, atol=1e-6)
    expected = s * (h["f"].mean(0) - h["r"].mean(0)) @ unit
    np.testing.assert_allclose(number(logs["direction_loss"]), expected, rtol=1e-4)


def test_a_direction_of_each_example():
    layer = SlicedLogits()
    features, vectors = some(4, 3), some(4, 3, seed=1)
    found = number(layer([features, vectors]))
    w = number(layer.direction)[:, 0] + vectors
    unit = w / np.linalg.norm(w, axis=1, keepdims=True)
    expected = (features * unit).sum(1)
    np.testing.assert_allclose(found, np.stack([expected] * 2, 1), rtol=1e-4, atol=1e-6)


PROJECTED = {"width": 4, "feature_size": 32, "weights": None, "num_scales": 2}
FAMILIES = {
    "dcgan": lambda: architectures.dcgan_discriminator((8, 8, 1), width=2),
    "dcgan, label": lambda: architectures.dcgan_discriminator(
        (8, 8, 1), 3, width=2, conditioning="projection"
    ),
    "resnet": lambda: architectures.resnet_discriminator((16, 16, 1), width=2),
    "r3gan": lambda: architectures.r3gan_discriminator((8, 8, 1), width=8),
    "r3gan, label": lambda: architectures.r3gan_discriminator((8, 8, 1), 3, width=8),
    "stylegan2": lambda: architectures.stylegan2_discriminator(
        (8, 8, 1), width=4, max_width=4
    ),
    "projected": lambda: architectures.projected_discriminator((8, 8, 1), **PROJECTED),
    "fastgan": lambda: architectures.fastgan_discriminator((32, 32, 1), 1, False),
}


@pytest.mark.backends("torch", reason="no backend code: torch builds fastest")
@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_takes_the_head(name):
    before = FAMILIES[name]()
    shape = before.inputs[0].shape[1:]
    inputs = [np.tanh(some(4, *shape))]
    inputs += [np.arange(4) % 3] * (len(before.inputs) - 1)
    inputs = inputs if len(inputs) > 1 else inputs[0]
    expected = number(before(inputs))
    after = san_discriminator(before)
    logits, directions = (number(each) for each in after(inputs))
    assert logits.shape == directions.shape == expected.shape
    np.testing.assert_allclose(logits, directions, rtol=1e-5, atol=1e-6)
    if name in ("dcgan", "r3gan", "fastgan"):  # it begins as it was
        np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-4)
    again = keras.Model.from_config(after.get_config())
    again.set_weights(after.get_weights())
    np.testing.assert_allclose(number(again(inputs)[0]), logits, rtol=1e-5, atol=1e-6)


@pytest.mark.backends(
    "tensorflow", "torch", reason="tests/harness takes a file up on JAX"
)
def test_penalties_augmentation_and_files(tmp_path):
    generator, discriminator = architectures.dcgan((8, 8, 1), 4, width=2)
    san = models.SAN(generator, san_discriminator(discriminator), seed=0)
    san.compile(
        loss="relativistic_pairing",
        discriminator_penalties=[
            keras_gan.penalties.R1(0.1),
            keras_gan.penalties.R2(0.1, interval=2),
        ],
        augment=keras_gan.augment.DiffAugment(["translation"]),
        direction_weight=0.5,
    )
    logs = san.fit(np.tanh(some(8, 8, 8, 1)), batch_size=4, verbose=0).history
    assert set(logs) == {
        *("d_loss", "g_loss", "real_score", "fake_score", "penalty"),
        "direction_loss",
    }
    assert np.isfinite(list(logs.values())).all()
    san.save(tmp_path / "san.keras")
    loaded = keras.saving.load_model(tmp_path / "san.keras")
    assert loaded.direction_weight == 0.5
    images = np.tanh(some(2, 8, 8, 1))
    for mine, others in zip(
        san.discriminator(images), loaded.discriminator(images), strict=True
    ):
        np.testing.assert_allclose(number(mine), number(others), atol=1e-6)


@pytest.mark.backends("torch", reason="messages: run once")
def test_refusals():
    with pytest.raises(ValueError, match="ends in 'logits', a Dense. Pass one that"):
        san_discriminator(plain(activation="sigmoid"))
    with pytest.raises(ValueError, match="ends in 'logits', a Dense"):
        san_discriminator(plain(units=2))
    with pytest.raises(ValueError, match="with 3 outputs"):
        san_discriminator(architectures.fastgan_discriminator((32, 32, 1), 1))
    with pytest.raises(ValueError, match="logits and directions.*san_discriminator"):
        models.SAN(keras.Sequential([keras.Input((2,)), layers.Dense(2)]), plain())
    with pytest.raises(ValueError, match="must be positive.*Received: 0"):
        new_san(direction_weight=0)
    with pytest.raises(ValueError, match="feature maps without vectors"):
        SlicedLogits((2, 2))([np.ones((1, 2, 2, 1)), np.ones((1, 1))])
