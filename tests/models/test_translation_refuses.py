"""Translators and images that do not fit are refused before the first step."""

import keras
import numpy as np
import pytest
from keras import layers
from translators import data, linear_cyclegan, linear_pix2pix, pointwise

from keras_gan import architectures, datasets, models

pytestmark = pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)

A, B = data()


def compiled(gan, **settings):
    gan.compile("sgd", "sgd", **settings)
    return gan


def weights(gan):
    return [keras.ops.convert_to_numpy(w).item() for w in gan.generator_ab.weights]


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (A, None, "learned from images of two kinds. Received: ndarray"),
        (A, np.arange(8), r"images of B: .*shape \(8,\)"),
        (A, B[:, :, :2], r"images of B: .*shape \(8, 4, 2, 1\)"),
        (A[..., 0], B, r"images of A: .*last axis of 1"),
        (A, 127.5 * (B + 1), r"images of B: .*lie in .*`images / 127.5 - 1`"),
        (A, np.full_like(B, np.nan), "images of B: .*NaN"),
        (A, (B > 0).astype("int64"), "images of B: The data are int64"),
        (A[:0], B[:0], "images of A: The data are empty"),
        (A, (B + 1) / 2, "no value is below 0"),
    ],
)
def test_images_that_cannot_be_learned_from(a, b, message):
    gan = compiled(linear_cyclegan())
    start = weights(gan)
    with pytest.raises(ValueError, match=message):
        gan.fit(a, b, verbose=0)
    assert weights(gan) == start


def test_pairs_without_partners():
    with pytest.raises(ValueError, match="8 inputs and 5 targets"):
        compiled(linear_pix2pix()).fit(A, B[:5], verbose=0)


def test_later_batches_are_checked_too():
    class Wrong(datasets.SeededDataset):
        def batch(self, step):
            return (A, B) if step < 2 else (A, 100 * B)

    gan = compiled(linear_cyclegan())
    with pytest.raises(ValueError, match="after the first: In the images of B: .*lie"):
        gan.fit(Wrong(steps_per_epoch=4), verbose=0)


def test_a_batch_that_does_not_split():
    gan = compiled(linear_pix2pix(), gradient_accumulation_steps=3)
    with pytest.raises(ValueError, match="batch of 8 does not split into 3"):
        gan.train_on_batch(A, B)


def any_size(kind, **settings):
    if kind is models.Pix2Pix:
        shape, depth = (None, None, 1), 2
        networks = architectures.pix2pix(shape, width=1, depth=depth, field=16)
    else:
        shape = (None, None, 1)
        networks = architectures.cyclegan(shape, num_blocks=1, width=1, field=16)
    return compiled(kind(*networks, seed=0), **settings)


@pytest.mark.parametrize("kind", [models.CycleGAN, models.Pix2Pix])
def test_sizes_that_the_networks_do_not_take(kind):
    gan = any_size(kind, **({"pool_size": 0} if kind is models.CycleGAN else {}))
    a, b = data(2, (9, 12, 1))
    with pytest.raises(ValueError, match=r"Of images of shape \(9, 12, 1\).*8 x 12"):
        gan.fit(a, b, verbose=0)
    a, _ = data(2, (8, 8, 1))
    b, _ = data(2, (12, 12, 1))
    with pytest.raises(ValueError, match=r"size \(8, 8\).* one size"):
        gan.fit(a, b, verbose=0)


def test_a_pool_for_networks_of_any_size_needs_one():
    with pytest.raises(ValueError, match=r"compile\(image_size=.*or `pool_size=0`"):
        any_size(models.CycleGAN)
    gan = any_size(models.CycleGAN, image_size=(8, 12), pool_size=3)
    assert gan.pools[0].images.shape == (3, 8, 12, 1)
    a, b = data(2, (12, 8, 1))
    with pytest.raises(ValueError, match=r"A: .*\('batch', 8, 12, 1\)"):
        gan.fit(a, b, verbose=0)
    with pytest.raises(ValueError, match=r"image_size=\(8, 8\). Leave it out"):
        compiled(linear_cyclegan(), image_size=(8, 8))


def test_networks_that_do_not_fit_each_other():
    g_ab, g_ba, d_a, d_b = architectures.cyclegan(
        (8, 8, 1), 3, num_blocks=1, width=1, field=16
    )
    with pytest.raises(
        ValueError, match=r"turns images of shape \(8, 8, 1\).*way back"
    ):
        models.CycleGAN(g_ab, g_ab, d_a, d_b)
    with pytest.raises(ValueError, match=r"discriminator_a takes .*\(8, 8, 3\)"):
        models.CycleGAN(g_ab, g_ba, d_b, d_a)
    with pytest.raises(ValueError, match="none can be left.*`identity_weight=0`"):
        models.CycleGAN(g_ab, g_ba, d_a, d_b).compile()
    models.CycleGAN(g_ab, g_ba, d_a, d_b).compile(identity_weight=0)
    with pytest.raises(ValueError, match=r"discriminator takes .*Expected \[\(8, 8, 1"):
        models.Pix2Pix(g_ab, d_b)
    vectors = keras.Sequential([keras.Input((4,)), layers.Dense(4)])
    with pytest.raises(ValueError, match="generator, a_to_b, must turn images into"):
        models.Pix2Pix(vectors, d_b)


def test_outputs_that_are_no_logits():
    generator = pointwise(0.5, "generator")
    inputs = [keras.Input((4, 4, 1)) for _ in range(2)]
    x = layers.Concatenate()(inputs)
    squashed = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        models.Pix2Pix(generator, squashed)
    two = keras.Model(inputs, layers.Dense(2)(x))
    with pytest.raises(ValueError, match="a logit for each image or each patch"):
        models.Pix2Pix(generator, two)
    black = keras.Sequential(
        [keras.Input((4, 4, 1)), layers.Dense(1, activation="sigmoid")]
    )
    with pytest.raises(ValueError, match="no value of its images is below 0"):
        models.Pix2Pix(black, pointwise((1.0, 1.0), "d", 2))


@pytest.mark.parametrize(
    ("make", "settings", "message"),
    [
        (linear_cyclegan, {"cycle_weight": -1.0}, "Weights must not be negative"),
        (linear_cyclegan, {"pool_size": -1}, "`size` must be an integer of at least 0"),
        (linear_cyclegan, {"pool": 3}, "Did you mean `pool_size`"),
        (linear_cyclegan, {"loss": "wgan"}, "Unknown loss"),
        (linear_pix2pix, {"l1_weight": -1.0}, "Weights must not be negative"),
        (linear_pix2pix, {"optimizer": "adam"}, r"compile\(generator_optimizer="),
    ],
)
def test_settings_that_cannot_be(make, settings, message):
    gan = make()
    with pytest.raises(ValueError, match=message):
        gan.compile(**settings)
    assert not gan.compiled
