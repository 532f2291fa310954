"""An augmentation inside a model: in a compiled step, and in its files."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import backend
from keras_gan.augment import (
    AdaptiveAugment,
    Augmentation,
    DiffAugment,
    RandomAugment,
    check_augmentation,
)

IMAGES = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 1)).astype("float32")


@keras.saving.register_keras_serializable(package="tests")
class Watch(keras_gan.AdversarialModel):
    """One player, who learns to say "real" of augmented images."""

    player_names = ("judge",)

    def __init__(self, augment, seed=None, name=None):
        super().__init__(seed=seed, name=name)
        self.augment = augment
        self.judge = keras.Sequential(
            [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        self.built = True

    def compile(self, optimizer):
        super().compile({"judge": optimizer}, reports=["loss", "augmentation"])

    def get_compile_config(self):
        return {"optimizer": "sgd"}

    def compile_from_config(self, config):
        self.compile(**config)

    def adversarial_step(self, data):
        (images,) = data if isinstance(data, tuple) else (data,)
        change = self.augment.draw(images, self.seed_generator)

        def loss():
            logits = self.judge(change(images), training=True)
            return ops.mean(ops.softplus(-logits)), logits

        (value, logits), gradients = backend.gradients(
            loss, self.judge.trainable_variables
        )
        self.optimizer.players["judge"].apply(gradients, self.judge.trainable_variables)
        self.augment.update(logits + 100.0, ops.shape(images)[0])
        return {"loss": value, **self.augment.report()}

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {"augment": serialize(self.augment), "name": self.name}

    @classmethod
    def from_config(cls, config):
        augment = keras.saving.deserialize_keras_object(config["augment"])
        return cls(augment, name=config["name"])


def trained(seed=0):
    model = Watch(AdaptiveAugment(ramp_images=100, interval=2), seed=seed)
    model.compile("sgd")
    # Batches of 16, 16 and 8: the size is not known beforehand.
    model.history_ = model.fit(IMAGES, batch_size=16, epochs=1, verbose=0).history
    return model


def states(model):
    return [ops.convert_to_numpy(variable) for variable in model.variables]


def test_fit_moves_the_probability():
    model = trained()
    backend.settle(model)
    # Adjusted once, after two batches of 16 in 100.
    assert float(model.augment.probability) == pytest.approx(0.32)
    assert float(model.augment.num_images) == 8
    assert float(model.augment.num_steps) == 1
    assert model.history_["augmentation"] == [pytest.approx(2 / 3 * 0.32, rel=1e-5)]


def test_keras_file_keeps_the_state(tmp_path):
    model = trained()
    model.save(tmp_path / "watch.keras")
    again = keras.saving.load_model(tmp_path / "watch.keras")
    assert again.augment.ramp_images == 100
    assert float(again.augment.probability) == pytest.approx(0.32)
    for one, other in zip(states(model), states(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_file_keeps_the_state(tmp_path):
    model = trained()
    model.save_weights(tmp_path / "watch.weights.h5")
    again = Watch(AdaptiveAugment(ramp_images=100, interval=2), seed=9)
    again.compile("sgd")
    again.load_weights(tmp_path / "watch.weights.h5")
    for one, other in zip(states(model), states(again), strict=True):
        np.testing.assert_array_equal(one, other)
    first, second = (
        m.fit(IMAGES, batch_size=16, shuffle=False, verbose=0).history
        for m in (model, again)
    )
    assert first["loss"] == pytest.approx(second["loss"], rel=1e-6)
    assert first["augmentation"] == second["augmentation"]


@pytest.mark.parametrize("augment", [DiffAugment(), RandomAugment(0.7)])
def test_compiled_for_a_batch_of_any_size(augment):
    seed = 3

    def change(images):
        return augment(images, seed=seed)

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
        expected = ops.convert_to_numpy(augment(images, seed=seed))
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_nothing_by_default():
    assert isinstance(check_augmentation(None), Augmentation)
    images = ops.convert_to_tensor(IMAGES)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(check_augmentation(None)(images, seed=0)), IMAGES
    )
    augment = DiffAugment()
    assert check_augmentation(augment) is augment
    with pytest.raises(
        ValueError, match=r"such as `keras_gan.augment.*Received: 'ada'"
    ):
        check_augmentation("ada")
