"""Projected GAN: frozen features, mixed at random, and four small discriminators."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, checkpoints
from keras_gan.layers.projected_features import ProjectedFeatures
from keras_gan.pretrained import efficientnet_lite0

on_torch = pytest.mark.backends(
    "torch", reason="no backend code: shapes and files, and torch builds fastest"
)
SMALL = {"num_scales": 1, "width": 2, "feature_size": 32, "weights": None}


def some(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


def discriminator(**arguments):
    return architectures.projected_discriminator((8, 8, 3), **{**SMALL, **arguments})


def gan(seed=0):
    generator = architectures.dcgan_generator((8, 8, 3), latent_dim=4, width=2)
    made = keras_gan.GAN(generator, discriminator(), seed=seed)
    # One step: JAX compiles it as a whole faster than operation by operation.
    is_jax = keras.backend.backend() == "jax"
    made.compile(loss="hinge", run_eagerly=not is_jax, jit_compile=is_jax)
    return made


@pytest.mark.backends(
    "tensorflow", "torch", reason="graphs of tested layers; a step below is on JAX"
)
def test_mixing_by_hand():
    """1x1 convolutions across channels, and sums of doubled maps across scales."""
    layer = ProjectedFeatures(32, 2, width=2, weights=None)
    images = some(2, 32, 32, 3)
    fine, coarse = (ops.convert_to_numpy(x) for x in layer(images))
    network = layer._hidden.network
    found = {k: ops.convert_to_numpy(v) for k, v in network(images).items()}
    kernels = {w.name: ops.convert_to_numpy(w) for w in layer.weights}

    def doubled(x):
        return ops.convert_to_numpy(keras_gan.layers.BilinearUpsample()(x))

    mixed = found["block_4"] @ kernels["channel_kernel_2"]
    below = doubled(mixed @ kernels["scale_kernel_2"])
    np.testing.assert_allclose(coarse, below, rtol=1e-4, atol=1e-5)
    mixed = found["block_2"] @ kernels["channel_kernel_1"] + below
    expected = doubled(mixed) @ kernels["scale_kernel_1"]  # in the paper's order
    np.testing.assert_allclose(fine, expected, rtol=1e-4, atol=1e-5)
    assert layer.trainable_weights == []


@pytest.mark.parametrize(("feature_size", "num_logits"), [(224, 4 * 16), (32, 4)])
@on_torch
def test_number_of_logits(feature_size, num_logits):
    network = discriminator(feature_size=feature_size, num_scales=4)
    assert network.output.shape == (None, num_logits, 1)


def test_a_step_leaves_the_features_alone():
    made = gan()
    features = made.discriminator.get_layer("features")
    before = [w.copy() for w in features.get_weights()]
    hidden = [w.copy() for w in features._hidden.network.get_weights()]
    moved = made.discriminator.get_layer("scale_1_places").kernel
    kernel = ops.convert_to_numpy(moved).copy()
    made.train_on_batch(some(4, 8, 8, 3))
    for mine, others in zip(features.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, others)
    now = features._hidden.network.get_weights()
    for mine, others in zip(now, hidden, strict=True):
        np.testing.assert_array_equal(mine, others)
    assert not np.array_equal(ops.convert_to_numpy(moved), kernel)
    # No file and no optimizer holds them.
    names = [name for name in made.checkpoint_variables() if "features/" in name]
    own = ("channel_kernel_1", "scale_kernel_1", "fingerprint")
    assert sorted(names) == sorted(f"discriminator/features/{name}" for name in own)


@on_torch
@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_other_weights_are_refused(tmp_path, monkeypatch):
    """By a checkpoint, a `.keras` file and a folder; the same ones are taken."""
    made = gan()
    variables = made.network_variables()
    arrays = checkpoints.arrays_of(variables)
    made.save(tmp_path / "gan.keras")
    made.save_weights(tmp_path / "gan.weights.h5")
    made.save_to_preset(tmp_path / "folder")
    assert (tmp_path / "gan.keras").stat().st_size < 1_000_000

    again = keras.saving.load_model(tmp_path / "gan.keras")
    images = some(2, 8, 8, 3)
    expected = ops.convert_to_numpy(made.discriminator(images))
    found = ops.convert_to_numpy(again.discriminator(images))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    checkpoints.assign(variables, arrays, "checkpoint.npz")

    state = efficientnet_lite0.read(None)
    state["_bn1.bias"] = state["_bn1.bias"] + 1
    monkeypatch.setattr(efficientnet_lite0, "_random_state", lambda: state)
    other = gan()
    with pytest.raises(ValueError, match="other pretrained weights.*features"):
        checkpoints.assign(other.network_variables(), arrays, "checkpoint.npz")
    with pytest.raises(ValueError, match="digest"):
        other.load_weights(tmp_path / "gan.weights.h5")
    with pytest.raises(TypeError, match="Pass the file of weights"):  # Keras' kind
        keras.saving.load_model(tmp_path / "gan.keras")
    with pytest.raises(ValueError, match="Pass the file of weights"):
        keras_gan.GAN.from_preset(tmp_path / "folder")
    # The generator alone needs none of them.
    assert keras_gan.from_preset(tmp_path / "folder").generate(2).shape == (2, 8, 8, 3)


@pytest.mark.backends(
    "tensorflow", "torch", reason="graphs of tested layers; a step below is on JAX"
)
def test_classes():
    network = discriminator(num_classes=3)
    images = np.repeat(some(1, 8, 8, 3), 3, axis=0)
    logits = ops.convert_to_numpy(network([images, np.arange(3)]))
    assert logits.shape == (3, 1, 1)
    assert len(np.unique(logits)) == 3


@on_torch
def test_translators():
    """As the discriminators of CycleGAN and pix2pix."""
    shape = (8, 8, 3)
    translators = [
        architectures.resnet_translator(shape, num_blocks=1, width=2) for _ in range(2)
    ]
    discriminators = [discriminator(name=f"discriminator_{i}") for i in range(2)]
    images = some(2, *shape)
    model = keras_gan.models.CycleGAN(*translators, *discriminators, seed=0)
    model.compile(loss="hinge", run_eagerly=True, jit_compile=False)
    logs = model.train_on_batch(images, images[::-1], return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    model = keras_gan.models.Pix2Pix(
        translators[0], discriminator(condition=shape), seed=0
    )
    model.compile(loss="hinge", run_eagerly=True, jit_compile=False)
    logs = model.train_on_batch(images, -images, return_dict=True)
    assert np.isfinite(list(logs.values())).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"grey or RGB .*Received: shape .*4\)"):
        architectures.projected_discriminator((8, 8, 4), **SMALL)
    with pytest.raises(ValueError, match="`size` must be a multiple of 32.*nearest"):
        discriminator(feature_size=100)
    with pytest.raises(ValueError, match="must have one size"):
        discriminator(condition=(8, 4, 3))
    with pytest.raises(ValueError, match="a class or an image as its condition"):
        discriminator(condition=(8, 8, 3), num_classes=3)
