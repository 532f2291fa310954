"""Every model: one on small networks, and what it learns from."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

import keras_gan
from catalogue.objects import PRIORS
from keras_gan import architectures, layers, models, tables


@dataclass
class ModelCase:
    """A model on small networks, and what it learns from."""

    make: Callable  # from nothing to a model that is not compiled
    shape: tuple
    num_classes: int | None = None
    targets: tuple | None = None  # the shape of the images that it translates to
    moves_a_part: bool = False  # of its networks in a step, as one that grows
    has_average: bool = True  # whether it takes `ema`
    generates_classes: bool = True  # whether labels say what to generate, too


def _points(num_classes=None, **kwargs):
    return architectures.mlp((5,), 6, num_classes, (8,), (8,), **kwargs)


def _sliced(num_classes=None):
    generator, discriminator = _points(num_classes)
    return generator, architectures.san_discriminator(discriminator)


def _few_labels():
    generator, discriminator = _points()
    discriminator = architectures.semi_supervised_discriminator(discriminator, 3)
    return models.SemiSupervisedGAN(generator, discriminator, seed=0)


def _translator(shape, channels):
    x = inputs = keras.Input(shape)
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32")(
        x
    )
    return keras.Model(inputs, x)


def _patches(*shapes):
    inputs = [keras.Input(shape) for shape in shapes]
    x = inputs[0] if len(inputs) == 1 else keras.layers.Concatenate()(inputs)
    x = keras.layers.LeakyReLU(0.2)(layers.Conv2D(4, 4, strides=2)(x))
    x = layers.Conv2D(1, 2, dtype="float32")(x)
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, x)


def _coupled():
    return models.CoGAN(*architectures.cogan((8, 16, 1), 6, width=4, units=8), seed=0)


def _drawing():
    """A FastGAN of one layer each: tests/architectures trains those of the paper."""
    latents, images = keras.Input((6,)), keras.Input((8, 8, 1))
    x = keras.layers.Dense(64, activation="tanh", dtype="float32")(latents)
    generator = keras.Model(latents, keras.layers.Reshape((8, 8, 1))(x))
    maps = layers.Conv2D(4, 3, 2, padding="same", activation="leaky_relu")(images)
    outputs = [keras.layers.Dense(1, dtype="float32")(maps) for _ in range(3)]
    return models.FastGAN(generator, keras.Model(images, outputs), seed=0)


def _coded():
    prior = PRIORS["NoiseAndCodes"]()
    data = keras.Input((5,))
    features = layers.Maxout(8, 2)(data)
    outputs = [keras.layers.Dense(n, dtype="float32")(features) for n in (1, 3)]
    discriminator = keras.Model(data, outputs)
    generator = architectures.mlp_generator((5,), 6, None, (8,))
    return models.InfoGAN(generator, discriminator, prior, seed=0)


def _grown():
    networks = architectures.progressive((8, 8, 1), 6, width=16, growing=True)
    model = models.ProgressiveGAN(*networks, seed=0)
    model.whole_generator()
    return model


def _tabular():
    rng = np.random.default_rng(0)
    number = tables.NumberColumn.fit(rng.normal(size=100))
    columns = [tables.Column(name, "number", "float64") for name in "ab"]
    codec = tables.TableCodec(columns, dict.fromkeys("ab", number), {}, np.eye(2), 100)
    return models.TabularGAN(codec, *architectures.tabular(codec, (8,), 6), seed=0)


def _autoencoder():
    networks = architectures.mlp_vae((5,), 6, (8,), (8,))
    return models.VAE(*networks, likelihood="gaussian", seed=0)


def _flow():
    """An encoder with a context, and a posterior whose latents follow each other."""
    data = keras.Input((5,))
    outputs = [keras.layers.Dense(n, dtype="float32")(data) for n in (12, 3)]
    posterior = architectures.vae_posterior(6, context=3, units=8)
    generator = architectures.mlp_vae_generator((5,), 6, (8,))
    encoder = keras.Model(data, outputs)
    return models.VAE(
        encoder, generator, likelihood="gaussian", posterior=posterior, seed=0
    )


def _with_features():
    data = keras.Input((5,))
    features = layers.Maxout(8, 2)(data)
    near_zero = keras.initializers.RandomNormal(stddev=0.05)  # for nobody waits then
    head = keras.layers.Dense(1, kernel_initializer=near_zero, dtype="float32")
    outputs = [head(features), features]
    networks = architectures.mlp_vae((5,), 6, (8,), (8,))
    return models.VAEGAN(*networks, keras.Model(data, outputs), seed=0)


MODELS = {
    "ACGAN": ModelCase(
        lambda: models.ACGAN(
            *_points(3, conditioning="auxiliary"), num_classes=3, seed=0
        ),
        (5,),
        3,
    ),
    "CoGAN": ModelCase(_coupled, (8, 16, 1)),
    "CycleGAN": ModelCase(
        lambda: models.CycleGAN(
            *[_translator((6, 8, 2), 2) for _ in range(2)],
            *[_patches((6, 8, 2)) for _ in range(2)],
            seed=0,
        ),
        (6, 8, 2),
        targets=(6, 8, 2),
    ),
    "FastGAN": ModelCase(_drawing, (8, 8, 1)),
    "GAN": ModelCase(lambda: keras_gan.GAN(*_points(), seed=0), (5,)),
    "GAN: classes": ModelCase(
        lambda: keras_gan.GAN(*_points(3), num_classes=3, seed=0), (5,), 3
    ),
    "InfoGAN": ModelCase(_coded, (5,)),
    "Pix2Pix": ModelCase(
        lambda: models.Pix2Pix(
            _translator((6, 8, 1), 2), _patches((6, 8, 1), (6, 8, 2)), seed=0
        ),
        (6, 8, 1),
        targets=(6, 8, 2),
    ),
    "ProgressiveGAN": ModelCase(_grown, (8, 8, 1), moves_a_part=True),
    "SemiSupervisedGAN": ModelCase(_few_labels, (5,), 3, generates_classes=False),
    "SAN": ModelCase(lambda: models.SAN(*_sliced(), seed=0), (5,)),
    "SAN: classes": ModelCase(
        lambda: models.SAN(*_sliced(3), num_classes=3, seed=0), (5,), 3
    ),
    "SimultaneousGAN": ModelCase(
        lambda: models.SimultaneousGAN(*_points(), seed=0), (5,)
    ),
    "TabularGAN": ModelCase(_tabular, (32,)),
    "VAE": ModelCase(_autoencoder, (5,), has_average=False),
    "VAE: posterior": ModelCase(_flow, (5,), has_average=False),
    "VAEGAN": ModelCase(_with_features, (5,)),
}
