"""The two narrow families, chosen on two processor cores for small images."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn
from keras_gan.presets.table.games import FADING, ZERO_CENTERED

# Narrow and a little deeper than the paper's; penalties want no normalisation in D.
DCGAN = {
    "latent_dim": 64,
    "width": 32,
    "kernel_size": 4,
    "discriminator_batch_norm": False,
    "num_extra_convs": (3, 1),
}

# At full resolution R3GAN's blocks cost a processor four times what they do on patches.
NARROW_R3GAN = {
    "latent_dim": 64,
    "num_blocks": 2,
    "patch_size": 2,
    "output_activation": "tanh",
}
PROJECTION = {"num_classes": 10, "conditioning": "projection"}


def narrow_dcgan(
    name, description, dataset, metrics, image_shape=(28, 28, 1), **arguments
):
    """A narrow DCGAN under R1."""
    return Preset(
        name,
        description,
        "dcgan",
        {"image_shape": image_shape, **DCGAN, **arguments},
        FADING,
        penalties=ZERO_CENTERED,
        turns={"share_fakes": True},
        half_life=20_000,
        dataset=dataset,
        num_images=1_000_000,
        metrics=metrics,
    )


def narrow_r3gan(
    name, description, dataset, image_shape, width, rate, weight, **settings
):
    """A narrow R3GAN in patches of pixels, at the rates of short training."""
    return Preset(
        name,
        description,
        "r3gan",
        {"image_shape": image_shape, "width": width, **NARROW_R3GAN},
        FADING | {"learning_rate": BurnIn(rate, 0.0)},
        loss="relativistic_pairing",
        penalties=(("R1", {"weight": weight}), ("R2", {"weight": weight})),
        turns={"share_fakes": True},
        half_life=20_000,
        dataset=dataset,
        **settings,
    )
