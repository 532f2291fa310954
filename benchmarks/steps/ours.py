"""`keras_gan.GAN` through `gan.fit`: the one place that builds ours."""

import keras

import keras_gan
from steps import data, keras_nets
from steps.fit import Fit

VARIANTS = {
    "simultaneous": {"share_fakes": True},
    "share_fakes": {"share_fakes": True},
    "algorithm_1": {},
    "r1": {"share_fakes": True, "penalties": [keras_gan.penalties.R1(1.0)]},
}


def build(
    nets, batch_size, dtype, variant="simultaneous", verbose=0, **compile_settings
):
    gan = keras_gan.GAN(*keras_nets.build(nets, dtype))
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-4),
        generator_optimizer=keras.optimizers.Adam(1e-4),
        **VARIANTS[variant],
        **compile_settings,
    )
    at_once = compile_settings.get("steps_per_execution", 1)
    return Fit(gan, data.resident(nets, batch_size), at_once, verbose)
