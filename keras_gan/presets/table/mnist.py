"""MNIST, 28 x 28 digits."""

import math

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.recipes import (
    R1_ONLY,
    adam_cosine,
    both_players,
    ema,
    metrics_over,
)
from keras_gan.presets.table.small import PROJECTION, small_dcgan

GREY = (28, 28, 1)
MNIST = metrics_over("MNISTClassifier", "FrechetDistance", "PrecisionRecall")
STEPS_2014 = 250 * 500  # epochs of 50,000 images in batches of 100

PRESETS = (
    Preset(
        "mlp_mnist",
        "Multilayer perceptrons on digits, after the first GAN of 2014.",
        Make(
            "architectures.mlp",
            {
                "data_shape": GREY,
                "latent_dim": 64,
                "generator_units": (512, 512),
                "discriminator_units": (512, 256),
            },
        ),
        {
            **adam_cosine(5e-4),
            "discriminator_penalties": R1_ONLY,
            "share_fakes": True,
            **ema(20_000),
        },
        dataset="mnist",
        num_images=6_000_000,
        metrics=MNIST,
    ),
    Preset(
        "mlp_2014_mnist",
        "The first GAN, with the settings of its authors' code: SGD with momentum, "
        "uniform prior, maxout.",
        Make("architectures.mlp_2014", {"image_shape": GREY, "latent_dim": 100}),
        {
            **both_players(
                Make(
                    "optimizers.ScheduledSGD",
                    {
                        # Divided by 1.000004 at every update, and 1e-6 at least.
                        "learning_rate": Make(
                            "optimizers.GeometricDecay",
                            {"start": 0.1, "factor": 1.000004, "minimum": 1e-6},
                        ),
                        "momentum": Make(
                            "keras.optimizers.schedules.PolynomialDecay",
                            {
                                "initial_learning_rate": 0.5,
                                "decay_steps": STEPS_2014,
                                "end_learning_rate": 0.7,
                            },
                        ),
                    },
                )
            ),
            "loss": Make("losses.NonSaturating", {"discriminator_weight": 0.5}),
        },
        prior=Make(
            "latents.Uniform",
            {"latent_dim": 100, "low": -math.sqrt(3), "high": math.sqrt(3)},
        ),
        dataset="mnist",
        data={"num_images": 50_000},
        batch_size=100,
        num_images=100 * STEPS_2014,
        metrics=MNIST,
        initializer="pixel_marginals",
        note="untrained here: 250 epochs, as published",
    ),
    small_dcgan("dcgan_mnist", "A narrow DCGAN with R1 on digits.", "mnist", MNIST),
    small_dcgan(
        "cgan_mnist",
        "A narrow DCGAN that is told which digit to draw; D projects the label.",
        "mnist",
        MNIST,
        **PROJECTION,
    ),
)
