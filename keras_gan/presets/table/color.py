"""Colour images; the large data sets have R3GAN's published networks and schedules."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.recipes import ema, metrics_over, r3gan
from keras_gan.presets.table.small import small_r3gan

UNTRAINED = "untrained here: needs a GPU"
PUBLISHED = "The settings are the authors', but for the precision, which is the run's."


def _published(weight, augmentation, half_life):
    """The published settings; a batch holds a minibatch for each player."""
    return {
        **r3gan(*weight, share=0.1),
        "fresh_reals_for_generator": True,
        "augment": Make(
            "augment.ScheduledAugment",
            {
                "schedule": CosineRamp(0.0, augmentation, 0.1),
                "operations": {
                    "blit": 1.0,
                    "geometry": 1.0,
                    "color": 0.5,
                    "cutout": 1.0,
                },
                "interpolation": "wavelet",
            },
        ),
        **ema(CosineRamp(0.0, half_life, 0.1)),
    }


PRESETS = (
    small_r3gan(
        "r3gan_emoji_64",
        "R3GAN on 3,400 colour drawings: little data, with augmentation.",
        "emoji",
        (64, 64, 3),
        width=(96, 64, 32, 16),
        rate=1e-3,
        weight=CosineRamp(1.0, 0.1),
        compile={"augment": Make("augment.AdaptiveAugment", {"ramp_images": 100_000})},
        batch_size=32,
        num_images=200_000,
        metrics=metrics_over("EmojiClassifier", "FrechetDistance"),
        # Patches that do not overlap leave a pattern on even surfaces.
        finish=Make("architectures.smooth_patches"),
    ),
    Preset(
        "r3gan_cifar10",
        "R3GAN for CIFAR-10, conditional, with its published settings.",
        Make(
            "architectures.r3gan",
            {
                "image_shape": (32, 32, 3),
                "latent_dim": 64,
                "num_classes": 10,
                "width": (768, 768, 768, 768),
                "num_blocks": 2,
            },
        ),
        _published((0.05, 0.005), augmentation=0.55, half_life=5_000_000),
        dataset="cifar10",
        data={"augment": "horizontal_flip"},
        batch_size=2 * 512,
        num_images=2 * 200_000_000,
        note=f"{UNTRAINED}. {PUBLISHED}",
    ),
    Preset(
        "r3gan_ffhq_64",
        "R3GAN for faces of 64 x 64, with its published settings.",
        Make(
            "architectures.r3gan",
            {
                "image_shape": (64, 64, 3),
                "latent_dim": 64,
                "width": (768, 768, 768, 768, 384),
                "num_blocks": 2,
            },
        ),
        _published((2.0, 0.2), augmentation=0.3, half_life=500_000),
        dataset="ffhq",
        data={"size": (64, 64), "augment": "horizontal_flip"},
        batch_size=2 * 256,
        num_images=2 * 200_000_000,
        note=f"{UNTRAINED}, and a folder of faces as `--data`. {PUBLISHED}",
    ),
)
