"""Presets are data, and every one of them trains."""

import dataclasses
import json

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import GAN, AdversarialModel, presets
from keras_gan.presets import CosineRamp, Make, specs

# Those that translate images are in test_translation_presets.py.
GANS = [name for name in presets.names() if not presets.get(name).directions]
FAMILIES = [name for name in GANS if presets.get(name).dataset is None]
TRAINABLE = [name for name in GANS if name not in FAMILIES]
# The parameters of the published networks, which are too large to train in a test.
NUM_PARAMETERS = {
    "r3gan_cifar10": (20_781_952, 21_280_512),
    "r3gan_ffhq_64": (22_429_824, 22_381_440),
    # Of the generator 24,767,458 are trained; the others are noise and the mean of w.
    "stylegan2_ffhq_256": (24_942_706, 24_001_089),
}


# What makes the networks of presets small that name them one by one.
SMALL_NETWORKS = {
    "architectures.fastgan_generator": {"width": 2},
    "architectures.resnet_generator": {"width": 4},
    "architectures.projected_discriminator": {
        **{"width": 4, "feature_size": 32, "num_scales": 1, "weights": None}
    },
    "architectures.vae_encoder": {"width": 4, "units": 8, "context": 4},
    "architectures.vae_generator": {"width": 4, "units": 8},
    "architectures.vae_posterior": {"units": 8, "context": 4},
    "architectures.vaegan_encoder": {"width": 4, "units": 8},
    "architectures.dcgan_generator": {"width": 4},
    "architectures.vaegan_discriminator": {"width": 4},
    "likelihoods.Bernoulli": {},
}


def small(preset):
    """The preset with narrow networks, of the same depth and the same layers."""
    if isinstance(preset.networks, dict):
        return dataclasses.replace(
            preset,
            networks={
                name: Make(make.target, make.arguments | SMALL_NETWORKS[make.target])
                for name, make in preset.networks.items()
            },
        )
    width = preset.networks.arguments.get("width")
    units = {"generator_units": (16, 16), "discriminator_units": (16, 16)}
    arguments = {
        "architectures.cogan": {"width": 4, "units": 8},
        "architectures.dcgan": {"width": 8},
        "architectures.fastgan": {"width": 2},
        "architectures.infogan": {"width": 4, "units": 16},
        "architectures.mlp": units,
        "architectures.mlp_2014": {},  # it has one size
        "architectures.progressive": {"width": 4, "max_width": 8},
        "architectures.r3gan": {
            "width": (8,) * len(width) if isinstance(width, tuple) else 8
        },
        "architectures.resnet": {"width": 8},
        "architectures.stylegan2": {"width": 4, "max_width": 8, "clip": None},
    }[preset.networks.target]
    if "stylegan2" in preset.name and max(preset.image_shape) > 32:
        # Fewer stages, all alike.
        preset = preset.replace(image_shape=(16, 16, preset.image_shape[-1]))
    return preset.replace(arguments=arguments) if arguments else preset


def train(preset, num_steps, num_each=4):
    """Train a small form; return it, its logs, and which weights of G moved."""
    keras.utils.set_random_seed(0)
    per_step = num_each * preset.compile.get("discriminator_steps", 1)
    preset = small(preset).replace(batch_size=per_step)
    gan = AdversarialModel.from_preset(preset, load_weights=False, seed=0)
    gan.run_eagerly = True  # two steps: to compile them would take longer
    before = [np.array(v) for v in gan.generator.trainable_variables]
    rng = np.random.default_rng(0)
    num_images = num_steps * per_step
    images = rng.integers(0, 256, (num_images, *preset.image_shape), dtype="uint8")
    if preset.data.get("augment") == "binarize":
        images = keras_gan.datasets.binarize(images, 0)
    labels = None
    if preset.num_classes:
        labels = rng.integers(0, preset.num_classes, num_images)
    history = gan.fit(images, labels, batch_size=per_step, verbose=0).history
    pairs = zip(before, gan.generator.trainable_variables, strict=True)
    moved = [not np.array_equal(old, np.array(new)) for old, new in pairs]
    return gan, {name: values[0] for name, values in history.items()}, moved


