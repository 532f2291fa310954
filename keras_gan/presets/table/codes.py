"""Latents with a meaning: InfoGAN, and two domains that share a latent: CoGAN."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.mnist import GREY, MNIST
from keras_gan.presets.table.recipes import both_players, ema


def _adam(rate):
    return Make("keras.optimizers.Adam", {"learning_rate": rate, "beta_1": 0.5})


PRESETS = (
    Preset(
        "infogan_mnist",
        "A narrow InfoGAN on digits: a category that names the digit, and two numbers.",
        Make(
            "architectures.infogan",
            {
                "image_shape": GREY,
                "latent_dim": 74,
                "code_dim": 12,
                "width": 32,
                "units": 512,
            },
        ),
        {
            # As published: both kinds of code with the weight 1.
            "discriminator_optimizer": _adam(2e-4),
            "generator_optimizer": _adam(1e-3),
            "share_fakes": True,
            **ema(10_000),
        },
        prior=Make(
            "latents.default_codes",
            {"noise_dim": 62, "num_categories": 10, "num_continuous": 2},
        ),
        model="InfoGAN",
        dataset="mnist",
        batch_size=100,
        num_images=200_000,
        metrics=MNIST,
    ),
    Preset(
        "cogan_mnist_edges",
        "A narrow CoGAN: a digit and its outline from one latent, without pairs.",
        Make(
            "architectures.cogan",
            {"image_shape": (28, 56, 1), "latent_dim": 64, "width": 16, "units": 128},
        ),
        {
            **both_players(_adam(1e-3)),
            "discriminator_penalties": (Make("penalties.R1", {"weight": 0.1}),),
            "share_fakes": True,
            **ema(10_000),
        },
        model="CoGAN",
        dataset="mnist_edges",
        batch_size=64,
        num_images=256_000,
        metrics=(Make("metrics.PixelAgreement", {"transform": "edges"}),),
    ),
)
