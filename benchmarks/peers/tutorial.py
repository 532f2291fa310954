"""TensorFlow's DCGAN tutorial, written anew: networks, loop and settings.

G: dense to 7 x 7 x 256, then transposed 5 x 5 convolutions to 128 (stride 1), 64
(stride 2) and 1 channel (stride 2), batch normalisation and LeakyReLU(0.3) between
them, no biases, tanh. D: 5 x 5 convolutions to 64 and 128 channels (stride 2), each
with LeakyReLU(0.3) and dropout 0.3, then a dense layer to one logit. Latents of 100
from a normal, batches of 256, shuffled anew in every epoch, images in [-1, 1], Adam
with 1e-4 for both networks, cross-entropy, both networks updated at once from one
forward pass in one `tf.function`. float32. The tutorial has no moving average of the
weights; `half_life`, in images, gives its generator Keras' own.
"""

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

LATENT_DIM, BATCH_SIZE = 100, 256


def generator():
    return keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            _up(128, 1),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            _up(64, 2),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            _up(1, 2, activation="tanh"),
        ]
    )


def _up(filters, strides, **kwargs):
    return layers.Conv2DTranspose(
        filters, 5, strides=strides, padding="same", use_bias=False, **kwargs
    )


def discriminator():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def train(images, seconds, seed, half_life=None):
    start = time.perf_counter()
    keras.utils.set_random_seed(seed)
    players = {"g": generator(), "d": discriminator()}
    optimizers = {name: keras.optimizers.Adam(1e-4) for name in players}
    if half_life:
        momentum = 0.5 ** (BATCH_SIZE / half_life)
        optimizers["g"] = keras.optimizers.Adam(
            1e-4, use_ema=True, ema_momentum=momentum
        )
    for name, optimizer in optimizers.items():
        optimizer.build(players[name].trainable_variables)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(real):
        latents = tf.random.normal([BATCH_SIZE, LATENT_DIM])
        with tf.GradientTape(persistent=True) as tape:
            fake = players["g"](latents, training=True)
            on_real = players["d"](real, training=True)
            on_fake = players["d"](fake, training=True)
            losses = {
                "g": loss(tf.ones_like(on_fake), on_fake),
                "d": loss(tf.ones_like(on_real), on_real)
                + loss(tf.zeros_like(on_fake), on_fake),
            }
        for name, player in players.items():
            weights = player.trainable_variables
            optimizers[name].apply(tape.gradient(losses[name], weights), weights)

    data = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images), seed=seed)
    data = (
        data.repeat().batch(BATCH_SIZE).map(lambda x: tf.cast(x, "float32") / 127.5 - 1)
    )
    num_images = 0
    for batch in data.prefetch(2):
        step(batch)
        num_images += BATCH_SIZE
        if time.perf_counter() - start > seconds:
            break
    if half_life:
        optimizers["g"].finalize_variable_values(players["g"].trainable_variables)

    def draw(num):
        latents = np.random.default_rng(seed).normal(size=(num, LATENT_DIM))
        return players["g"].predict(latents.astype("float32"), verbose=0)

    return draw, num_images
