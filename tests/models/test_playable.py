"""Games that cannot be played are refused: in `compile`, or before the first step."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan
from keras_gan import architectures

DATA = np.random.default_rng(0).normal(size=(8, 6)).astype("float32")


def small_gan(num_classes=None, **kwargs):
    pair = architectures.mlp((6,), 4, num_classes, (8,), (8,))
    return keras_gan.GAN(*pair, num_classes=num_classes, seed=0, **kwargs)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_frozen_player(player):
    gan = small_gan()
    getattr(gan, player).trainable = False
    with pytest.raises(ValueError, match=f"{player} has no trainable.*`trainable = T"):
        gan.compile()
    assert not gan.compiled


def test_a_layer_frozen_after_compile():
    gan = small_gan()
    gan.compile()
    gan.generator.layers[1].trainable = False
    for train in (lambda: gan.fit(DATA, verbose=0), lambda: gan.train_on_batch(DATA)):
        with pytest.raises(ValueError, match="generator had 4 .*has 2 .*compile` aga"):
            train()
    gan.compile()
    kernel = keras.ops.convert_to_numpy(gan.generator.layers[1].kernel).copy()
    gan.train_on_batch(DATA)
    np.testing.assert_array_equal(gan.generator.layers[1].kernel, kernel)


def test_an_optimizer_that_was_used_before():
    d, g = keras.optimizers.Adam(), keras.optimizers.Adam()
    first = small_gan()
    first.compile(d, g)
    first.compile(d, g)  # the same variables: it goes on
    with pytest.raises(ValueError, match=r"discriminator's optimizer.*Adam\(\.\.\.\)"):
        small_gan().compile(d, g)
    first.generator.layers[1].trainable = False
    with pytest.raises(ValueError, match="generator's optimizer.*`trainable` of a lay"):
        first.compile(d, g)


def test_unknown_arguments_change_nothing():
    gan = small_gan()
    gan.compile(loss="hinge", discriminator_steps=2)
    with pytest.raises(ValueError, match="Did you mean `discriminator_penalties`"):
        gan.compile(loss="wasserstein", penalties=[])
    with pytest.raises(ValueError, match="Unknown loss"):
        gan.compile(loss="?", discriminator_steps=3)
    assert type(gan.loss).__name__ == "Hinge"
    assert gan.discriminator_steps == 2
    acgan = keras_gan.models.ACGAN(
        *architectures.dcgan(
            (8, 8, 1), 4, num_classes=3, width=2, conditioning="auxiliary"
        ),
        num_classes=3,
    )
    with pytest.raises(ValueError, match="no argument .'class_weight'"):
        acgan.compile(class_weight=1.0, generator_class_weight=2.0)
    assert not hasattr(acgan, "generator_class_weight")


class TestClasses:
    @pytest.mark.parametrize("conditioning", ["projection", "concatenation"])
    def test_networks_of_fewer_classes(self, conditioning):
        def pair(num_classes):
            return architectures.dcgan(
                (8, 8, 1), 4, num_classes, width=2, conditioning=conditioning
            )

        with pytest.raises(ValueError, match="generator knows 5 .* 10 were asked for"):
            keras_gan.GAN(*pair(5), num_classes=10)
        with pytest.raises(ValueError, match="discriminator knows 5 classes"):
            keras_gan.GAN(pair(10)[0], pair(5)[1], num_classes=10)
        keras_gan.GAN(*pair(10), num_classes=10)

    def test_one_hot_and_networks_in_networks(self):
        labels, latents = keras.Input((), dtype="int32"), keras.Input((4,))
        code = keras.Input((), dtype="int32")
        for coded in (
            keras.ops.one_hot(labels, 3),
            keras.Model(code, layers.Embedding(3, 2)(code))(labels),
            layers.CategoryEncoding(3, "one_hot")(layers.Reshape((1,))(labels)),
        ):
            x = layers.Dense(6)(layers.Concatenate()([latents, coded]))
            discriminator = architectures.mlp((6,), 4, 5)[1]
            with pytest.raises(ValueError, match="generator knows 3 classes"):
                keras_gan.GAN(
                    keras.Model([latents, labels], x), discriminator, num_classes=5
                )


class TestWeights:
    """Losses are of whole batches, so weights of examples would do nothing."""

    def test_arguments(self):
        gan = small_gan()
        gan.compile(metrics=[_distance()])
        ones = np.ones(8)
        for call in (
            lambda: gan.fit(DATA, sample_weight=ones, verbose=0),
            lambda: gan.fit(DATA, validation_data=(DATA, None, ones), verbose=0),
            lambda: gan.train_on_batch(DATA, sample_weight=ones),
            lambda: gan.evaluate(DATA, sample_weight=ones),
        ):
            with pytest.raises(ValueError, match="`sample_weight` was passed.*Sample"):
                call()
        with pytest.raises(ValueError, match="`class_weight` was passed"):
            gan.fit(DATA, class_weight={0: 1.0}, verbose=0)
        assert int(gan.optimizer.iterations) == 0

    def test_datasets_that_yield_them(self):
        gan = small_gan(num_classes=2)
        gan.compile()

        class Triples(keras.utils.PyDataset):
            def __len__(self):
                return 1

            def __getitem__(self, index):
                return DATA, np.zeros(8, "int32"), np.ones(8, "float32")

        with pytest.raises(ValueError, match="Sample weights, if the third is one"):
            gan.fit(Triples(), verbose=0)
        assert int(gan.optimizer.iterations) == 0
        gan.fit(DATA, np.zeros(8, "int32"), verbose=0)


def _distance():
    raw = keras_gan.metrics.RawSamples()
    return keras_gan.metrics.KernelDistance(raw, subset_size=4)
