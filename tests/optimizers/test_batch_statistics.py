"""Batch statistics of the averaged generator: by hand, in training, and refusals."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import architectures
from keras_gan.layers import ConditionalBatchNormalization, NoiseInjection
from keras_gan.layers import SpectralNormalization as Spectral
from keras_gan.optimizers import recompute_batch_statistics

pytestmark = pytest.mark.usefixtures("eager")

DATA = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")


def number(tensor):
    return ops.convert_to_numpy(tensor)


def test_by_hand_and_nothing_else_changes():
    keras.utils.set_random_seed(0)
    x = inputs = keras.Input((3,))
    x = Spectral(layers.Dense(12))(x)
    x = layers.Reshape((2, 2, 3))(x)
    before = keras.Model(inputs, x)
    x = keras_gan.layers.BatchNormalization(name="norm")(x)
    x = NoiseInjection(name="noise")(x)
    network = keras.Model(inputs, layers.BatchNormalization()(x))
    network.trainable = False
    batches = np.random.default_rng(0).normal(size=(3, 20, 3)).astype("float32")
    others = [w for w in network.weights if "moving" not in w.path]
    values = [number(w).copy() for w in others]
    seed = number(network.get_layer("noise").seed_generator.state).copy()
    assert recompute_batch_statistics(network, batches) == 2

    for old, new in zip(values, others, strict=True):
        np.testing.assert_array_equal(number(new), old)
    state = number(network.get_layer("noise").seed_generator.state)
    np.testing.assert_array_equal(state, seed)
    assert network.trainable_variables == []
    norm = network.get_layer("norm")
    assert norm.momentum == 0.99
    seen = []
    for batch in batches:  # u takes a step in training, from where it is
        with keras.StatelessScope():
            seen.append(number(before(batch, training=True)).reshape((-1, 3)))
    for found, expected in (
        (norm.moving_mean, [x.mean(0) for x in seen]),
        (norm.moving_variance, [x.var(0) for x in seen]),
    ):
        expected = np.mean(expected, 0)
        # Some kernels divide by n - 1.
        np.testing.assert_allclose(number(found), expected, rtol=0.02, atol=1e-6)


def gan(ema, **kwargs):
    keras.utils.set_random_seed(0)
    networks = architectures.dcgan((8, 8, 1), 4, width=2, **kwargs)
    made = keras_gan.GAN(*networks, num_classes=kwargs.get("num_classes"), seed=0)
    rates = [keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)]
    made.compile(*rates, ema=ema)
    return made


def statistics(network):
    return [number(w).copy() for w in network.weights if "moving" in w.path]


@pytest.mark.backends("torch", reason="when: no backend code; all compute them below")
def test_at_the_end_of_every_epoch():
    """Samples of the user's callbacks are of the new statistics; training as before."""
    seen = []
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: seen.append(statistics(made.ema_generator))
    )
    weights = []
    for recompute_images in (0, 100):
        made = gan(keras_gan.EMA(1000, recompute_images=recompute_images))
        callbacks = [callback] * bool(recompute_images)
        made.fit(DATA, batch_size=4, epochs=2, verbose=0, callbacks=callbacks)
        weights.append([number(w).copy() for w in made.generator.weights])
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)
    last = statistics(made.ema_generator)
    made.recompute_statistics()
    pairs = zip(seen[-1], last, statistics(made.ema_generator), strict=True)
    for at_callback, at_end, again in pairs:
        np.testing.assert_array_equal(at_callback, at_end)
        np.testing.assert_allclose(at_end, again, rtol=1e-6)
    copied = statistics(made.generator)
    assert any(not np.allclose(a, b) for a, b in zip(last, copied, strict=True))


def test_classes_and_evaluation():
    made = gan(keras_gan.EMA(1000, recompute_images=8), num_classes=3)
    layer = next(
        each
        for each in made.ema_generator.layers
        if isinstance(each, ConditionalBatchNormalization | layers.BatchNormalization)
    )
    before = statistics(made.ema_generator)
    made.sampler_for_metrics()
    after = statistics(made.ema_generator)
    assert layer.trainable is False
    assert all(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_refusals():
    with pytest.raises(ValueError, match="There is no batch"):
        recompute_batch_statistics(gan(None).generator, [])
    with pytest.raises(ValueError, match="recompute_images.*Received: -1"):
        keras_gan.EMA(100, recompute_images=-1)
    condition = keras_gan.conditions.Vector(2)
    latents, given = keras.Input((4,)), keras.Input((2,))
    x = layers.Dense(2)(layers.Concatenate()([latents, given]))
    generator = keras.Model([latents, given], x)
    data = keras.Input((2,))
    discriminator = keras.Model(
        [data, given], layers.Dense(1)(layers.Concatenate()([data, given]))
    )
    made = keras_gan.GAN(generator, discriminator, condition=condition)
    with pytest.raises(ValueError, match=r"without a condition.*Received: Vector"):
        made.compile(ema=keras_gan.EMA(100, recompute_images=64))
