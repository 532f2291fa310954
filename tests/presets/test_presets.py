"""Presets are data, and every one of them trains."""

import json

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import architectures, losses, presets
from keras_gan.presets import BurnIn, specs

FAMILIES = [name for name in presets.names() if presets.get(name).dataset is None]
TRAINABLE = [name for name in presets.names() if name not in FAMILIES]
# The parameters of the published networks, which are too large to train in a test.
NUM_PARAMETERS = {
    "r3gan_cifar10": (20_781_952, 21_280_512),
    "r3gan_ffhq_64": (22_429_824, 22_381_440),
}


def small(preset):
    """The preset with narrow networks, of the same depth and the same layers."""
    width = preset.arguments.get("width")
    arguments = {
        "dcgan": {"width": 8},
        "mlp": {"generator_units": (16, 16), "discriminator_units": (16, 16)},
        "r3gan": {"width": (8,) * len(width) if isinstance(width, tuple) else 8},
        "resnet": {"width": 8},
    }[preset.architecture]
    return preset.adapted(arguments=arguments)


def train(preset, num_steps, num_each=4):
    """Train a small form; return it, its logs, and which weights of G moved."""
    keras.utils.set_random_seed(0)
    per_step = num_each * preset.turns.get("discriminator_steps", 1)
    preset = small(preset).adapted(batch_size=per_step)
    gan = preset.build(seed=0)
    before = [np.array(v) for v in gan.generator.trainable_variables]
    rng = np.random.default_rng(0)
    num_images = num_steps * per_step
    images = rng.integers(0, 256, (num_images, *preset.image_shape), dtype="uint8")
    labels = None
    if preset.num_classes:
        labels = rng.integers(0, preset.num_classes, num_images)
    history = gan.fit(images, labels, batch_size=per_step, verbose=0).history
    pairs = zip(before, gan.generator.trainable_variables, strict=True)
    moved = [not np.array_equal(old, np.array(new)) for old, new in pairs]
    return gan, {name: values[0] for name, values in history.items()}, moved


def assert_undecided(preset, logs):
    """An untrained D gives logits near 0, and its loss is what the formula says."""
    zero = keras.ops.zeros((4, 1))
    start = float(losses.get(preset.loss).discriminator_loss(zero, zero))
    assert logs["d_loss"] == pytest.approx(start, abs=0.7)
    assert logs["real_score"] == pytest.approx(0.5, abs=0.25)
    assert logs["fake_score"] == pytest.approx(0.5, abs=0.25)
    assert ("penalty" in logs) == bool(preset.penalties)
    assert logs.get("penalty", 0.0) >= 0


@pytest.mark.parametrize("name", TRAINABLE)
def test_every_preset_trains(name):
    """Two steps of its small form: one leaves what lies before an R3GAN's zeros."""
    preset = presets.get(name)
    gan, logs, moved = train(preset, num_steps=2)
    assert all(moved)
    assert_undecided(preset, logs)
    assert gan.generate(3, seed=0).shape == (3, *preset.image_shape)


@pytest.mark.slow
@pytest.mark.backends("tensorflow", reason="building a network is the same on all")
@pytest.mark.parametrize("name", NUM_PARAMETERS)
def test_the_published_networks_are_built(name):
    preset = presets.get(name)
    build = getattr(architectures, preset.architecture)
    generator, discriminator = build(**preset.arguments)
    assert generator.output_shape == (None, *preset.image_shape)
    assert discriminator.output_shape == (None, 1)
    found = generator.count_params(), discriminator.count_params()
    assert found == NUM_PARAMETERS[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_takes_own_images(name):
    shape = (32, 32, 3)
    preset = presets.get(name).adapted(image_shape=shape, dataset="own")
    gan, logs, moved = train(preset, num_steps=1)
    assert gan.generate(2, seed=0).shape == (2, *shape)
    assert np.mean(moved) > 0.2
    assert_undecided(preset, logs)


@pytest.mark.parametrize("name", presets.names())
def test_settings_are_what_json_holds(name):
    preset = presets.get(name)
    settings = json.loads(json.dumps(preset.to_dict()))
    assert settings["name"] == name
    assert set(settings["arguments"]) == set(preset.arguments)


def test_a_family_wants_data():
    with pytest.raises(ValueError, match="--data path/to/images"):
        presets.get("r3gan").build()


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(ValueError, match="Did you mean 'dcgan_mnist'"):
        presets.get("dcgan_minst")


def test_burn_in_counts_in_shares_of_the_training():
    schedule = specs.settle(BurnIn(1.0, 0.0, 0.5), num_images=1_000, batch_size=10)
    values = [float(schedule(step)) for step in (0, 25, 50, 100)]  # 50 steps long
    np.testing.assert_allclose(values, [1.0, 0.5, 0.0, 0.0], atol=1e-6)


def test_the_discriminators_schedules_count_its_own_steps():
    preset = presets.get("wgan_gp_fashion_mnist")
    gan = preset.build(seed=0)
    rate = gan.optimizer.players["discriminator"]._learning_rate
    k = preset.turns["discriminator_steps"]
    assert float(rate(k * preset.num_steps)) == pytest.approx(0.0, abs=1e-9)
    assert float(rate(preset.num_steps)) > 1e-4


def test_a_shorter_training_burns_in_sooner():
    short = presets.get("dcgan_fashion_mnist").adapted(num_images=1_280)
    gan = short.build(seed=0)
    rate = gan.optimizer.players["generator"]._learning_rate
    assert short.num_steps == 10
    assert float(rate(5)) == pytest.approx(float(rate(0)) / 2)


def test_other_data_drop_the_metrics_of_the_old():
    preset = presets.get("dcgan_fashion_mnist")
    assert preset.make_metrics()
    assert not preset.adapted(dataset="path/to/images").make_metrics()


def test_conditional_presets_load_labels():
    preset = presets.get("cgan_fashion_mnist").adapted(batch_size=32)
    images, labels = preset.load_data(seed=0)[0]
    assert images.shape == (32, 28, 28, 1)
    assert labels.shape == (32,)


def test_mixtures_are_drawn_without_a_split():
    preset = presets.get("mlp").adapted(image_shape=(2,), dataset="ring")
    assert preset.load_data(seed=0)[0].shape == (preset.batch_size, 2)


def test_public_names():
    assert keras_gan.from_preset is presets.from_preset
