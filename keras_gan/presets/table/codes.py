"""Latents with a meaning: InfoGAN."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import Make
from keras_gan.presets.table.mnist import GREY, MNIST
from keras_gan.presets.table.recipes import ema


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
        num_images=500_000,
        metrics=MNIST,
    ),
)
