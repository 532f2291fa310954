"""A layer that draws at inference, for tests that a seed is a picture."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class PixelNoise(layers.Layer):
    """Adds noise at inference too, as StyleGAN does."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1)

    def call(self, inputs):
        noise = keras.random.normal(ops.shape(inputs), seed=self.seed_generator)
        return inputs + noise
