"""Conditions: labels, vectors and images, from data to pictures."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan
from keras_gan import conditions
from keras_gan.conditions import ClassLabels, Image, Vector

NOT_ON_JAX = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles one kind of three"
)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")
VALUES = {
    "labels": (ClassLabels(3), (np.arange(16) % 3).astype("int32")),
    "vectors": (Vector(2), np.random.default_rng(1).normal(size=(16, 2))),
    "images": (Image((8, 8, 1)), IMAGES[::-1]),
}


def features(condition, x):
    if condition.name == "labels":
        return layers.Embedding(condition.num_classes, 4)(x)
    return layers.Dense(4)(layers.Flatten()(x))


def networks(condition):
    keras.utils.set_random_seed(0)
    given = keras.Input(condition.shape, dtype=condition.dtype)
    latents, images = keras.Input((5,)), keras.Input((8, 8, 1))
    x = layers.Concatenate()([latents, features(condition, given)])
    x = layers.Reshape((8, 8, 1))(layers.Dense(64, "tanh")(x))
    generator = keras.Model([latents, given], x)
    y = layers.Concatenate()([layers.Flatten()(images), features(condition, given)])
    return generator, keras.Model([images, given], layers.Dense(1)(y))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("labels", marks=NOT_ON_JAX),
        "vectors",
        pytest.param("images", marks=NOT_ON_JAX),
    ],
)
def test_a_conditional_gan_of_every_kind(name, tmp_path):
    condition, values = VALUES[name]
    gan = keras_gan.GAN(*networks(condition), condition=condition, seed=0)
    gan.compile(
        keras.optimizers.Adam(1e-2),
        keras.optimizers.Adam(1e-2),
        discriminator_steps=2,
        gradient_accumulation_steps=2,
        ema=keras_gan.EMA(10),
    )
    before = [np.array(w) for w in gan.trainable_variables]
    gan.fit(IMAGES, values, batch_size=8, verbose=0)
    after = gan.trainable_variables
    for old, new in zip(before, after, strict=True):
        assert not np.array_equal(old, np.array(new))
    images = gan.generate(4, seed=0, condition=values[:4])
    assert images.shape == (4, 8, 8, 1)
    one = gan.generate(4, seed=0, condition=values[0])
    np.testing.assert_allclose(one[0], images[0], atol=1e-6)
    assert not np.allclose(one[1], images[1])
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.condition == condition
    np.testing.assert_allclose(
        again.generate(4, seed=0, condition=values[:4]), images, atol=1e-6
    )


def test_labels_take_turns_and_other_conditions_have_no_default():
    labels, _ = VALUES["labels"]
    gan = keras_gan.GAN(*networks(labels), num_classes=3)
    assert gan.condition == labels
    np.testing.assert_array_equal(
        gan.generate(4, seed=0), gan.generate(4, seed=0, labels=[0, 1, 2, 0])
    )
    vectors, values = VALUES["vectors"]
    gan = keras_gan.GAN(*networks(vectors), condition=vectors)
    with pytest.raises(ValueError, match="a vector of 2 numbers.*none was passed"):
        gan.generate(4)
    with pytest.raises(ValueError, match="`labels` were passed.*not conditional"):
        gan.generate(4, labels=1)
    with pytest.raises(ValueError, match="Pass `labels` or `condition`, not both"):
        gan.generate(4, labels=1, condition=values[0])


def test_bytes_are_an_image_condition():
    condition, _ = VALUES["images"]
    gan = keras_gan.GAN(*networks(condition), condition=condition)
    levels = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 1), "uint8")
    np.testing.assert_allclose(
        gan.generate(4, seed=0, condition=levels),
        gan.generate(4, seed=0, condition=levels.astype("float32") / 127.5 - 1),
        atol=1e-6,
    )


@pytest.mark.parametrize(
    ("condition", "values", "message"),
    [
        (ClassLabels(3), None, "have no labels"),
        (ClassLabels(3), np.array([0, 3]), "run from 0 to 3.*expected 0 to 2"),
        (ClassLabels(3), np.eye(3)[:2], "one-hot"),
        (Vector(2), np.zeros((2, 3)), r"shape \(2, 3\). Expected \(2, 2\)"),
        (Vector(2), np.full((2, 2), np.nan), "NaN"),
        (Vector(2), np.array([["a", "b"]] * 2), "Expected float32"),
        (Image((4, 4, 1)), None, "none was passed"),
        (Image((4, 4, 1)), np.zeros((2, 4, 4, 3)), r"Expected \(2, 4, 4, 1\)"),
        (Image((4, 4, 1)), np.full((2, 4, 4, 1), 255.0), r"lie in \[255"),
        (Image((4, 4, 1)), np.zeros((2, 4, 4, 1), "int64"), "are int64"),
    ],
)
def test_conditions_that_cannot_be(condition, values, message):
    with pytest.raises(ValueError, match=message):
        condition.check(values, 2)


def test_configs_and_what_is_no_condition():
    for condition, _ in VALUES.values():
        again = keras.saving.deserialize_keras_object(
            keras.saving.serialize_keras_object(condition)
        )
        assert again == condition
        assert repr(again) == repr(condition)
    assert repr(ClassLabels(3)) == "ClassLabels(num_classes=3)"
    with pytest.raises(ValueError, match="from `keras_gan.conditions`"):
        conditions.get("labels")
    with pytest.raises(ValueError, match="either `num_classes`"):
        conditions.get(ClassLabels(3), 3)
    generator, discriminator = networks(Vector(2))
    with pytest.raises(ValueError, match=r"second input has the shape \(None, 2\)"):
        keras_gan.GAN(generator, discriminator, condition=Vector(3))
