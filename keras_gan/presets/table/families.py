"""Families, to be adapted to data."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn
from keras_gan.presets.table.games import FADING, ZERO_CENTERED, r3gan
from keras_gan.presets.table.narrow import DCGAN

PRESETS = (
    Preset(
        "mlp",
        "Two multilayer perceptrons, for points, tables and small images.",
        "mlp",
        {"latent_dim": 64, "generator_units": (512, 512)},
        FADING | {"learning_rate": 5e-4},
        penalties=ZERO_CENTERED,
        turns={"share_fakes": True},
        half_life=10_000,
    ),
    Preset(
        "dcgan",
        "Strided convolutions under R1: fast, and rarely fails.",
        "dcgan",
        DCGAN,
        FADING | {"learning_rate": 5e-4},
        penalties=ZERO_CENTERED,
        turns={"share_fakes": True},
        half_life=20_000,
    ),
    Preset(
        "resnet",
        "SNGAN: residual blocks, spectral normalisation, hinge loss, k = 5.",
        "resnet",
        {"latent_dim": 128, "width": 64},
        {"learning_rate": BurnIn(2e-4, 0.0), "beta_1": 0.0, "beta_2": 0.9},
        loss="hinge",
        turns={"discriminator_steps": 5},
        half_life=10_000,
        batch_size=320,
    ),
    Preset(
        "r3gan",
        "R3GAN: relativistic pairing under R1 and R2, no normalisation.",
        "r3gan",
        {"latent_dim": 64, "width": 32, "num_blocks": 1},
        **r3gan(2.0, 0.2),
        augment=("AdaptiveAugment", {"ramp_images": 200_000}),
        turns={"share_fakes": True},
        half_life=BurnIn(0.0, 50_000, 0.5),
        batch_size=64,
    ),
)
