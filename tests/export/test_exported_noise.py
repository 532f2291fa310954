"""Layers that draw noise, in exported generators: a seed is a picture."""

import keras
import numpy as np
import pytest
from keras import layers
from pixel_noise import PixelNoise

import keras_gan

pytestmark = pytest.mark.backends("tensorflow", reason="exports run there")


def noisy_sampler():
    latents = keras.Input((3,))
    x = PixelNoise()(PixelNoise()(layers.Reshape((4, 4, 1))(layers.Dense(16)(latents))))
    generator = keras.Model(latents, layers.Activation("tanh")(x))
    return keras_gan.Sampler(generator, keras_gan.latents.Normal(3))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    import tensorflow as tf

    path = noisy_sampler().export(tmp_path_factory.mktemp("noise") / "model")
    return tf.saved_model.load(str(path))


def sample(exported, *seeds):
    import tensorflow as tf

    rows = {"seed": tf.constant(seeds, "int64"), "truncation": tf.zeros(len(seeds))}
    return exported.signatures["sample"](**rows)["images"].numpy()


def test_a_seed_is_a_picture_alone_and_in_a_batch(exported):
    alone = sample(exported, 7)[0]
    np.testing.assert_array_equal(sample(exported, 7)[0], alone)
    np.testing.assert_allclose(sample(exported, 3, 7, 7)[1:], [alone] * 2, atol=1e-6)
    assert np.abs(sample(exported, 8)[0] - alone).max() > 0.1


def test_latents_are_a_picture(exported):
    import tensorflow as tf

    latents = tf.ones((2, 3))
    function = exported.signatures["serving_default"]
    images = function(latents=latents)["images"].numpy()
    np.testing.assert_allclose(images[0], images[1], atol=1e-6)
    np.testing.assert_array_equal(function(latents=latents)["images"], images)


@pytest.mark.parametrize("name", ["x.onnx", "x.tflite", "x.xml"])
def test_formats_without_noise_say_so(name, tmp_path):
    formats = {"x.onnx": "onnx", "x.tflite": "litert", "x.xml": "openvino"}
    with pytest.raises(ValueError, match=r"draw noise.*format=.saved_model"):
        noisy_sampler().export(tmp_path / name, format=formats[name])
