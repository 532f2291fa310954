"""A seed is a picture, also where layers of the generator draw noise."""

import keras
import numpy as np
from keras import layers, ops
from pixel_noise import PixelNoise

import keras_gan


def noisy_gan(**kwargs):
    latents, images = keras.Input((3,)), keras.Input((4, 4, 1))
    x = PixelNoise()(PixelNoise()(layers.Reshape((4, 4, 1))(layers.Dense(16)(latents))))
    generator = keras.Model(latents, layers.Activation("tanh")(x))
    logits = layers.Dense(1)(layers.Flatten()(images))
    return keras_gan.GAN(generator, keras.Model(images, logits), seed=0, **kwargs)


def states(gan):
    return [
        ops.convert_to_numpy(v).copy()
        for v in gan.variables
        if keras_gan.backend.is_random_state(v)
    ]


def test_the_same_seed_gives_the_same_images():
    gan = noisy_gan()
    gan.compile(ema=keras_gan.EMA(10))
    before = states(gan)
    images = gan.generate(4, seed=5)
    np.testing.assert_array_equal(gan.generate(4, seed=5), images)
    assert np.abs(gan.generate(4, seed=6) - images).max() > 0.1
    assert np.abs(gan.generate(4) - gan.generate(4)).max() > 0.1
    latents = gan.prior.sample(4, seed=5)
    np.testing.assert_array_equal(gan.synthesize(latents), gan.synthesize(latents))
    np.testing.assert_array_equal(states(gan), before)  # training goes on as it would


def test_layers_draw_numbers_of_their_own():
    gan = noisy_gan()
    with keras_gan.backend.seeded(gan.generator, 3):
        first, second = states(gan.generator)
        assert first[0] != second[0]
        first[1] = second[1] = 7
    assert [state[1] for state in states(gan.generator)] == [0, 0]
