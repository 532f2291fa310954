"""Projected GAN: a discriminator that sees through frozen ImageNet features."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.recipes import adam_cosine, ema, metrics_over

SHAPE = (64, 64, 3)

# The paper resizes to 224 and has a width of 64: eighty times the cost of this for D.
PROJECTED_64 = {
    "generator": Make(
        "architectures.dcgan_generator",
        {"image_shape": SHAPE, "latent_dim": 256, "width": 32, "kernel_size": 4},
    ),
    "discriminator": Make(
        "architectures.projected_discriminator",
        {"image_shape": SHAPE, "width": 16, "feature_size": 64},
    ),
}

PRESETS = (
    Preset(
        "projected_emoji_64",
        "Projected GAN on 3,400 colour drawings: D sees through ImageNet features.",
        PROJECTED_64,
        {
            **adam_cosine(5e-4, end=None),
            "loss": "hinge",
            "share_fakes": True,
            "augment": Make("augment.DiffAugment"),
            **ema(10_000),
        },
        dataset="emoji",
        batch_size=32,
        num_images=200_000,
        metrics=metrics_over("EmojiClassifier", "FrechetDistance"),
        note="untrained so far, and needs the package of the extra `imagenet`",
    ),
)
