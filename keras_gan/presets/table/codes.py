"""Latents with a meaning: InfoGAN, and two domains that share a latent: CoGAN."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.mnist import GREY, MNIST
from keras_gan.presets.table.recipes import both_players, ema


def _adam(rate):
    return Make("keras.optimizers.Adam", {"learning_rate": rate, "beta_1": 0.5})


# What a digit is does not change by these.
_CHANGES = Make(
    "augment.RandomAugment",
    {
        "probability": 1.0,
        "operations": ("scale", "rotation", "anisotropic_scale", "fractional_shift"),
        "strengths": {"scale": 0.15, "rotation": 0.08, "fractional_shift": 0.06},
    },
)

# What the numbers are: each has a change of its own.
_NUMBERS = Make(
    "invariance.NumberEquivariance",
    {
        "changes": {"code_1": "slant", "code_2": "thickness"},
        "weight": CosineRamp(0.0, 2.0, share=0.5),
        # A standard deviation of the digits' slant and thickness is one of a number.
        "strengths": {"slant": 0.33, "thickness": 0.42},
        # Until real images say what the numbers are, generated ones do.
        "fakes_weight": CosineRamp(1.0, 0.0, share=0.5),
    },
)

PRESETS = (
    Preset(
        "infogan_mnist",
        "A narrow InfoGAN on digits: a category that names the digit, two numbers for "
        "slant and thickness.",
        Make(
            "architectures.infogan",
            {
                "image_shape": GREY,
                "latent_dim": 74,
                "code_dim": 12,
                "width": 16,
                "units": 256,
            },
        ),
        {
            # As published: both kinds of code with the weight 1.
            **both_players(_adam(CosineRamp(1.4e-3, 1e-4))),
            "invariance": (
                Make("invariance.CategoryInvariance", {"augment": _CHANGES}),
                _NUMBERS,
            ),
            "share_fakes": True,
            **ema(10_000),
        },
        prior=Make(
            "latents.default_codes",
            {"noise_dim": 62, "num_categories": 10, "num_continuous": 2},
        ),
        model="InfoGAN",
        dataset="mnist",
        batch_size=200,
        num_images=500_000,
        metrics=MNIST,
    ),
    Preset(
        "cogan_mnist_edges",
        "A narrow CoGAN: a digit and its outline from one latent, without pairs.",
        Make(
            "architectures.cogan",
            {
                "image_shape": (28, 56, 1),
                "latent_dim": 64,
                "width": 16,
                "units": 128,
                "shared_maps": 1,
            },
        ),
        {
            **both_players(_adam(CosineRamp(1e-3, 0.0))),
            "discriminator_penalties": (Make("penalties.R1", {"weight": 0.1}),),
            "share_fakes": True,
            **ema(10_000),
        },
        model="CoGAN",
        dataset="mnist_edges",
        batch_size=64,
        num_images=512_000,
        metrics=(Make("metrics.PixelAgreement", {"transform": "edges"}),),
    ),
)
