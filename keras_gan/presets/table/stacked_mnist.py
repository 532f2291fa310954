"""Stacked MNIST, three digits in three channels: a thousand modes."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn
from keras_gan.presets.table.narrow import narrow_dcgan, narrow_r3gan

STACKED = (28, 28, 3)
MODES = (("ModeCoverage", ("PerChannel", "MNISTClassifier")),)

PRESETS = (
    narrow_dcgan(
        "dcgan_stacked_mnist",
        "A narrow DCGAN under R1 on three digits at once, a thousand modes.",
        "stacked_mnist",
        MODES,
        image_shape=STACKED,
    ),
    narrow_r3gan(
        "r3gan_stacked_mnist",
        "A narrow R3GAN on three digits at once, a thousand modes.",
        "stacked_mnist",
        STACKED,
        width=(96, 32),
        rate=1e-3,
        weight=BurnIn(1.0, 0.1),
        batch_size=64,
        num_images=600_000,
        metrics=MODES,
    ),
    Preset(
        "pacgan_stacked_mnist",
        "A DCGAN whose discriminator judges two images together.",
        "dcgan",
        {
            "image_shape": STACKED,
            "latent_dim": 100,
            "width": 32,
            "kernel_size": 4,
            "num_packed": 2,
        },
        {"learning_rate": 2e-4, "beta_1": 0.5},
        turns={"share_fakes": True},
        half_life=20_000,
        dataset="stacked_mnist",
        batch_size=128,
        num_images=1_000_000,
        metrics=MODES,
    ),
)
