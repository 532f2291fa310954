"""Autoencoders, whose densities have a bound, beside the GANs."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.fashion_mnist import FASHION
from keras_gan.presets.table.mnist import GREY, MNIST
from keras_gan.presets.table.recipes import R1_ONLY, adam_cosine, ema

_DCGAN = {"width": 32, "kernel_size": 4}
_SIZES = {"latent_dim": 32, "width": 16, "num_blocks": 2, "units": 256}
_BY_ADAM = ("from_images", "statistics", "see", "to_images")

PRESETS = (
    Preset(
        "vae_mnist",
        "A VAE on digits in black and white, with residual convolutions and a flow.",
        {
            "encoder": Make(
                "architectures.vae_encoder",
                {"image_shape": GREY, **_SIZES, "context": 64},
            ),
            "generator": Make(
                "architectures.vae_generator", {"image_shape": GREY, **_SIZES}
            ),
            "posterior": Make(
                "architectures.vae_posterior",
                {"latent_dim": 32, "context": 64, "units": 320},
            ),
            "likelihood": Make("likelihoods.Bernoulli"),
        },
        {
            "optimizer": Make(
                "optimizers.Muon",
                {"learning_rate": CosineRamp(2e-3, 1e-5), "exclude": _BY_ADAM},
            ),
            "kl_weight": CosineRamp(0.1, 1.0, share=0.04),
        },
        model="VAE",
        dataset="mnist",
        data={"augment": "binarize"},
        batch_size=200,
        num_images=2_400_000,
        metrics=MNIST,
    ),
    Preset(
        "vaegan_fashion_mnist",
        "A VAE-GAN on clothes: a narrow DCGAN, an encoder, and an error of features.",
        {
            "encoder": Make(
                "architectures.vaegan_encoder",
                {"image_shape": GREY, "latent_dim": 64, "width": 32, "units": 512},
            ),
            "generator": Make(
                "architectures.dcgan_generator",
                {"image_shape": GREY, "latent_dim": 64, **_DCGAN, "num_extra_convs": 3},
            ),
            "discriminator": Make(
                "architectures.vaegan_discriminator",
                {
                    "image_shape": GREY,
                    "width": 32,
                    "batch_norm": False,
                    "num_extra_convs": 1,
                },
            ),
        },
        {
            **adam_cosine(),
            "encoder_optimizer": adam_cosine()["generator_optimizer"],
            "feature_weight": 1e-3,
            # A penalty holds D back, and nobody waits.
            "discriminator_penalties": R1_ONLY,
            "margin": None,
            "fakes_per_image": 1,
            **ema(20_000),
        },
        model="VAEGAN",
        dataset="fashion_mnist",
        batch_size=64,
        num_images=335_424,  # twenty minutes of one thread
        metrics=FASHION,
    ),
)