def assert_undecided(gan, logs):
    """An untrained D gives small logits, and its loss is near that of logits 0."""
    if "d_loss" not in logs:
        return
    zero = keras.ops.zeros((4, 1))
    start = float(gan.loss.discriminator_loss(zero, zero))
    assert -10 < logs["d_loss"] - start < 10  # features are summed over all pixels
    assert 1e-5 < logs["real_score"] < 1 - 1e-5
    assert 1e-5 < logs["fake_score"] < 1 - 1e-5
    assert 0 <= logs.get("penalty", 0.0) < 20


on_torch = pytest.mark.backends(
    "torch",
    reason="TensorFlow trains the smallest of each family; JAX compiles each for half "
    "a minute, and tests/harness trains each network there",
)
not_on_jax = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles each for half a minute; tests/harness trains each network",
)


def family(name):
    """The model of a preset, and the functions that make its networks."""
    preset = presets.get(name)
    if isinstance(preset.networks, Make):
        return preset.model, preset.networks.target
    return preset.model, *(make.target for make in preset.networks.values())


def each_preset():
    """Every preset on torch; the smallest of each family on TensorFlow too."""
    smallest = {}
    for name in sorted(TRAINABLE, key=lambda x: np.prod(presets.get(x).image_shape)):
        smallest.setdefault(family(name), name)
    for name in TRAINABLE:
        both = name in smallest.values()
        yield pytest.param(name, marks=not_on_jax if both else on_torch)


@pytest.mark.parametrize("name", list(each_preset()))
def test_every_preset_trains(name):
    """Two steps of its small form: one leaves what lies before an R3GAN's zeros."""
    gan, logs, moved = train(presets.get(name), num_steps=2)
    if presets.get(name).model != "ProgressiveGAN":  # which moves level 0 alone
        assert all(moved)
    assert_undecided(gan, logs)
    images = gan.sampler_for_metrics().generate(3, seed=0)
    assert images.shape == (3, *small(presets.get(name)).image_shape)


@pytest.mark.slow
@pytest.mark.backends("tensorflow", reason="building a network is the same on all")
@pytest.mark.parametrize("name", NUM_PARAMETERS)
def test_the_published_networks_are_built(name):
    preset = presets.get(name)
    networks = preset.make_networks()
    generator, discriminator = networks["generator"], networks["discriminator"]
    assert generator.output_shape == (None, *preset.image_shape)
    assert discriminator.output_shape == (None, 1)
    found = generator.count_params(), discriminator.count_params()
    assert found == NUM_PARAMETERS[name]


@on_torch
@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_takes_own_images(name):
    shape = (32, 32, 3)
    preset = presets.get(name).replace(image_shape=shape, dataset="own")
    gan, logs, moved = train(preset, num_steps=1)
    assert gan.generate(2, seed=0).shape == (2, *shape)
    assert np.mean(moved) > 0.2
    assert_undecided(gan, logs)


@pytest.mark.parametrize("name", presets.names())
def test_settings_are_what_json_holds(name):
    preset = presets.get(name)
    settings = json.loads(json.dumps(preset.to_dict()))
    assert settings["name"] == name
    assert set(settings["compile"]) == set(preset.compile)
    assert presets.Preset.from_dict(settings) == preset


def test_a_family_wants_data():
    with pytest.raises(ValueError, match="--data path/to/images"):
        GAN.from_preset("r3gan", load_weights=False)


def test_an_unknown_name_is_answered_with_near_ones():
    with pytest.raises(ValueError, match="Did you mean 'dcgan_mnist'"):
        presets.get("dcgan_minst")


def test_a_ramp_counts_in_shares_of_the_training():
    schedule = specs.resolve(CosineRamp(1.0, 0.0, 0.5), num_images=1_000, batch_size=10)
    values = [float(schedule(step)) for step in (0, 25, 50, 100)]  # 50 steps long
    np.testing.assert_allclose(values, [1.0, 0.5, 0.0, 0.0], atol=1e-6)


def test_a_share_of_the_images_is_a_number():
    preset = presets.get("progan_fashion_mnist").replace(num_images=5_000)
    arguments = preset.compile_arguments()
    assert arguments["fade_images"] == arguments["stable_images"] == 500


def test_the_discriminators_schedules_count_its_own_steps():
    preset = presets.get("wgan_gp_fashion_mnist")
    gan = GAN.from_preset(preset, load_weights=False, seed=0)
    rate = gan.optimizer.players["discriminator"]._learning_rate
    k = preset.compile["discriminator_steps"]
    assert float(rate(k * preset.num_steps)) == pytest.approx(0.0, abs=1e-9)
    assert float(rate(preset.num_steps)) > 1e-4


