"""Progressive GAN's networks: levels, fades, and the plain pair that they grow to."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import architectures
from keras_gan.layers import Fade

on_torch = pytest.mark.backends(
    "torch", reason="layers and shapes; tests/harness and tests/models train it on all"
)


def growing(image_shape=(8, 12, 3), **kwargs):
    return architectures.progressive(
        image_shape, 6, width=4, max_width=6, growing=True, **kwargs
    )


def number(tensor):
    return ops.convert_to_numpy(tensor)


@on_torch
@pytest.mark.parametrize(
    ("image_shape", "shapes"),
    [
        ((8, 12, 3), [(4, 6, 3), (8, 12, 3)]),
        ((28, 28, 1), [(7, 7, 1), (14, 14, 1), (28, 28, 1)]),
        ((32, 32, 3), [(4, 4, 3), (8, 8, 3), (16, 16, 3), (32, 32, 3)]),
    ],
)
def test_levels_double_until_the_whole_size(image_shape, shapes):
    generator, discriminator = growing(image_shape)
    outputs = [tuple(output.shape[1:]) for output in generator.outputs]
    assert outputs == shapes + shapes[1:], "the images, and the faded ones"
    inputs = [tuple(images.shape[1:]) for images in discriminator.inputs]
    assert inputs == shapes
    assert [tuple(o.shape) for o in discriminator.outputs] == [(None, 1)] * len(shapes)


def test_faded_images_lie_between_the_levels():
    generator, _ = growing()
    latents = keras.random.normal((3, 6), seed=0)
    (fade,) = (layer for layer in generator.layers if isinstance(layer, Fade))
    for alpha in (0.0, 0.25, 1.0):
        fade.alpha.assign(alpha)
        old, new, faded = map(number, generator(latents, training=True))
        old = old.repeat(2, axis=1).repeat(2, axis=2)
        np.testing.assert_allclose(faded, (1 - alpha) * old + alpha * new, atol=1e-5)


def test_the_discriminator_fades_between_the_features_of_two_sizes():
    """At alpha = 0 it sees the halved image as it saw it one level before."""
    _, discriminator = growing()
    images = np.tanh(np.random.default_rng(0).normal(size=(4, 8, 12, 3)))
    images = images.astype("float32")
    halved = images.reshape(4, 4, 2, 6, 2, 3).mean(axis=(2, 4))
    (fade,) = (layer for layer in discriminator.layers if isinstance(layer, Fade))
    fade.alpha.assign(0.0)
    small, large = map(number, discriminator([halved, images]))
    np.testing.assert_allclose(large, small, atol=1e-5)
    fade.alpha.assign(1.0)
    _, large = map(number, discriminator([halved, images]))
    assert np.abs(large - small).max() > 1e-3


@on_torch
def test_a_plain_pair_is_what_networks_grow_to():
    keras.utils.set_random_seed(0)
    grown = growing((16, 16, 1))
    keras.utils.set_random_seed(1)
    plain = architectures.progressive((16, 16, 1), 6, width=4, max_width=6)
    for network, whole in zip(plain, grown, strict=True):
        for layer in filter(lambda each: each.weights, network.layers):
            layer.set_weights(whole.get_layer(layer.name).get_weights())
    latents = keras.random.normal((3, 6), seed=0)
    images = number(plain[0](latents))
    np.testing.assert_allclose(images, number(grown[0](latents)[2]), atol=1e-6)
    inputs = [np.zeros((3, side, side, 1), "float32") for side in (4, 8)]
    logits = number(grown[1]([*inputs, images])[2])
    np.testing.assert_allclose(number(plain[1](images)), logits, atol=1e-5)


@on_torch
def test_activations_start_at_a_like_size_at_every_level():
    generator, discriminator = growing((32, 32, 3))
    images = generator(keras.random.normal((64, 6), seed=0), training=True)
    for each in map(number, images):
        assert 0.2 < each.std() < 5
    inputs = [
        keras.random.normal((64, *i.shape[1:]), seed=1) for i in discriminator.inputs
    ]
    for logits in map(number, discriminator(inputs)):
        assert 0.01 < np.abs(logits).mean() < 10


def test_what_cannot_grow():
    with pytest.raises(ValueError, match="one stage with width=4.*nothing grows"):
        growing((6, 6, 1))
    with pytest.raises(ValueError, match="divisible by 4. Received: 28 x 30"):
        architectures.progressive((28, 30, 1), width=(8, 8, 4), growing=True)
