"""The recipe of keras.io's "DCGAN to generate face images", written anew.

A `keras.Model` with its own `train_step`, through `fit`. One pass of G makes the
fakes for D's step, which takes fakes and real images in one batch, with noise on
the targets (1 is fake). Then fresh latents go through G and the new D for G's
step. Adam with 1e-4 for both networks, cross-entropy.

Two things differ from the page, so that the work is equal: the networks are those
of all programs, so D returns logits; and `training=True` is passed, without which
Keras 3 would run batch normalisation and dropout as at inference.
"""

import keras
import tensorflow as tf
from keras import ops

from steps import data, keras_nets
from steps.fit import Fit


class Recipe(keras.Model):
    def __init__(self, generator, discriminator, latent_dim):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.latent_dim = latent_dim
        self.random = keras.random.SeedGenerator(0)
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.built = True

    def compile(self, d_optimizer, g_optimizer):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def train_step(self, images):
        num = ops.shape(images)[0]
        fakes = self.generator(self.latents(num), training=True)
        mixed = ops.concatenate([fakes, images])
        targets = ops.concatenate([ops.ones((num, 1)), ops.zeros((num, 1))])
        targets += 0.05 * keras.random.uniform(ops.shape(targets), seed=self.random)
        with tf.GradientTape() as tape:
            logits = self.discriminator(mixed, training=True)
            d_loss = self.cross_entropy(targets, logits)
        weights = self.discriminator.trainable_weights
        gradients = tape.gradient(d_loss, weights)
        self.d_optimizer.apply_gradients(zip(gradients, weights, strict=True))

        latents = self.latents(num)
        with tf.GradientTape() as tape:
            fakes = self.generator(latents, training=True)
            logits = self.discriminator(fakes, training=True)
            g_loss = self.cross_entropy(ops.zeros((num, 1)), logits)
        weights = self.generator.trainable_weights
        gradients = tape.gradient(g_loss, weights)
        self.g_optimizer.apply_gradients(zip(gradients, weights, strict=True))

        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def latents(self, num):
        return keras.random.normal((num, self.latent_dim), seed=self.random)


def build(nets, batch_size, dtype):
    model = Recipe(*keras_nets.build(nets, dtype), nets.latent_dim)
    model.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    return Fit(model, data.resident(nets, batch_size))
