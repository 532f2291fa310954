"""Colour images; the large data sets have R3GAN's published networks and schedules."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.recipes import ema, metrics_over, r3gan
from keras_gan.presets.table.small import small_r3gan

UNTRAINED = "untrained here: needs a GPU"
DIFFERENCES = (
    "It differs from the authors' runs in four points: images are not mirrored, the "
    "augmentation interpolates linearly and not with a longer filter, a step of the "
    "generator has the discriminator's batch of real images and not one of its own, "
    "and the precision is that of the run."
)


def _ramped_augment(end):
    operations = {"blit": 1.0, "geometry": 1.0, "color": 0.5, "cutout": 1.0}
    settings = {"schedule": CosineRamp(0.0, end, 0.1), "operations": operations}
    return {"augment": Make("augment.ScheduledAugment", settings)}


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
    ),
    Preset(
        "r3gan_cifar10",
        "R3GAN for CIFAR-10, conditional, close to its published settings.",
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
        {
            **r3gan(0.05, 0.005, share=0.1),
            **_ramped_augment(0.55),
            **ema(CosineRamp(0.0, 5_000_000, 0.1)),
        },
        dataset="cifar10",
        batch_size=512,
        num_images=200_000_000,
        note=f"{UNTRAINED}. {DIFFERENCES}",
    ),
    Preset(
        "r3gan_ffhq_64",
        "R3GAN for faces of 64 x 64, close to its published settings.",
        Make(
            "architectures.r3gan",
            {
                "image_shape": (64, 64, 3),
                "latent_dim": 64,
                "width": (768, 768, 768, 768, 384),
                "num_blocks": 2,
            },
        ),
        {
            **r3gan(2.0, 0.2, share=0.1),
            **_ramped_augment(0.3),
            **ema(CosineRamp(0.0, 500_000, 0.1)),
        },
        dataset="ffhq",
        data={"size": (64, 64)},
        batch_size=256,
        num_images=200_000_000,
        note=f"{UNTRAINED}, and a folder of faces as `--data`. {DIFFERENCES}",
    ),
)
