"""Residual networks: the papers' layouts, training, attention, and errors."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan.architectures import resnet
from keras_gan.layers import SelfAttention, SpectralNormalization

pytestmark = pytest.mark.usefixtures("eager")


def kinds(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def heights(model, kind=layers.Add):
    """The heights and channels after every block."""
    return [(x.output.shape[1], x.output.shape[-1]) for x in kinds(model, kind)]


@pytest.mark.backends("torch", reason="shapes: no backend code")
@pytest.mark.parametrize(
    ("image_shape", "generator_blocks", "discriminator_blocks"),
    [
        ((28, 28, 1), [(14, 2), (28, 2)], [(14, 2), (7, 2), (7, 2), (7, 2)]),
        (
            (32, 32, 3),  # table 3 of Miyato et al.
            [(8, 2), (16, 2), (32, 2)],
            [(16, 2), (8, 2), (8, 2), (8, 2)],
        ),
        (
            (48, 48, 3),
            [(12, 8), (24, 4), (48, 2)],
            [(24, 2), (12, 4), (6, 8), (6, 16)],
        ),
        (
            (64, 64, 3),
            [(8, 16), (16, 8), (32, 4), (64, 2)],
            [(32, 2), (16, 4), (8, 8), (4, 16), (4, 16)],
        ),
    ],
)
def test_layout(image_shape, generator_blocks, discriminator_blocks):
    generator, discriminator = resnet(image_shape, 8, width=2)
    assert heights(generator) == generator_blocks
    assert heights(discriminator) == discriminator_blocks
    assert generator.output.shape == (None, *image_shape)
    assert discriminator.output.shape == (None, 1)


def test_spectral_norm_is_on_every_kernel_of_the_discriminator_or_on_none():
    generator, discriminator = resnet((16, 16, 1), 8, 3, width=2)
    kernels = [w for w in discriminator.trainable_weights if w.ndim > 1]
    assert len(kernels) == len(kinds(discriminator, SpectralNormalization)) == 12
    assert not kinds(generator, SpectralNormalization)

    _, critic = resnet((16, 16, 1), 8, 3, width=2, spectral_norm=False)
    assert not kinds(critic, (SpectralNormalization, layers.BatchNormalization))
    assert not critic.non_trainable_weights


@pytest.mark.backends("tensorflow", "torch", reason="a layer of Keras")
def test_features_are_summed_with_spectral_norm_and_averaged_without():
    for spectral_norm, places in ((True, 49), (False, 1)):
        _, network = resnet((28, 28, 1), 8, width=2, spectral_norm=spectral_norm)
        relu, pooled = network.layers[-4 if spectral_norm else -3], network.layers[-2]
        tail = keras.Model(network.input, [relu.output, pooled.output])
        features, pooled = tail(np.random.default_rng(0).normal(size=(2, 28, 28, 1)))
        mean = ops.convert_to_numpy(features).mean((1, 2))
        assert mean.max() > 0
        np.testing.assert_allclose(
            ops.convert_to_numpy(pooled), places * mean, rtol=1e-4
        )


def test_generator_has_no_parameter_that_batch_normalisation_undoes():
    generator, _ = resnet((16, 16, 1), 8, width=2)
    *before, last = kinds(generator, layers.Conv2D)
    assert len(before) == 6
    assert all(not conv.use_bias for conv in before)
    assert last.use_bias


R1 = keras_gan.penalties.R1(0.1)
GRADIENT_PENALTY = keras_gan.penalties.GradientPenalty()


on_torch = pytest.mark.backends("torch", reason="one of three on the others")


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(
    ("settings", "game"),
    [
        pytest.param({}, {"loss": "hinge"}, id="plain", marks=on_torch),
        pytest.param(
            {"num_classes": 3, "attention_at": 8},
            {"loss": "hinge", "discriminator_penalties": [R1]},
            id="projection",
            marks=pytest.mark.backends(
                "tensorflow", "torch", reason="tests/harness trains it under JAX"
            ),
        ),
        pytest.param(
            {"num_classes": 3, "conditioning": "concatenation", "spectral_norm": False},
            {"loss": "wasserstein", "discriminator_penalties": [GRADIENT_PENALTY]},
            id="critic",
            marks=on_torch,
        ),
    ],
)
def test_trains(settings, game):
    pair = resnet((16, 16, 1), 8, width=4, **settings)
    num_classes = settings.get("num_classes")
    gan = keras_gan.GAN(*pair, num_classes=num_classes, seed=0)
    adam = [keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.9) for _ in range(2)]
    gan.compile(*adam, ema=keras_gan.EMA(100), **game)
    before = [ops.convert_to_numpy(v) for v in gan.trainable_variables]
    images = np.random.default_rng(0).uniform(-1, 1, (48, 16, 16, 1)).astype("float32")
    labels = np.arange(48) % 3 if num_classes else None
    history = gan.fit(images, labels, batch_size=16, verbose=0).history  # 3 steps
    assert np.abs(list(history.values())).max() < 20  # 10 of a penalty, 2 of a hinge
    for old, variable in zip(before, gan.trainable_variables, strict=True):
        change = np.abs(ops.convert_to_numpy(variable) - old).max()
        # A constant added to all logits cancels in both losses, at first in the hinge.
        is_last_bias = variable.shape == (1,) and "logits" in variable.path
        assert change < 0.1, variable.path
        assert is_last_bias or change > 0, variable.path


@pytest.mark.backends(
    "tensorflow", "torch", reason="tests/harness has it in half precision on JAX"
)
def test_mixed_precision_keeps_logits_and_images_in_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = resnet((16, 16, 1), 8, 3, width=4, attention_at=8)
    finally:
        keras.config.set_dtype_policy("float32")
    labels = ops.array([0, 2])
    images = generator([ops.ones((2, 8)), labels], training=True)
    logits = discriminator([images, labels], training=True)
    for outputs in (images, logits):
        assert keras.backend.standardize_dtype(outputs.dtype) == "float32"
    assert np.abs(ops.convert_to_numpy(images)).max() <= 1
    assert 0 < np.abs(ops.convert_to_numpy(logits)).max() < 10


@pytest.mark.backends(
    "tensorflow", "torch", reason="where a layer stands: no backend code"
)
def test_attention_where_it_was_asked_for(tmp_path):
    pair = resnet((28, 28, 1), 8, width=8, attention_at=14)
    for model, spectral_norm in zip(pair, (False, True), strict=True):
        (attention,) = kinds(model, SelfAttention)
        assert attention.output.shape == (None, 14, 14, 8)
        assert attention.spectral_norm == spectral_norm
    gan = keras_gan.GAN(*pair)
    pair[0].save(tmp_path / "generator.keras")
    again = keras.saving.load_model(tmp_path / "generator.keras")
    latents = np.ones((2, 8), "float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(again(latents)), gan.synthesize(latents), atol=1e-6
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image_shape": (30, 30, 1)}, r"halve at least twice.*48 = 6 \* 8"),
        ({"image_shape": (12, 12, 1)}, r"stay at 4 or more.*Received: \(12, 12, 1\)"),
        ({"image_shape": (28, 28)}, r"\(height, width, channels\). Received"),
        ({"image_shape": (28, 28, 0)}, r"\(height, width, channels\). Received"),
        ({"image_shape": (32, 32, 32)}, "1 to 4 channels"),
        ({"attention_at": 28}, r"heights \[14, 7\].*Received: 28"),
        ({"image_shape": (64, 64, 3), "attention_at": 6}, r"\[32, 16, 8, 4\]"),
        ({"conditioning": "planes"}, '"projection", "concatenation" or .*planes'),
    ],
)
def test_refuses(settings, message):
    with pytest.raises(ValueError, match=message):
        resnet(**settings)
