"""Channels come last here, whatever Keras' settings say."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures, metrics

pytestmark = pytest.mark.backends(
    "tensorflow", "torch", reason="a setting of Keras; JAX compiles every size anew"
)

NETWORKS = {
    "dcgan": lambda: architectures.dcgan((16, 16, 3), 4, width=2, num_extra_convs=1),
    "mlp": lambda: architectures.mlp((8, 8, 3), 4, None, (8,), (8,)),
    "r3gan": lambda: architectures.r3gan((16, 16, 3), 4, width=16),
    "resnet": lambda: architectures.resnet((16, 16, 3), 4, width=4, attention_at=8),
}


@pytest.fixture(autouse=True)
def channels_first():
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize("name", NETWORKS)
def test_networks(name):
    gan = keras_gan.GAN(*NETWORKS[name]())
    assert gan.image_shape[-1] == 3
    images = gan.generator(gan.prior.sample(2, seed=0))
    assert tuple(gan.discriminator(images).shape) == (2, 1)


def test_presets_and_extractors():
    keras_gan.from_preset("dcgan_fashion_mnist")
    images = np.zeros((2, 28, 28, 1), "float32")
    features = metrics.MNISTClassifier().outputs(images)["features"]
    assert features.shape == (2, 128)


def test_applications():
    extractor = metrics.Application("MobileNetV2", weights=None, size=32)
    assert tuple(extractor.build_trunk().inputs[0].shape) == (None, 32, 32, 3)
    assert keras.config.image_data_format() == "channels_first"


def test_layers():
    x = ops.ones((2, 4, 6, 3))
    layers = keras_gan.layers
    assert tuple(layers.Conv2D(5, 3, padding="same")(x).shape) == (2, 4, 6, 5)
    up = layers.Conv2DTranspose(5, 3, strides=2, padding="same")
    assert tuple(up(x).shape) == (2, 8, 12, 5)
    assert tuple(layers.SelfAttention()(x).shape) == (2, 4, 6, 3)
