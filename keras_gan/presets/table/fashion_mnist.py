"""Fashion-MNIST, 28 x 28 clothes."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn
from keras_gan.presets.table.narrow import DCGAN, PROJECTION, narrow_dcgan, narrow_r3gan

GREY = (28, 28, 1)
FASHION = (
    ("FrechetDistance", "FashionMNISTClassifier"),
    ("PrecisionRecall", "FashionMNISTClassifier"),
)

PRESETS = (
    narrow_dcgan(
        "dcgan_fashion_mnist",
        "A narrow DCGAN under R1 on clothes: the one to start with.",
        "fashion_mnist",
        FASHION,
    ),
    narrow_dcgan(
        "cgan_fashion_mnist",
        "A narrow DCGAN that is told which kind to draw; D judges by projection.",
        "fashion_mnist",
        FASHION,
        **PROJECTION,
    ),
    Preset(
        "wgan_gp_fashion_mnist",
        "A Wasserstein critic under the gradient penalty, five steps to one.",
        "dcgan",
        {"image_shape": GREY, **DCGAN},
        {"learning_rate": BurnIn(5e-4, 0.0), "beta_1": 0.0, "beta_2": 0.9},
        loss="wasserstein",
        penalties=(("GradientPenalty", {"weight": 10.0}),),
        turns={"discriminator_steps": 5, "share_fakes": True},
        half_life=10_000,
        dataset="fashion_mnist",
        batch_size=320,
        num_images=4_000_000,
        metrics=FASHION,
    ),
    Preset(
        "sngan_fashion_mnist",
        "SNGAN: narrow residual networks, spectral normalisation, hinge loss.",
        "resnet",
        {"image_shape": GREY, "latent_dim": 128, "width": 32},
        {"learning_rate": BurnIn(2e-3, 0.0), "beta_1": 0.0, "beta_2": 0.9},
        generator_optimizer={
            "learning_rate": BurnIn(1e-3, 0.0),
            "beta_1": 0.0,
            "beta_2": 0.9,
        },
        loss="hinge",
        turns={"share_fakes": True},
        half_life=20_000,
        dataset="fashion_mnist",
        batch_size=64,
        num_images=1_000_000,
        metrics=FASHION,
    ),
    narrow_r3gan(
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
)
