"""Starts of weights: what they draw, and that a file brings them back."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import architectures
from keras_gan.initializers import ICNR


def test_every_place_of_the_kernel_is_the_same():
    normal = keras.initializers.RandomNormal(stddev=0.5)
    kernel = ops.convert_to_numpy(ICNR(normal)((2, 3, 16, 64)))
    assert kernel.shape == (2, 3, 16, 64)
    np.testing.assert_array_equal(kernel, np.broadcast_to(kernel[:1, :1], kernel.shape))
    assert kernel.std() == pytest.approx(0.5, rel=0.1)


def test_patches_of_the_generator_start_flat():
    generator, _ = architectures.r3gan((16, 16, 3), 8, width=8, patch_size=2)
    latents = np.random.default_rng(0).normal(size=(4, 8)).astype("float32")
    images = ops.convert_to_numpy(generator(latents, training=True))
    patches = images.reshape(4, 8, 2, 8, 2, 3)
    flat = np.broadcast_to(patches[:, :, :1, :, :1], patches.shape)
    np.testing.assert_allclose(patches, flat, atol=1e-5)
    assert images.std() > 0.1


def test_a_configuration_brings_it_back():
    one = ICNR(keras.initializers.RandomNormal(stddev=0.5, seed=3))
    again = keras.initializers.deserialize(keras.initializers.serialize(one))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again((2, 2, 3, 4))),
        ops.convert_to_numpy(one((2, 2, 3, 4))),
    )


def test_other_kernels_are_refused():
    with pytest.raises(ValueError, match=r"two-dimensional.*\(3, 4\)"):
        ICNR()((3, 4))


def test_it_needs_one_to_start_from():
    with pytest.raises(ValueError, match="`initializer` must be given"):
        ICNR(None)
