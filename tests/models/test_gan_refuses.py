"""Networks and settings that cannot play are refused, with the way to mend them."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan
from keras_gan import architectures

pytestmark = pytest.mark.backends(
    "torch", reason="messages: no backend code, and torch builds fastest"
)


def small_pair(num_classes=None):
    return architectures.mlp((6,), 4, num_classes, (8,), (8,))


def small_gan(num_classes=None, **kwargs):
    return keras_gan.GAN(*small_pair(num_classes), num_classes=num_classes, **kwargs)


class TestBadNetworks:
    def test_shapes_that_do_not_fit(self):
        generator, _ = architectures.mlp((6,), 4)
        _, discriminator = architectures.mlp((5,), 4)
        with pytest.raises(ValueError, match=r"shape \(6,\).* takes \(5,\)"):
            keras_gan.GAN(generator, discriminator)

    def test_prior_of_another_size(self):
        with pytest.raises(ValueError, match=r"latents of shape \(4,\).*draws \(7,\)"):
            small_gan(prior=keras_gan.latents.Normal(7))

    @pytest.mark.parametrize("name", ["sigmoid", "tanh", "softmax"])
    def test_probabilities_for_logits(self, name):
        for last in (
            [layers.Dense(1, activation=name)],
            [layers.Dense(1), layers.Activation(name)],
            [keras.Sequential([layers.Dense(1, activation=name)])],
        ):
            discriminator = keras.Sequential([keras.Input((6,)), *last])
            with pytest.raises(ValueError, match=f"ends in a {name}.*LOGITS"):
                keras_gan.GAN(small_pair()[0], discriminator)

    def test_several_logits(self):
        discriminator = keras.Sequential([keras.Input((6,)), layers.Dense(10)])
        with pytest.raises(ValueError, match=r"\(None, 10\).*one logit"):
            keras_gan.GAN(small_pair()[0], discriminator)

    def test_no_model(self):
        with pytest.raises(ValueError, match=r"must be a `keras.Model`.*str"):
            keras_gan.GAN("generator", small_pair()[1])

    def test_labels_without_num_classes(self):
        with pytest.raises(ValueError, match=r"two inputs.*num_classes=10"):
            keras_gan.GAN(*small_pair(num_classes=3))
        with pytest.raises(ValueError, match="generator has one input"):
            keras_gan.GAN(*small_pair(), num_classes=3)

    def test_unknown_latent_size(self):
        class Mystery(keras.Model):
            def call(self, latents):
                return latents

        with pytest.raises(ValueError, match="Pass the prior"):
            keras_gan.GAN(Mystery(), small_pair()[1])


class TestBadSettings:
    def test_one_optimizer_for_two(self):
        adam = keras.optimizers.Adam()
        with pytest.raises(ValueError, match="an optimizer of its own"):
            small_gan().compile(adam, adam)

    @pytest.mark.parametrize("k", [0, -1, 1.5])
    def test_number_of_steps(self, k):
        with pytest.raises(ValueError, match=f"at least 1. Received: {k}"):
            small_gan().compile(discriminator_steps=k)

    def test_shared_fakes_and_fresh_reals(self):
        with pytest.raises(ValueError, match="Pass one of them"):
            small_gan().compile(share_fakes=True, fresh_reals_for_generator=True)

    def test_unknown_loss(self):
        with pytest.raises(ValueError, match="Did you mean 'wasserstein'"):
            small_gan().compile(loss="waserstein")

    def test_things_of_another_kind(self):
        with pytest.raises(ValueError, match="list of penalties.*'r1'"):
            small_gan().compile(discriminator_penalties=["r1"])
        with pytest.raises(ValueError, match=r"must be `keras_gan.EMA.*0.999"):
            small_gan().compile(ema=0.999)
        with pytest.raises(ValueError, match="must be a prior.*'normal'"):
            small_gan(prior="normal")
        gan = small_gan()
        gan.compile()
        with pytest.raises(ValueError, match="received no data"):
            gan.fit(None)

    def test_half_life(self):
        with pytest.raises(ValueError, match="must be positive. Received: 0"):
            keras_gan.EMA(0)

    def test_apply_on_the_pair(self):
        gan = small_gan()
        gan.compile()
        with pytest.raises(NotImplementedError, match=r"players\['generator'\]"):
            gan.optimizer.apply([])

    def test_generate(self):
        gan = small_gan()
        with pytest.raises(ValueError, match="integer of at least 1. Received: 0"):
            gan.generate(0)
        with pytest.raises(ValueError, match="not conditional"):
            gan.generate(2, labels=1)
        with pytest.raises(ValueError, match=r"\(2, 5\). Expected \(num_images, 4\)"):
            gan.synthesize(np.zeros((2, 5)))
        conditional = small_gan(num_classes=3)
        with pytest.raises(ValueError, match=r"from 0 to 3.*expected 0 to 2"):
            conditional.generate(4, labels=[0, 1, 2, 3])
        with pytest.raises(ValueError, match=r"\(3,\). Expected \(4,\)"):
            conditional.generate(4, labels=[0, 1, 2])
