"""The training loop of TensorFlow's DCGAN tutorial, written anew.

Settings of the tutorial: batch 256, latents of 100 from a normal, Adam with 1e-4
for both networks, cross-entropy on logits. In one `tf.function`: one pass of G,
one of D over the real and one over the generated images, both losses, both
gradients from two tapes, and then both updates.
"""

import keras
import numpy as np
import tensorflow as tf

from steps import data, keras_nets
from steps.loop import Loop


def build(nets, batch_size, dtype, jit_compile=None):
    generator, discriminator = keras_nets.build(nets, dtype)
    generator_optimizer = keras.optimizers.Adam(1e-4)
    discriminator_optimizer = keras.optimizers.Adam(1e-4)
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    for network, optimizer in (
        (generator, generator_optimizer),
        (discriminator, discriminator_optimizer),
    ):
        optimizer.build(network.trainable_variables)

    @tf.function(jit_compile=jit_compile)
    def train_step(images):
        noise = tf.random.normal([batch_size, nets.latent_dim])
        with tf.GradientTape() as generator_tape, tf.GradientTape() as critic_tape:
            fakes = generator(noise, training=True)
            real_logits = discriminator(images, training=True)
            fake_logits = discriminator(fakes, training=True)
            generator_loss = cross_entropy(tf.ones_like(fake_logits), fake_logits)
            real_loss = cross_entropy(tf.ones_like(real_logits), real_logits)
            fake_loss = cross_entropy(tf.zeros_like(fake_logits), fake_logits)
            discriminator_loss = real_loss + fake_loss
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(generator_loss, weights)
        generator_optimizer.apply_gradients(zip(gradients, weights, strict=True))
        weights = discriminator.trainable_variables
        gradients = critic_tape.gradient(discriminator_loss, weights)
        discriminator_optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return generator_loss, discriminator_loss

    batches = iter(data.resident(nets, batch_size))

    def steps(num_steps):
        for _ in range(num_steps):
            losses = train_step(next(batches))
        assert np.isfinite(losses).all()

    return Loop(steps)
