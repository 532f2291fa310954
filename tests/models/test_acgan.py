"""The auxiliary classifier: its loss by hand, its files, and what it refuses."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import architectures, backend, datasets, penalties
from keras_gan.models import ACGAN

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).normal(size=(24, 2)).astype("float32")
LABELS = (np.arange(24) % 3).astype("int32")


def pair(num_classes=3, **kwargs):
    return architectures.mlp(
        (2,), 4, num_classes, (8,), (8,), conditioning="auxiliary", **kwargs
    )


def new_gan(seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    gan = ACGAN(*pair(), num_classes=3, seed=seed)
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1), **settings)
    return gan


def fit(gan, epochs=1, batch_size=24, **kwargs):
    kwargs = {"shuffle": False, "verbose": 0, **kwargs}
    fitted = gan.fit(DATA, LABELS, batch_size=batch_size, epochs=epochs, **kwargs)
    return {name: values[-1] for name, values in fitted.history.items()}


def arrays(model):
    return [ops.convert_to_numpy(weight) for weight in model.weights]


def cross_entropy(logits, labels):
    logits = ops.convert_to_numpy(logits).astype("float64")
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


def test_reports_by_hand():
    gan = new_gan()
    gan.run_eagerly = False
    _, classes = gan.discriminator(DATA)
    report = fit(gan)
    assert set(report) == {
        *("d_loss", "g_loss", "real_score", "fake_score"),
        *("class_loss", "real_accuracy", "fake_accuracy"),
    }
    assert report["class_loss"] == pytest.approx(
        cross_entropy(classes, LABELS), rel=1e-5
    )
    told = ops.convert_to_numpy(classes).argmax(axis=1)
    assert report["real_accuracy"] == pytest.approx((told == LABELS).mean())
    assert 0 <= report["fake_accuracy"] <= 1


@pytest.mark.parametrize("weight", [0.0, 2.0])
def test_the_discriminator_learns_classes_of_real_data_only(weight):
    """The class head is linear, and its gradient that of the cross-entropy."""
    gan = new_gan(discriminator_class_weight=weight)
    head = gan.discriminator.layers[-1]
    features = keras.Model(gan.discriminator.input, head.input)(DATA)
    features = ops.convert_to_numpy(features).astype("float64")
    logits = features @ ops.convert_to_numpy(head.kernel)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    slope = features.T @ (p - np.eye(3)[LABELS]) / len(DATA)
    expected = ops.convert_to_numpy(head.kernel) - 0.1 * weight * slope
    fit(gan)
    np.testing.assert_allclose(ops.convert_to_numpy(head.kernel), expected, atol=1e-6)


def test_the_generator_moves_towards_its_class():
    """Against a D that only tells classes, G lowers the class loss of its fakes."""
    gan = new_gan(generator_class_weight=5.0)
    gan.run_eagerly = False  # 30 steps are more than a trace
    gan.optimizer.players["discriminator"].learning_rate = 0.0
    gan.discriminator.layers[-2].kernel.assign(ops.zeros((8, 1)))  # the logit for real
    latents = ops.convert_to_numpy(gan.prior.sample(24, seed=5))

    def class_loss():
        return cross_entropy(
            gan.discriminator(gan.synthesize(latents, LABELS))[1], LABELS
        )

    before = class_loss()
    fit(gan, epochs=30)
    assert class_loss() < before - 0.1

    gan = new_gan(generator_class_weight=0.0)
    gan.optimizer.players["discriminator"].learning_rate = 0.0
    gan.discriminator.layers[-2].kernel.assign(ops.zeros((8, 1)))
    start = arrays(gan.generator)
    fit(gan)
    for old, new in zip(start, arrays(gan.generator), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.backends(
    "tensorflow", "torch", reason="test_backends_agree.py has penalties on JAX"
)
def test_a_penalty_looks_at_the_logit_for_real_alone():
    gan = new_gan(discriminator_penalties=[penalties.R1(2.0)])
    real = ops.convert_to_tensor(DATA)
    _, gradient = backend.input_gradient(lambda x: gan.discriminate(x)[0], real)
    expected = (ops.convert_to_numpy(gradient) ** 2).sum(axis=1).mean()
    assert fit(gan)["penalty"] == pytest.approx(expected, rel=1e-5)
    lazy = new_gan(discriminator_penalties=[penalties.R1(2.0, interval=2)])
    assert fit(lazy)["penalty"] == pytest.approx(2 * expected, rel=1e-5)


SETTINGS = {
    "k2": {"discriminator_steps": 2},
    "relativistic": {
        "loss": "relativistic_pairing",
        "share_fakes": True,
        "discriminator_penalties": [penalties.R2(0.1), penalties.R1(0.1)],
    },
}


@pytest.mark.backends("torch", reason="test_accumulation.py has parts on all")
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_parts_equal_the_whole(settings):
    whole, parts = (
        new_gan(ema=keras_gan.EMA(50), gradient_accumulation_steps=n, **settings)
        for n in (1, 3)
    )
    reports = fit(whole, 2), fit(parts, 2)
    assert reports[0] == pytest.approx(reports[1], rel=1e-3, abs=1e-5)
    for a, b in zip(arrays(whole), arrays(parts), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


@pytest.mark.backends("torch", reason="tests/harness takes a file up on all")
def test_a_file_goes_on_where_it_stopped(tmp_path):
    settings = {
        "discriminator_penalties": [penalties.GradientPenalty(0.1)],
        "ema": keras_gan.EMA(50),
        "generator_class_weight": 0.5,
    }
    undisturbed, stopped = new_gan(**settings), new_gan(**settings)
    fit(undisturbed, epochs=4)
    fit(stopped, epochs=2)
    stopped.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert type(again) is ACGAN
    assert again.generator_class_weight == 0.5
    assert again.discriminator_class_weight == 1.0
    fit(again, epochs=4, initial_epoch=2)
    for a, b in zip(arrays(undisturbed), arrays(again), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(
        again.generate(3, seed=0), again.generate(3, seed=0, labels=[0, 1, 2])
    )


PAIRS = {
    "mlp": lambda **kw: architectures.mlp((16, 16, 1), 4, 3, (8,), (8,), **kw),
    "dcgan": lambda **kw: architectures.dcgan((16, 16, 1), 4, 3, width=2, **kw),
    "resnet": lambda **kw: architectures.resnet((16, 16, 1), 8, 3, width=4, **kw),
}


@pytest.mark.backends(
    "tensorflow", "torch", reason="graphs of tested layers; JAX plays the game above"
)
@pytest.mark.parametrize("name", PAIRS)
def test_every_architecture_with_an_auxiliary_classifier(name):
    gan = ACGAN(*PAIRS[name](conditioning="auxiliary"), num_classes=3, seed=0)
    assert len(gan.discriminator.inputs) == 1
    logits, classes = gan.discriminator(ops.zeros((2, 16, 16, 1)))
    assert (logits.shape, classes.shape) == ((2, 1), (2, 3))
    before = [ops.convert_to_numpy(v) for v in gan.trainable_variables]
    gan.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    images = np.random.default_rng(0).uniform(-1, 1, (12, 16, 16, 1))
    gan.fit(images.astype("float32"), LABELS[:12], batch_size=12, verbose=0)
    for old, variable in zip(before, gan.trainable_variables, strict=True):
        moved = np.abs(ops.convert_to_numpy(variable) - old).max()
        assert 0 < moved < np.inf, variable.path


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
@pytest.mark.parametrize("name", ["mlp", "dcgan"])
def test_no_packs_with_a_classifier(name):
    with pytest.raises(ValueError, match=r"num_packed=2 .*auxiliary one for every"):
        PAIRS[name](conditioning="auxiliary", num_packed=2)


@pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)
def test_networks_that_do_not_fit():
    with pytest.raises(ValueError, match="ACGAN is conditional. Say how many classes"):
        ACGAN(*pair())
    with pytest.raises(ValueError, match=r"has 2 outputs.*keras_gan.models.ACGAN"):
        keras_gan.GAN(*pair(), num_classes=3)
    plain = architectures.mlp((2,), 4, 3)
    with pytest.raises(ValueError, match=r"has 2 inputs.*conditioning=.auxiliary"):
        ACGAN(*plain, num_classes=3)
    _, plain = architectures.mlp((2,), 4)
    with pytest.raises(ValueError, match=r"\[\(None, 1\)\]. Expected two: .*auxil"):
        ACGAN(pair()[0], plain, num_classes=3)
    with pytest.raises(ValueError, match=r"\(None, 3\)\]. Expected two.*\(batch, 4\)"):
        ACGAN(architectures.mlp((2,), 4, 4)[0], pair()[1], num_classes=4)
    points = keras.Input((2,))
    squashed = [layers.Dense(1)(points), layers.Dense(3, "softmax")(points)]
    with pytest.raises(ValueError, match="ends in a softmax"):
        ACGAN(pair()[0], keras.Model(points, squashed), num_classes=3)
    with pytest.raises(ValueError, match="must not be negative.*weight=-1"):
        new_gan(generator_class_weight=-1)
    with pytest.raises(ValueError, match="the data have no labels"):
        new_gan().fit(DATA, verbose=0)


@pytest.mark.backends(
    "tensorflow", "jax", reason="2,000 eager steps take minutes on torch"
)
@pytest.mark.slow
def test_a_ring_is_learned_class_by_class():
    keras.utils.set_random_seed(0)
    ring = datasets.ring(batch_size=256, steps_per_epoch=1000, labels=True)
    num_classes = len(ring.centers)
    networks = architectures.mlp(
        (2,), 8, num_classes, (64, 64), (64, 64), conditioning="auxiliary"
    )
    gan = ACGAN(*networks, num_classes=num_classes, seed=0)
    gan.compile(
        keras.optimizers.Adam(1e-3, beta_1=0.0),
        keras.optimizers.Adam(1e-3, beta_1=0.0),
        discriminator_penalties=[penalties.R1(0.1)],
        ema=keras_gan.EMA(20_000),
    )
    gan.fit(ring, epochs=2, verbose=0)
    labels = np.repeat(np.arange(num_classes), 100)
    points = gan.generate(len(labels), seed=0, labels=labels)
    distances = np.linalg.norm(points[:, None] - ring.centers[None], axis=-1)
    share = (distances.argmin(axis=1) == labels).mean()
    assert share > 0.95, share
    own = distances[np.arange(len(labels)), labels]
    assert np.median(own) < 0.1, np.median(own)
