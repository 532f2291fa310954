"""Discriminators with one logit for a pack: what fits, and what a slope is."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import architectures, backend, conditions, datasets, penalties
from keras_gan.layers import Packing
from keras_gan.validation import networks

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(24, 6)).astype("float32")


def packed_gan(num_packed=2, cls=keras_gan.GAN, num_classes=None, **settings):
    keras.utils.set_random_seed(0)
    pair = architectures.mlp((6,), 4, num_classes, (8,), (8,), num_packed=num_packed)
    gan = cls(*pair, num_classes=num_classes, seed=1)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **settings)
    return gan


@pytest.mark.backends("torch", reason="shapes: no backend code")
@pytest.mark.parametrize("num_packed", [1, 2, 3, 10])
@pytest.mark.parametrize("num_classes", [None, 3])
def test_how_many_share_a_logit(num_packed, num_classes):
    condition = conditions.get(num_classes=num_classes)
    _, vectors = architectures.mlp((6,), 4, num_classes, num_packed=num_packed)
    assert networks.images_per_logit(vectors, (6,), condition) == num_packed
    shape = (8, 8, 1)
    _, pictures = architectures.dcgan(
        shape, 4, num_classes, width=2, num_packed=num_packed
    )
    assert networks.images_per_logit(pictures, shape, condition) == num_packed


class Pairs(keras.Model):
    """Packs in its own way."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def build(self, input_shape):
        self.dense.build((None, 12))

    def call(self, points):
        return self.dense(ops.reshape(points, (-1, 12)))

    def compute_output_shape(self, input_shape):
        return (input_shape[0] and input_shape[0] // 2, 1)


def test_a_packing_of_ones_own_is_seen():
    discriminator = Pairs()
    keras_gan.GAN(architectures.mlp((6,), 4)[0], discriminator)
    assert networks.images_per_logit(discriminator, (6,)) == 2


@pytest.mark.parametrize(
    ("settings", "batch_size", "message"),
    [
        ({}, 9, r"packs 2 examples.* 1 part of.*Received: 9. .* 8 or 10"),
        ({"discriminator_steps": 3}, 9, "3 parts .* 6 must divide .* 6 or 12"),
        (
            {"discriminator_steps": 2, "gradient_accumulation_steps": 3},
            6,
            "6 parts .* 12 must divide .*Received: 6. .* 12 or 24",
        ),
        ({"num_packed": 4}, 10, "4 must divide.* 8 or 12"),
    ],
)
def test_a_batch_that_cannot_be_packed(settings, batch_size, message):
    gan = packed_gan(**settings)
    with pytest.raises(ValueError, match=message):
        gan.fit(DATA, batch_size=batch_size, verbose=0)
    assert int(ops.convert_to_numpy(gan.optimizer.iterations)) == 0


def test_a_last_batch_that_cannot_be_packed():
    gan = packed_gan()
    with pytest.raises(ValueError, match="last one of an epoch has 3.*drop_remainder"):
        gan.fit(DATA[:19], batch_size=8, verbose=0)
    data = datasets.Batches(DATA[:19], batch_size=8, drop_remainder=False)
    with pytest.raises(ValueError, match="last one of an epoch has 3"):
        gan.fit(data, verbose=0)
    data = datasets.Batches(DATA[:19], batch_size=8)
    d_loss = gan.fit(data, verbose=0).history["d_loss"][0]
    assert d_loss == pytest.approx(2 * np.log(2), abs=4.0)
    gan.fit(DATA[:20], batch_size=8, verbose=0)
    steps = gan.optimizer.players["generator"].iterations
    assert int(ops.convert_to_numpy(steps)) == 2 + 3


@pytest.mark.parametrize(
    ("loss", "num_classes"), [("non_saturating", 3), ("relativistic_pairing", None)]
)
def test_a_last_batch_whose_size_shows_when_it_comes(loss, num_classes):
    tf = pytest.importorskip("tensorflow")
    gan = packed_gan(loss=loss, num_classes=num_classes)
    labels = np.arange(len(DATA)) % 3
    whole = DATA if num_classes is None else (DATA, labels)
    data = tf.data.Dataset.from_tensor_slices(whole).take(19)
    with pytest.raises(Exception, match="that 2 divides.*`drop_remainder=True`"):
        gan.fit(data.batch(8), verbose=0)
    history = gan.fit(data.batch(8, drop_remainder=True), verbose=0).history
    start = {"non_saturating": 2, "relativistic_pairing": 1}[loss] * np.log(2)
    assert history["d_loss"][0] == pytest.approx(start, abs=4.0)


@pytest.mark.backends(
    "tensorflow", "torch", reason="tests/layers/test_packing.py trains on packs on JAX"
)
@pytest.mark.parametrize(
    "settings",
    [
        {"discriminator_steps": 3},
        {"gradient_accumulation_steps": 2, "share_fakes": True},
        {
            "loss": "relativistic_pairing",
            "discriminator_penalties": [penalties.R2(0.1)],
        },
        {
            "cls": keras_gan.models.SimultaneousGAN,
            "discriminator_penalties": [penalties.R1(0.1)],
        },
        {
            "discriminator_penalties": [
                penalties.GradientPenalty(interval=2),
                penalties.DRAGAN(),
            ]
        },
    ],
)
def test_packs_in_every_turn(settings):
    gan = packed_gan(**settings)
    history = gan.fit(DATA, batch_size=12, verbose=0).history
    start = 1 if settings.get("loss") == "relativistic_pairing" else 2
    assert history["d_loss"][0] == pytest.approx(start * np.log(2), abs=4.0)
    assert history.get("penalty", [0.0])[0] < 2_000


@pytest.mark.backends("torch", reason="test_accumulation.py has parts on all")
def test_parts_of_packs_equal_the_whole():
    def weights(num_parts):
        gan = packed_gan(
            discriminator_penalties=[penalties.R1(0.5)],
            gradient_accumulation_steps=num_parts,
        )
        gan.fit(DATA, batch_size=24, shuffle=False, verbose=0)
        return [ops.convert_to_numpy(w) for w in gan.weights]

    for a, b in zip(weights(1), weights(3), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


# D(x, y) = 3 x_1 + 4 x_2 + 12 y_2 of a pack (x, y): a slope of norm 13.
KERNEL = np.array([[3.0], [4.0], [0.0], [12.0]], "float32")


def linear(x):
    return ops.matmul(Packing(2)(x), ops.convert_to_tensor(KERNEL))


def quadratic(x):
    """Its slope is the pack itself."""
    return 0.5 * ops.sum(ops.square(Packing(2)(x)), axis=-1, keepdims=True)


REAL = ops.array([[1.0, 2.0], [2.0, 0.0], [0.0, 3.0], [1.0, 1.0]])
FAKE = ops.array([[0.0, 1.0], [3.0, 0.0], [1.0, 1.0], [0.0, 2.0]])


class Steps:
    """Stands in for the optimizer: how many updates the players have had."""

    def __init__(self, iterations):
        self.players = {"discriminator": self, "generator": self}
        self.iterations = ops.convert_to_tensor(iterations)


def penalized(discriminator, penalties, real, fake, step=0):
    """The outputs of a GAN with this function for a discriminator."""
    gan = packed_gan()
    gan.discriminate = lambda images, condition=None: discriminator(images)
    gan.discriminator_penalties = penalties
    gan.optimizer = Steps(step)
    return gan.discriminate_with_penalties(real, fake)


def total(penalty, discriminator, step=0):
    *logits, cost = penalized(discriminator, [penalty], REAL, FAKE, step)
    assert [tuple(each.shape) for each in logits] == [(2, 1), (2, 1)]
    return float(ops.convert_to_numpy(cost))


@pytest.mark.parametrize(
    ("penalty", "expected"),
    [
        (penalties.R1(2.0), 169.0),  # 2/2 * 13^2
        (penalties.R1(2.0, interval=3), 3 * 169.0),
        (penalties.R2(2.0), 169.0),
        (penalties.GradientPenalty(10.0), 1440.0),  # 10 * (13 - 1)^2
        (penalties.DRAGAN(10.0), 1440.0),
        (penalties.WeightClipping(), 0.0),
    ],
)
def test_the_slope_is_that_of_a_pack(penalty, expected):
    assert total(penalty, linear) == pytest.approx(expected, rel=1e-5)


def test_the_mean_is_over_packs():
    # Squared norms of the packs: 5 + 4 and 9 + 2; of the fakes 1 + 9 and 2 + 4.
    assert total(penalties.R1(1.0), quadratic) == pytest.approx((9 + 11) / 2 / 2)
    assert total(penalties.R2(1.0), quadratic) == pytest.approx((10 + 6) / 2 / 2)


class SharesOfPacks(penalties.GradientPenalty):
    """Between 0 and 1, a point of D(x) = |x|^2 / 2 and its slope are the share."""

    def __init__(self, reduce):
        super().__init__(weight=1.0)
        self.reduce = reduce

    def cost(self, gradient):
        assert gradient.shape[0] == 200
        return self.reduce(gradient, axis=tuple(range(1, len(gradient.shape))))


@pytest.mark.parametrize("shape", [(6,), (4, 3, 2)])
def test_a_pack_is_interpolated_with_one_share(shape):
    real, fake = ops.ones((400, *shape)), ops.zeros((400, *shape))

    def discriminator(x):
        packs = ops.reshape(Packing(2)(x), (200, -1))
        return 0.5 * ops.sum(ops.square(packs), -1, keepdims=True)

    def mean(reduce):
        costs = [SharesOfPacks(reduce)]
        *_, cost = penalized(discriminator, costs, real, fake)
        return float(ops.convert_to_numpy(cost))

    assert mean(ops.var) == pytest.approx(0.0, abs=1e-6), "one share for a pack"
    assert mean(ops.mean) == pytest.approx(1 / 2, abs=0.05)
    squares = mean(lambda x, axis: ops.mean(ops.square(x), axis))
    assert squares == pytest.approx(1 / 3, abs=0.05), "not one share for all packs"


@pytest.mark.backends("tensorflow", "torch", reason="a count: no backend code")
def test_the_augmentation_counts_images_and_not_logits():
    augment = keras_gan.augment.AdaptiveAugment(
        -0.999, ramp_images=100, interval=1, operations=["blit"]
    )
    pair = architectures.dcgan((4, 4, 1), 4, width=2, num_packed=2)
    gan = keras_gan.GAN(*pair, seed=0)
    gan.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0), augment=augment)
    images = np.random.default_rng(0).uniform(-1, 1, (16, 4, 4, 1)).astype("float32")
    gan.fit(images, batch_size=16, verbose=0)
    backend.sync_state(gan)
    assert float(augment.probability) == pytest.approx(0.16)
