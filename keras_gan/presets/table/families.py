"""Families, to be adapted to data."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.recipes import R1_ONLY, adam_cosine, ema, r3gan
from keras_gan.presets.table.small import DCGAN

PRESETS = (
    Preset(
        "mlp",
        "Two multilayer perceptrons, for points, tables and small images.",
        Make("architectures.mlp", {"latent_dim": 64, "generator_units": (512, 512)}),
        {
            **adam_cosine(5e-4, end=None),
            "discriminator_penalties": R1_ONLY,
            "share_fakes": True,
            **ema(10_000),
        },
    ),
    Preset(
        "dcgan",
        "Strided convolutions with R1: fast, and rarely fails.",
        Make("architectures.dcgan", DCGAN),
        {
            **adam_cosine(5e-4, end=None),
            "discriminator_penalties": R1_ONLY,
            "share_fakes": True,
            **ema(20_000),
        },
    ),
    Preset(
        "resnet",
        "SNGAN: residual blocks, spectral normalisation, hinge loss, k = 5.",
        Make("architectures.resnet", {"latent_dim": 128, "width": 64}),
        {
            **adam_cosine(2e-4, beta_2=0.9),
            "loss": "hinge",
            "discriminator_steps": 5,
            **ema(10_000),
        },
        batch_size=320,
    ),
    Preset(
        "r3gan",
        "R3GAN: relativistic pairing with R1 and R2, no normalisation.",
        Make("architectures.r3gan", {"latent_dim": 64, "width": 32, "num_blocks": 1}),
        {
            **r3gan(2.0, 0.2),
            "augment": Make("augment.AdaptiveAugment", {"ramp_images": 200_000}),
            "share_fakes": True,
            **ema(CosineRamp(0.0, 50_000, 0.5)),
        },
        batch_size=64,
    ),
)