def test_a_shorter_training_ramps_sooner():
    short = presets.get("dcgan_fashion_mnist").replace(num_images=1_280)
    gan = GAN.from_preset(short, load_weights=False, seed=0)
    rate = gan.optimizer.players["generator"]._learning_rate
    assert short.num_steps == 10
    assert float(rate(5)) == pytest.approx(float(rate(0)) / 2)


@pytest.mark.backends("tensorflow", reason="settings are the same on all")
@pytest.mark.parametrize(
    ("name", "augmentation", "half_life"),
    [("r3gan_cifar10", 0.55, 5_000_000), ("r3gan_ffhq_64", 0.3, 500_000)],
)
def test_r3gan_has_its_authors_settings(name, augmentation, half_life):
    preset = presets.get(name)
    gan = GAN.from_preset(small(preset), load_weights=False, seed=0)
    assert gan.parts_per_batch == 2, "a minibatch for each player"
    per_player, burn_in = preset.batch_size // 2, 20_000_000
    assert preset.num_steps * per_player == 200_000_000
    assert preset.data["augment"] == "horizontal_flip"
    for player in gan.optimizer.players.values():
        assert player.epsilon == 1e-8
        assert player.beta_1 == 0.0
        rate = player._learning_rate
        assert float(rate(0)) == pytest.approx(2e-4)
        assert float(rate(burn_in // per_player)) == pytest.approx(5e-5, rel=1e-3)
        assert float(rate(burn_in // per_player // 2)) > 6e-5
    assert gan.augment.interpolation == "wavelet"
    assert gan.augment.operations == {
        **{"blit": 1.0, "geometry": 1.0, "color": 0.5, "cutout": 1.0}
    }
    at = [float(gan.augment.schedule(n)) for n in (0, burn_in // 2, burn_in)]
    assert at == pytest.approx([0.0, augmentation / 2, augmentation], rel=1e-3)
    assert float(gan.ema.half_life(burn_in // per_player)) == pytest.approx(half_life)


def test_other_data_drop_the_metrics_of_the_old():
    preset = presets.get("dcgan_fashion_mnist")
    assert preset.make_metrics()
    assert not preset.replace(dataset="path/to/images").make_metrics()


def test_conditional_presets_load_labels():
    preset = presets.get("cgan_fashion_mnist").replace(batch_size=32)
    images, labels = preset.load_data(seed=0)[0]
    assert images.shape == (32, 28, 28, 1)
    assert labels.shape == (32,)


def test_mixtures_are_drawn_without_a_split():
    preset = presets.get("mlp").replace(image_shape=(2,), dataset="ring")
    assert preset.load_data(seed=0)[0].shape == (preset.batch_size, 2)


def test_the_first_gan_has_its_authors_settings():
    preset = presets.get("mlp_2014_mnist")
    gan = GAN.from_preset(preset, load_weights=False, seed=0)
    sgd = gan.optimizer.players["generator"]
    rate, momentum = sgd._learning_rate, sgd.momentum
    assert float(rate(0)) == pytest.approx(0.1)
    assert float(rate(100_000)) == pytest.approx(0.1 / 1.000004**100_000, rel=1e-3)
    assert float(momentum(0)) == pytest.approx(0.5)
    assert float(momentum(125_000)) == pytest.approx(0.7)
    latents = np.asarray(gan.prior.sample(4096, seed=0))
    assert np.abs(latents).max() <= np.sqrt(3)
    assert latents.std() == pytest.approx(1.0, abs=0.01)
    assert preset.num_steps == 250 * 500
    zeros = keras.ops.zeros((2, 1))
    d_loss = gan.loss.discriminator_loss(zeros, zeros)
    assert float(d_loss) == pytest.approx(np.log(2), rel=1e-6), "half of 2 log 2"


def test_the_first_gan_begins_at_the_mean_image():
    preset = presets.get("mlp_2014_mnist")
    gan = GAN.from_preset(preset, load_weights=False, seed=0)
    images = np.zeros((50, 28, 28, 1), "uint8")
    images[:25, 10:20] = 255  # half of the images have a bar
    preset.initialize(gan, keras_gan.datasets.Batches(images, batch_size=10))
    bias = gan.generator.get_layer("to_images").bias
    bias = keras.ops.convert_to_numpy(bias).reshape(28, 28)
    np.testing.assert_allclose(bias[12], 0.0, atol=1e-5)  # sigmoid(0) = 1/2
    assert bias[0].max() < -5


def test_networks_named_one_by_one():
    networks = {
        "generator": Make("architectures.mlp_generator", {"data_shape": (2,)}),
        "discriminator": Make("architectures.mlp_discriminator", {"data_shape": (2,)}),
    }
    preset = presets.Preset("pair", "A pair.", networks, {}, dataset="ring")
    gan = GAN.from_preset(preset.replace(num_classes=3), load_weights=False)
    assert gan.num_classes == 3
    assert preset.make_sampler().generate(5, seed=0).shape == (5, 2)


def test_a_preset_makes_public_objects_only():
    with pytest.raises(ValueError, match="cannot make 'os.system'"):
        Make("os.system", {"command": "true"})
    with pytest.raises(ValueError, match="has no argument.*'depth'"):
        presets.get("dcgan_mnist").replace(arguments={"depth": 3})
    with pytest.raises(ValueError, match="no field .'batchsize'"):
        presets.get("dcgan_mnist").replace(batchsize=3)


def test_a_model_comes_back_from_a_folder(tmp_path):
    keras.utils.set_random_seed(0)
    gan = keras_gan.models.SimultaneousGAN(
        *keras_gan.architectures.mlp((2,), 4, None, (8,), (8,)), seed=0
    )
    gan.compile(ema=keras_gan.EMA(100), discriminator_penalties=[])
    gan.fit(keras_gan.datasets.ring(batch_size=32, steps_per_epoch=3), verbose=0)
    path = gan.save_to_preset(tmp_path / "mine")
    again = GAN.from_preset(path)
    assert type(again) is keras_gan.models.SimultaneousGAN
    np.testing.assert_array_equal(again.generate(5, seed=1), gan.generate(5, seed=1))
    for one, other in zip(
        gan.network_variables().values(),
        again.network_variables().values(),
        strict=True,
    ):
        np.testing.assert_array_equal(np.array(one), np.array(other))
    sampler = keras_gan.from_preset(path)
    assert isinstance(sampler, keras_gan.Sampler)
    np.testing.assert_array_equal(sampler.generate(5, seed=1), gan.generate(5, seed=1))
    fresh = GAN.from_preset(path, load_weights=False)
    assert not np.array_equal(fresh.generate(5, seed=1), gan.generate(5, seed=1))
    with pytest.raises(ValueError, match="exists already.*overwrite=True"):
        gan.save_to_preset(path)
    with pytest.raises(ValueError, match="SimultaneousGAN, which is no ACGAN"):
        keras_gan.models.ACGAN.from_preset(path)


def test_damaged_folders_are_named(tmp_path):
    gan = GAN(*keras_gan.architectures.mlp((2,), 4, None, (8,), (8,)), seed=0)
    path = gan.save_to_preset(tmp_path / "mine")
    (path / "networks.npz").unlink()
    with pytest.raises(ValueError, match=r"networks\.npz.*is missing"):
        GAN.from_preset(path)
    (path / "sampler.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"sampler\.npz.*is damaged"):
        keras_gan.from_preset(path)
    for text in ("{", "[]", '{"sampler": {"name": "mine"}}'):
        (path / "config.json").write_text(text)
        with pytest.raises(ValueError, match=r"config\.json.*is damaged"):
            keras_gan.from_preset(path)


def test_a_folder_is_replaced_when_asked(tmp_path):
    gan = GAN(*keras_gan.architectures.mlp((2,), 4, None, (8,), (8,)), seed=0)
    path = gan.save_to_preset(tmp_path / "mine")
    for weight in gan.generator.weights:
        weight.assign(weight + 1.0)
    gan.save_to_preset(path, overwrite=True)
    images = keras_gan.from_preset(path).generate(3, seed=0)
    np.testing.assert_array_equal(images, gan.generate(3, seed=0))
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_a_sampler_builds_no_discriminator(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a discriminator was built")

    monkeypatch.setattr(keras_gan.architectures, "dcgan", refuse)
    monkeypatch.setattr(keras_gan.architectures, "dcgan_discriminator", refuse)
    sampler = keras_gan.from_preset("dcgan_fashion_mnist")
    assert sampler.generate(2, seed=0).shape == (2, 28, 28, 1)


def test_public_names():
    assert keras_gan.from_preset is presets.from_preset
