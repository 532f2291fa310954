"""Augmentation in training: effect on D, compiled steps, saved files."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import backend, datasets, penalties
from keras_gan.augment import (
    AdaptiveAugment,
    Augmentation,
    DiffAugment,
    RandomAugment,
    check_augmentation,
)

pytestmark = pytest.mark.usefixtures("eager")

IMAGES = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 1)).astype("float32")


class Black(Augmentation):
    """Make every image black."""

    def sample(self, images, seed=None):
        return lambda images: 0.0 * images


def new_gan(augment, seed=0, **settings):
    keras.backend.clear_session(free_memory=False)
    keras.utils.set_random_seed(11)
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(64, activation="tanh"),
            layers.Reshape((8, 8, 1)),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(8, activation="tanh"),
            layers.Dense(1),
        ]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=seed)
    gan.compile(
        keras.optimizers.SGD(0.1),
        keras.optimizers.SGD(0.1),
        augment=augment,
        **settings,
    )
    return gan


def rising():
    # Not all logits are negative: the probability rises at every step.
    return AdaptiveAugment(-0.999, ramp_images=100, interval=2, operations=["blit"])


def data(batch_size=16):
    return datasets.Batches(IMAGES, batch_size=batch_size, drop_remainder=False)


def states(gan):
    backend.sync_state(gan)
    return [ops.convert_to_numpy(variable) for variable in gan.variables]


def assert_same(ones, others):
    tolerance = 1e-6 if keras.backend.backend() == "torch" else 0
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(
            "non_saturating",
            marks=pytest.mark.backends(
                "tensorflow", "torch", reason="JAX compiles one of two losses"
            ),
        ),
        "relativistic_pairing",
    ],
)
def test_black_images_give_equal_scores_and_no_gradient(loss):
    penalty_list = [penalties.R1(1.0), penalties.R2(1.0, interval=2)]
    gan = new_gan(Black(), loss=loss, discriminator_penalties=penalty_list)
    generator = [ops.convert_to_numpy(v) for v in gan.generator.trainable_variables]
    history = gan.fit(data(), epochs=1, verbose=0).history
    assert history["real_score"] == history["fake_score"]
    assert history["penalty"] == [0.0], (
        "the gradient with respect to ignored images is zero"
    )
    backend.sync_state(gan)
    for before, variable in zip(
        generator, gan.generator.trainable_variables, strict=True
    ):
        np.testing.assert_array_equal(before, ops.convert_to_numpy(variable))


def test_fit_updates_the_probability():
    gan = new_gan(rising())
    gan.run_eagerly = False
    # Batches of 16, 16 and 8: one adjustment, after the second, by 32 / 100.
    history = gan.fit(data(), epochs=1, verbose=0).history
    backend.sync_state(gan)
    assert float(gan.augment.probability) == pytest.approx(0.32)
    assert float(gan.augment.num_images) == 8
    assert float(gan.augment.num_updates) == 1
    assert history["augmentation"] == [pytest.approx(0.32 * 2 / 3)]


@pytest.mark.backends("torch", reason="the count of test_fit_updates_the_probability")
def test_a_step_in_parts_is_one_step_of_the_interval():
    gan = new_gan(rising(), gradient_accumulation_steps=4)
    gan.fit(data(), epochs=1, verbose=0)
    backend.sync_state(gan)
    assert float(gan.augment.probability) == pytest.approx(0.32)
    assert float(gan.augment.num_images) == 8
    assert float(gan.augment.num_updates) == 4


@pytest.fixture(scope="module")
def two_epochs():
    gan = new_gan(rising())
    history = gan.fit(data(), epochs=2, verbose=0).history
    return history["augmentation"], states(gan)


def test_saved_model_resumes_training(two_epochs, tmp_path):
    gan = new_gan(rising())
    gan.fit(data(), epochs=1, verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    assert again.augment.get_config() == gan.augment.get_config()
    assert_same(states(again), states(gan))
    history = again.fit(data(), epochs=2, initial_epoch=1, verbose=0).history
    assert history["augmentation"] == pytest.approx(two_epochs[0][1:])
    assert_same(states(again), two_epochs[1])


@pytest.mark.backends("torch", reason="what a .keras file holds, below another name")
def test_weights_file_holds_the_state(tmp_path):
    gan = new_gan(rising())
    gan.fit(data(), epochs=1, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    again = new_gan(rising(), seed=9)
    again.load_weights(tmp_path / "gan.weights.h5")
    assert 0 < float(again.augment.probability) < 1
    assert_same(states(again), states(gan))


@pytest.mark.backends("tensorflow", "torch", reason="JAX compiles for every size")
@pytest.mark.parametrize("augment", [DiffAugment(), RandomAugment(0.7)])
def test_compiled_for_a_batch_of_any_size(augment):
    def change(images):
        return augment(images, seed=3)

    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        change = tf.function(
            change, input_signature=[tf.TensorSpec((None, 8, 8, 1), "float32")]
        )
    elif keras.backend.backend() == "jax":
        import jax

        change = jax.jit(change)
    for num_images in (5, 40):
        images = ops.convert_to_tensor(IMAGES[:num_images])
        found = ops.convert_to_numpy(change(images))
        expected = ops.convert_to_numpy(augment(images, seed=3))
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_check_augmentation():
    augment = DiffAugment()
    assert check_augmentation(augment) is augment
    with pytest.raises(
        ValueError, match=r"such as `keras_gan.augment.*Received: 'ada'"
    ):
        new_gan("ada")
