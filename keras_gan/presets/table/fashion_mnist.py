"""Fashion-MNIST, 28 x 28 clothes."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import ImageShare, Make
from keras_gan.presets.table.recipes import adam, adam_cosine, ema, metrics_over
from keras_gan.presets.table.small import DCGAN, PROJECTION, small_dcgan, small_r3gan

GREY = (28, 28, 1)
FASHION = metrics_over("FashionMNISTClassifier", "FrechetDistance", "PrecisionRecall")
NUM_CLUSTERS = 20

LAST_LEVEL = 0.7  # of the images; the optimizers begin anew at each level

PRESETS = (
    small_dcgan(
        "dcgan_fashion_mnist",
        "A narrow DCGAN with R1 on clothes: the one to start with.",
        "fashion_mnist",
        FASHION,
    ),
    small_dcgan(
        "cgan_fashion_mnist",
        "A narrow DCGAN that is told which kind to draw; D projects the label.",
        "fashion_mnist",
        FASHION,
        **PROJECTION,
    ),
    small_dcgan(
        "clustered_fashion_mnist",
        "A narrow DCGAN without labels, which is told which of 20 clusters to draw.",
        "fashion_mnist",
        FASHION,
        **PROJECTION | {"num_classes": NUM_CLUSTERS},
    ).replace(data={"clusters": NUM_CLUSTERS}, batch_size=64, num_images=850_000),
    Preset(
        "wgan_gp_fashion_mnist",
        "A Wasserstein critic with the gradient penalty, five steps to one.",
        Make("architectures.dcgan", {"image_shape": GREY, **DCGAN}),
        {
            **adam_cosine(5e-4, beta_2=0.9),
            "loss": "wasserstein",
            "discriminator_penalties": (
                Make("penalties.GradientPenalty", {"weight": 10.0}),
            ),
            "discriminator_steps": 5,
            "share_fakes": True,
            **ema(10_000),
        },
        dataset="fashion_mnist",
        batch_size=320,
        num_images=4_000_000,
        metrics=FASHION,
    ),
    Preset(
        "sngan_fashion_mnist",
        "SNGAN: narrow residual networks, spectral normalisation, hinge loss.",
        Make(
            "architectures.resnet",
            {"image_shape": GREY, "latent_dim": 128, "width": 32},
        ),
        {
            "discriminator_optimizer": adam(2e-3, beta_2=0.9),
            "generator_optimizer": adam(1e-3, beta_2=0.9),
            "loss": "hinge",
            "share_fakes": True,
            **ema(20_000),
        },
        dataset="fashion_mnist",
        batch_size=64,
        num_images=1_000_000,
        metrics=FASHION,
    ),
    small_r3gan(
        "r3gan_fashion_mnist",
        "A narrow R3GAN on clothes.",
        "fashion_mnist",
        GREY,
        width=(96, 32),
        rate=2e-3,
        weight=0.1,
        batch_size=64,
        num_images=600_000,
        metrics=FASHION,
    ),
    Preset(
        "progan_fashion_mnist",
        "Progressive GAN: clothes of 7 x 7 pixels first, then 14 x 14, then 28 x 28.",
        Make(
            "architectures.progressive",
            {
                "image_shape": GREY,
                "latent_dim": 64,
                "width": 32,
                "max_width": 96,
                "growing": True,
                "output_activation": "tanh",
            },
        ),
        {
            "discriminator_optimizer": adam(5e-3, share=LAST_LEVEL),
            "generator_optimizer": adam(1e-2, share=LAST_LEVEL),
            "loss": "relativistic_pairing",
            "discriminator_penalties": (
                Make("penalties.R1", {"weight": 0.1}),
                Make("penalties.R2", {"weight": 0.1}),
            ),
            "fade_images": ImageShare(0.1),
            "stable_images": ImageShare(0.1),
            **ema(10_000),
        },
        model="ProgressiveGAN",
        dataset="fashion_mnist",
        batch_size=32,
        num_images=200_000,
        metrics=FASHION,
    ),
)
