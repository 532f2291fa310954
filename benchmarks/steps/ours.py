"""`keras_gan.GAN` through `gan.fit`.

The networks are the same layers with the same weights as in all programs. Convolutions,
batch normalisation and dropout are those of `keras_gan.layers`, which compute what
Keras' own do at less cost; `keras_layers=True` takes Keras' own, to measure the
difference.

"simultaneous" is the algorithm of TensorFlow's tutorial, "algorithm_1" the default
of the package.
"""

import keras_gan

import keras

from steps import data, keras_nets
from steps.fit import Fit

GAN, SimultaneousGAN = keras_gan.GAN, keras_gan.models.SimultaneousGAN
VARIANTS = {
    "simultaneous": (SimultaneousGAN, {}),
    "share_fakes": (GAN, {"share_fakes": True}),
    "algorithm_1": (GAN, {}),
    "r1": (SimultaneousGAN, {"discriminator_penalties": [keras_gan.penalties.R1(1.0)]}),
}


def build(
    nets,
    batch_size,
    dtype,
    variant="simultaneous",
    keras_layers=False,
    verbose=0,
    as_bytes=False,
    **compile_settings,
):
    layers = keras.layers if keras_layers else keras_gan.layers
    networks = keras_nets.build(nets, dtype, layers)
    kind, settings = VARIANTS[variant]
    gan = kind(*networks)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-4),
        generator_optimizer=keras.optimizers.Adam(1e-4),
        **settings,
        **compile_settings,
    )
    at_once = compile_settings.get("steps_per_execution", 1)
    return Fit(gan, data.resident(nets, batch_size, as_bytes), at_once, verbose)
