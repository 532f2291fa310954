"""Stacked MNIST, three digits in three channels: a thousand modes."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.recipes import adam_cosine, ema
from keras_gan.presets.table.small import small_dcgan, small_r3gan

STACKED = (28, 28, 3)
MODES = (
    Make(
        "metrics.ModeCoverage",
        {
            "extractor": Make(
                "metrics.PerChannel", {"extractor": Make("metrics.MNISTClassifier")}
            )
        },
    ),
)

PRESETS = (
    small_dcgan(
        "dcgan_stacked_mnist",
        "A narrow DCGAN with R1 on three digits at once, a thousand modes.",
        "stacked_mnist",
        MODES,
        image_shape=STACKED,
    ),
    small_r3gan(
        "r3gan_stacked_mnist",
        "A narrow R3GAN on three digits at once, a thousand modes.",
        "stacked_mnist",
        STACKED,
        width=(96, 32),
        rate=1e-3,
        weight=CosineRamp(1.0, 0.1),
        batch_size=64,
        num_images=600_000,
        metrics=MODES,
    ),
    Preset(
        "pacgan_stacked_mnist",
        "A DCGAN whose discriminator sees two images together.",
        Make(
            "architectures.dcgan",
            {
                "image_shape": STACKED,
                "latent_dim": 100,
                "width": 32,
                "kernel_size": 4,
                "num_packed": 2,
            },
        ),
        {
            **adam_cosine(2e-4, end=None, beta_1=0.5, beta_2=0.999),
            "share_fakes": True,
            **ema(20_000),
        },
        dataset="stacked_mnist",
        batch_size=128,
        num_images=1_000_000,
        metrics=MODES,
    ),
)
