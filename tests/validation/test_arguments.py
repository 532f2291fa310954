"""What passes as an argument, and what is said where it does not."""

import functools

import numpy as np
import pytest

import keras_gan
from keras_gan import architectures
from keras_gan.validation import arguments


@pytest.mark.parametrize("value", [3, 3.0, np.int64(3), np.float32(3), np.array(3)])
def test_whole_numbers_of_any_kind(value):
    found = arguments.integer("k", value)
    assert found == 3
    assert type(found) is int


@pytest.mark.parametrize(
    "value", [0, -1, 2.5, True, None, "3", [3], np.nan, np.inf, np.arange(2)]
)
def test_what_is_no_count(value):
    with pytest.raises(ValueError, match="`k` must be an integer of at least 1. Rec"):
        arguments.integer("k", value)


def test_bounds():
    assert arguments.integer("seed", 0, at_least=0) == 0
    with pytest.raises(ValueError, match="at least 2. Received: 1"):
        arguments.integer("num_steps", 1, at_least=2)


def test_several_whole_numbers():
    assert arguments.integers("width", [64, np.int64(32)]) == (64, 32)
    for value in [(), ("a", "b"), (32.5, 16), (0, 1), "ab", None, 3]:
        with pytest.raises(ValueError, match="`width` must be .* a tuple of them. Rec"):
            arguments.integers("width", value)


def test_numbers_of_classes():
    assert arguments.num_classes(None) is None
    assert arguments.num_classes(np.int64(10)) == 10
    for architecture in (
        architectures.dcgan,
        functools.partial(architectures.mlp, (28, 28, 1)),
        architectures.resnet,
        architectures.r3gan,
    ):
        for value in (0, "ten", 2.5):
            with pytest.raises(ValueError, match="`num_classes` must be an integer of"):
                architecture(num_classes=value)


def test_choices():
    assert arguments.one_of("color", "red", ("red", "green", "blue")) == "red"
    with pytest.raises(ValueError, match='must be "red", "green" or "blue". .*\'gray'):
        arguments.one_of("color", "gray", ("red", "green", "blue"))


def test_image_shapes():
    assert arguments.image_shape([28, np.int64(28), 1]) == (28, 28, 1)
    for shape in [(28, 28), (28, 28, 0), (28.5, 28, 1), 28, None, "abc"]:
        with pytest.raises(ValueError, match=r"must be \(height, width, channels\)"):
            arguments.image_shape(shape)
    with pytest.raises(ValueError, match=r"channels come last.*\(3, 64, 64\)"):
        arguments.image_shape((3, 64, 64))


@pytest.mark.parametrize("value", [0, np.int64(1), np.uint8(3), np.array(4), 2**31 - 1])
def test_seeds(value):
    generator, discriminator = architectures.mlp((2,), 4, None, (4,), (4,))
    gan = keras_gan.GAN(generator, discriminator, seed=value)
    assert gan.seed == int(value)
    gan.generate(np.int64(2), seed=value)
    gan.prior.sample(np.int64(2), seed=value)


@pytest.mark.parametrize("value", [-1, 2**31, 2**40, 1.5, True, "0", np.arange(2)])
def test_seeds_out_of_range(value):
    networks = architectures.mlp((2,), 4, None, (4,), (4,))
    gan = keras_gan.GAN(*networks)
    for call in (
        lambda: keras_gan.GAN(*networks, seed=value),
        lambda: gan.generate(2, seed=value),
        lambda: gan.prior.sample(2, seed=value),
        lambda: keras_gan.latents.Uniform(2).sample(2, seed=value),
        lambda: keras_gan.callbacks.SampleGrid("x", seed=value),
        lambda: keras_gan.callbacks.LatentWalk("x.gif", seed=value),
        lambda: keras_gan.augment.DiffAugment().sample(np.zeros((1, 4, 4, 1)), value),
    ):
        with pytest.raises(ValueError, match=r"from 0 to 2\*\*31 - 1.*Received"):
            call()
