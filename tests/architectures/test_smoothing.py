"""Generators that write patches of pixels, and the same without the pattern."""

import keras
import numpy as np
import pytest

from keras_gan import architectures, latents
from keras_gan.architectures import r3gan_generator, smooth_patches

LATENTS = latents.Normal(16).sample(192, seed=0)


@pytest.fixture(scope="module", params=["tanh", "linear"])
def chequered(request):
    """A generator whose patches have a pattern on every surface, as after training."""
    keras.utils.set_random_seed(0)
    generator = r3gan_generator(
        (16, 16, 3),
        latent_dim=16,
        width=(16, 16),
        patch_size=2,
        output_activation=request.param,
    )
    layer = generator.get_layer("to_images")
    (kernel,) = layer.get_weights()  # (patch_size, patch_size, channels, width)
    signs = np.array([[1, -1], [-1, 1]], "float32")[:, :, None, None]
    layer.set_weights([kernel + 0.5 * signs * np.abs(kernel).mean()])
    return generator


def images_of(generator, inputs=LATENTS):
    tensors = keras.tree.map_structure(keras.ops.convert_to_tensor, inputs)
    return np.asarray(keras.ops.convert_to_numpy(generator(tensors, training=True)))


def alternating(images):
    """The share of the power that alternates from pixel to pixel."""
    power = np.abs(np.fft.fft2(images, axes=(1, 2))) ** 2
    return power[:, 8, 8].sum() / power.sum()


def test_the_pattern_is_gone_and_the_rest_stays(chequered):
    before = images_of(chequered)
    smooth = smooth_patches(chequered, LATENTS)
    after = images_of(smooth)
    assert alternating(before) > 0.005
    assert alternating(after) < 0.1 * alternating(before)
    # What is left of the difference, but for the pattern, is a part of the images.
    means = [x.reshape(-1, 8, 2, 8, 2, 3).mean(axis=(2, 4)) for x in (before, after)]
    assert np.corrcoef(means[0].ravel(), means[1].ravel())[0, 1] > 0.9
    np.testing.assert_array_equal(images_of(chequered), before)


def test_it_has_the_form_of_one_that_is_trained_with_overlap(chequered):
    smooth = smooth_patches(chequered)
    wanted = r3gan_generator(
        (16, 16, 3), latent_dim=16, width=(16, 16), patch_size=2, smooth_patches=True
    )
    assert [(v.path, v.shape) for v in smooth.weights] == [
        (v.path, v.shape) for v in wanted.weights
    ]
    assert smooth.input.shape == wanted.input.shape
    again = keras.Model.from_config(smooth.get_config())
    again.set_weights(smooth.get_weights())
    np.testing.assert_allclose(images_of(again), images_of(smooth), atol=1e-6)


def test_the_fit_is_the_least_squares():
    """Every other kernel is farther from the images, where no activation bends."""
    generator = r3gan_generator((8, 8, 1), 16, width=(16,), patch_size=2)
    wanted = images_of(generator)
    smooth = smooth_patches(generator, LATENTS, batch_size=50)
    (kernel,) = smooth.get_layer("to_images").get_weights()
    least = np.square(images_of(smooth) - wanted).mean()
    random = np.random.default_rng(0)
    for _ in range(5):
        change = random.normal(0, 0.01, kernel.shape).astype("float32")
        smooth.get_layer("to_images").set_weights([kernel + change])
        assert np.square(images_of(smooth) - wanted).mean() > least


def test_a_generator_with_classes_takes_both_inputs():
    generator = r3gan_generator((8, 8, 1), 16, 4, width=(16,), patch_size=2)
    inputs = [LATENTS, np.arange(192) % 4]
    smooth = smooth_patches(generator, inputs)
    assert images_of(smooth, inputs).shape == (192, 8, 8, 1)
    assert not np.allclose(
        images_of(smooth, inputs), images_of(smooth, [LATENTS, np.zeros(192, int)])
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: r3gan_generator((8, 8, 1), 16, width=(16,)),
        lambda: r3gan_generator(
            (8, 8, 1), 16, width=(16,), patch_size=2, smooth_patches=True
        ),
        lambda: architectures.mlp_generator((8, 8, 1), 16),
        lambda: architectures.dcgan_generator((8, 8, 1), 16, width=4),  # they overlap
    ],
)
def test_a_generator_without_patches_is_refused(make):
    with pytest.raises(ValueError, match="must write patches that do not overlap"):
        smooth_patches(make(), LATENTS)


@pytest.mark.parametrize(
    "inputs",
    [
        LATENTS,
        [LATENTS[:, :3], np.zeros(192)],
        [LATENTS, np.zeros(3)],
        [LATENTS[:0], np.zeros(0)],
        [np.nan * LATENTS, np.zeros(192)],
    ],
)
def test_latents_that_are_not_for_it_are_refused(inputs):
    generator = r3gan_generator((8, 8, 1), 16, 4, width=(16,), patch_size=2)
    with pytest.raises(ValueError, match=r"`latents` must be what the generator takes"):
        smooth_patches(generator, inputs)


def test_what_is_no_network_is_refused():
    with pytest.raises(ValueError, match="generator"):
        smooth_patches("r3gan_emoji_64")
