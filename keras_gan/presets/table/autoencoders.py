"""Autoencoders, whose densities have a bound, beside the GANs."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.fashion_mnist import FASHION
from keras_gan.presets.table.mnist import GREY, MNIST

_RMSPROP = Make("keras.optimizers.RMSprop", {"learning_rate": CosineRamp(3e-4, 3e-5)})
_SIZES = {"latent_dim": 32, "width": 16, "num_blocks": 2, "units": 256}

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
                "keras.optimizers.Adam",
                {"learning_rate": CosineRamp(1.5e-3, 1e-5)},
            ),
            "kl_weight": CosineRamp(0.1, 1.0, share=0.04),
        },
        model="VAE",
        dataset="mnist",
        data={"augment": "binarize"},
        batch_size=100,
        num_images=4_000_000,
        metrics=MNIST,
    ),
    Preset(
        "vaegan_fashion_mnist",
        "A VAE-GAN on clothes: an encoder, and an error of features.",
        Make(
            "architectures.vaegan",
            {"image_shape": GREY, "latent_dim": 64, "width": 32, "units": 512},
        ),
        {
            # RMSProp and the balance are published.
            "encoder_optimizer": _RMSPROP,
            "generator_optimizer": _RMSPROP,
            "discriminator_optimizer": _RMSPROP,
            "feature_weight": 1e-3,
        },
        model="VAEGAN",
        network_names=("encoder", "generator", "discriminator"),
        dataset="fashion_mnist",
        batch_size=64,
        num_images=1_000_000,
        metrics=FASHION,
        note="measured, and not shipped: no better than the VAE beside it",
    ),
)
