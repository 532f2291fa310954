"""Small generators to export."""

import keras
import pytest
from keras import layers

LATENT_DIM, NUM_CLASSES = 6, 4


def make_generator(num_classes=None, channels=3):
    keras.utils.set_random_seed(1)
    latents = keras.Input((LATENT_DIM,), name="latents")
    x, inputs = latents, latents
    if num_classes:
        labels = keras.Input((), dtype="int32", name="labels")
        classes = layers.Embedding(num_classes, 3, embeddings_initializer="normal")
        x, inputs = layers.Concatenate()([x, classes(labels) * 20]), [latents, labels]
    x = layers.Reshape((4, 4, 8))(layers.Dense(4 * 4 * 8)(x))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    images = layers.Conv2DTranspose(
        channels, 4, strides=2, padding="same", activation="tanh", dtype="float32"
    )(x)
    return keras.Model(inputs, images, name="tiny")


@pytest.fixture(scope="session")
def generator():
    return make_generator()


@pytest.fixture(scope="session")
def conditional():
    return make_generator(NUM_CLASSES)


@pytest.fixture
def tiny():
    return make_generator
