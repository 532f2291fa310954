"""Translation of images: CycleGAN without pairs, pix2pix with them."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import ConstantThenLinear, Make
from keras_gan.presets.table.recipes import both_players

CYCLEGAN = {
    "model": "CycleGAN",
    "network_names": (
        "generator_ab",
        "generator_ba",
        "discriminator_a",
        "discriminator_b",
    ),
    "generators": {"a_to_b": "generator_ab", "b_to_a": "generator_ba"},
    "loader": "unpaired",
}
PIX2PIX = {
    "model": "Pix2Pix",
    "generators": {"a_to_b": "generator"},
    "loader": "pairs",
}

# Adam for both players: constant for half of the training, then to 0, as published.
ADAM = both_players(
    Make(
        "keras.optimizers.Adam",
        {"learning_rate": ConstantThenLinear(2e-4), "beta_1": 0.5},
    )
)
SHAPE = (64, 64, 3)


def _measured(*directions):
    """Metrics of pairs of images, in these directions."""
    return tuple(
        Make(f"metrics.{name}", {"direction": direction})
        for direction in directions
        for name in ("L1", "PSNR", "RetrievalAccuracy")
    )


PRESETS = (
    Preset(
        "cyclegan",
        "CycleGAN: translation between two folders of pictures, without pairs.",
        Make("architectures.cyclegan"),
        ADAM,
        batch_size=1,
        num_images=200_000,
        **CYCLEGAN,
    ),
    Preset(
        "pix2pix",
        "pix2pix: translation learned from pairs of pictures.",
        Make("architectures.pix2pix"),
        ADAM,
        batch_size=1,
        num_images=80_000,
        **PIX2PIX,
    ),
    Preset(
        "cyclegan_emoji",
        "A narrow CycleGAN on emoji in two styles, Google's and Twitter's, unpaired.",
        Make(
            "architectures.cyclegan",
            {"image_shape": SHAPE, "width": 32, "field": 34},
        ),
        ADAM,
        dataset="emoji_styles",
        batch_size=4,
        num_images=200_000,
        metrics=_measured("a_to_b", "b_to_a"),
        **CYCLEGAN,
    ),
    Preset(
        "pix2pix_openmoji",
        "A narrow pix2pix that colours the outlines of OpenMoji.",
        # Colours are measured here, not texture: residual blocks, and ten times the
        # paper's weight of the difference.
        Make(
            "architectures.pix2pix",
            {
                "image_shape": SHAPE,
                "generator": "resnet",
                "width": 32,
                "dropout": 0.0,
                "normalization": "instance",
                "field": 34,
                "discriminator_width": 32,
            },
        ),
        ADAM | {"l1_weight": 1000.0},
        dataset="openmoji",
        data={"augment": ("horizontal_flip", "random_shift")},
        batch_size=8,
        num_images=80_000,
        metrics=_measured("a_to_b"),
        **PIX2PIX,
    ),
)
