"""keras.io's "DCGAN to generate face images", written anew, for 28 x 28 images.

The page's networks are for 64 x 64 faces; here one halving is left out of each, the
rest is as there. In G it is the first, to 128 channels; `widths` of (128, 256) leave
out the last instead, whose 512 channels at full resolution are most of its cost. D: 4 x
4 convolutions with stride 2 and LeakyReLU(0.2) to 64 and 128 channels, flattened,
dropout 0.2, dense with a sigmoid. G: dense to 7 x 7 x 128, 4 x 4 transposed
convolutions with stride 2 and LeakyReLU(0.2) to 256 and 512 channels, a 5 x 5
convolution with a sigmoid. No normalisation. Latents of 128 from a normal, batches of
32, images in [0, 1], Adam with 1e-4 for both networks, cross-entropy with fake as 1,
and 0.05 times uniform noise added to D's targets. D's step takes fakes and reals in one
batch; G's step draws new latents. float32, through `fit`.
"""

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

LATENT_DIM, BATCH_SIZE = 128, 32


def generator(widths=(256, 512)):
    return keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(7 * 7 * 128),
            layers.Reshape((7, 7, 128)),
            *_up(widths[0]),
            *_up(widths[1]),
            layers.Conv2D(1, 5, padding="same", activation="sigmoid"),
        ]
    )


def _up(filters):
    up = layers.Conv2DTranspose(filters, 4, strides=2, padding="same")
    return up, layers.LeakyReLU(0.2)


def discriminator():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Conv2D(128, 4, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


class Recipe(keras.Model):
    """The page's `keras.Model` with its own `train_step`."""

    def __init__(self, widths):
        super().__init__()
        self.generator, self.discriminator = generator(widths), discriminator()
        self.random = keras.random.SeedGenerator()
        self.losses_seen = [keras.metrics.Mean(name=f"{x}_loss") for x in "dg"]
        self.built = True

    @property
    def metrics(self):
        return self.losses_seen

    def compile(self):
        super().compile()
        self.g_optimizer = keras.optimizers.Adam(1e-4)
        self.d_optimizer = keras.optimizers.Adam(1e-4)
        self.cross_entropy = keras.losses.BinaryCrossentropy()

    def train_step(self, real):
        num = ops.shape(real)[0]
        fake = self.generator(self.latents(num), training=True)
        both = ops.concatenate([fake, real])
        targets = ops.concatenate([ops.ones((num, 1)), ops.zeros((num, 1))])
        targets += 0.05 * keras.random.uniform(ops.shape(targets), seed=self.random)
        with tf.GradientTape() as tape:
            chances = self.discriminator(both, training=True)
            d_loss = self.cross_entropy(targets, chances)
        weights = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(d_loss, weights), weights)

        latents = self.latents(num)
        with tf.GradientTape() as tape:
            chances = self.discriminator(self.generator(latents, training=True))
            g_loss = self.cross_entropy(ops.zeros((num, 1)), chances)
        weights = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(g_loss, weights), weights)
        for seen, loss in zip(self.losses_seen, (d_loss, g_loss), strict=True):
            seen.update_state(loss)
        return {seen.name: seen.result() for seen in self.losses_seen}

    def latents(self, num):
        return keras.random.normal((num, LATENT_DIM), seed=self.random)


class _StopAt(keras.callbacks.Callback):
    def __init__(self, time):
        super().__init__()
        self.time = time
        self.num_steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.num_steps += 1
        if time.perf_counter() > self.time:
            self.model.stop_training = True


def train(images, seconds, seed, widths=(256, 512)):
    stop = _StopAt(time.perf_counter() + seconds)
    keras.utils.set_random_seed(seed)
    model = Recipe(widths)
    model.compile()
    data = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images), seed=seed)
    data = data.repeat().batch(BATCH_SIZE).map(lambda x: tf.cast(x, "float32") / 255)
    steps = 10**9  # until the time is up
    model.fit(
        data.prefetch(2),
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[stop],
    )

    def draw(num):
        latents = np.random.default_rng(seed).normal(size=(num, LATENT_DIM))
        images = model.generator.predict(latents.astype("float32"), verbose=0)
        return 2 * images - 1

    return draw, stop.num_steps * BATCH_SIZE
