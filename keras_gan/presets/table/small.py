"""The two small families, chosen on two processor cores for small images."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.recipes import R1_ONLY, adam_cosine, ema

# Narrow and a little deeper than the paper's; penalties want no normalisation in D.
DCGAN = {
    "latent_dim": 64,
    "width": 32,
    "kernel_size": 4,
    "discriminator_batch_norm": False,
    "num_extra_convs": (3, 1),
}

# At full resolution R3GAN's blocks cost a processor four times what they do on patches.
SMALL_R3GAN = {
    "latent_dim": 64,
    "num_blocks": 2,
    "patch_size": 2,
    "output_activation": "tanh",
}
PROJECTION = {"num_classes": 10, "conditioning": "projection"}


def small_dcgan(
    name, description, dataset, metrics, image_shape=(28, 28, 1), **arguments
):
    """A narrow DCGAN with R1."""
    return Preset(
        name,
        description,
        Make("architectures.dcgan", {"image_shape": image_shape, **DCGAN, **arguments}),
        {
            **adam_cosine(),
            "discriminator_penalties": R1_ONLY,
            "share_fakes": True,
            **ema(20_000),
        },
        dataset=dataset,
        num_images=1_000_000,
        metrics=metrics,
    )


def small_r3gan(
    name,
    description,
    dataset,
    image_shape,
    width,
    rate,
    weight,
    compile=None,
    networks=None,
    **settings,
):
    """A narrow R3GAN on patches of pixels, at the rates of short training."""
    networks = {"image_shape": image_shape, "width": width, **SMALL_R3GAN} | (
        networks or {}
    )
    return Preset(
        name,
        description,
        Make("architectures.r3gan", networks),
        {
            **adam_cosine(rate),
            "loss": "relativistic_pairing",
            "discriminator_penalties": (
                Make("penalties.R1", {"weight": weight}),
                Make("penalties.R2", {"weight": weight}),
            ),
            "share_fakes": True,
            **ema(20_000),
            **(compile or {}),
        },
        dataset=dataset,
        **settings,
    )
