"""FastGAN: little data and little time, without a pretrained network."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.recipes import both_players, ema, metrics_over

# Published: widths of 64, batches of 8, a decay of 0.999 a step.
NETWORKS = {"latent_dim": 256, "width": 16}
COMPILE = {
    **both_players(
        Make(
            "keras.optimizers.Adam",
            {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999},
        )
    ),
    "loss": "hinge",
    "share_fakes": True,
    "augment": Make("augment.DiffAugment", {"policy": ("color", "translation")}),
    **ema(5_500),
}

PRESETS = (
    Preset(
        "fastgan",
        "FastGAN: skip-layer excitation, and a D that reconstructs what it sees.",
        Make("architectures.fastgan", NETWORKS),
        COMPILE,
        model="FastGAN",
        batch_size=16,
        num_images=400_000,
    ),
    Preset(
        "fastgan_emoji_64",
        "FastGAN on 3,400 colour drawings, without pretrained features.",
        Make("architectures.fastgan", {"image_shape": (64, 64, 3), **NETWORKS}),
        COMPILE,
        model="FastGAN",
        dataset="emoji",
        batch_size=16,
        num_images=80_000,  # about an hour of one core
        metrics=metrics_over("EmojiClassifier", "FrechetDistance"),
        note="measured, and not shipped: its weights take 27 MB",
    ),
)
