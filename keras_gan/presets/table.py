"""The presets: data, and nothing else.

Those of small data sets were chosen on two processor cores; the settings of large
ones are the published ones, and wait for somebody with a GPU.
"""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn

GREY, STACKED = (28, 28, 1), (28, 28, 3)

MNIST = (("FrechetDistance", "MNISTClassifier"), ("PrecisionRecall", "MNISTClassifier"))
FASHION = (
    ("FrechetDistance", "FashionMNISTClassifier"),
    ("PrecisionRecall", "FashionMNISTClassifier"),
)
MODES = (("ModeCoverage", ("PerChannel", "MNISTClassifier")),)

# Narrow and a little deeper than the paper's; penalties want no normalisation in D.
DCGAN = {
    "latent_dim": 64,
    "width": 32,
    "kernel_size": 4,
    "discriminator_batch_norm": False,
    "num_refinements": (3, 1),
}
# At full resolution R3GAN's blocks cost a processor four times what they do on patches.
NARROW_R3GAN = {
    "latent_dim": 64,
    "num_blocks": 2,
    "patch_size": 2,
    "output_activation": "tanh",
}
PROJECTION = {"num_classes": 10, "conditioning": "projection"}
FADING = {"learning_rate": BurnIn(2e-3, 0.0), "beta_1": 0.0, "beta_2": 0.99}
ZERO_CENTERED = (("R1", {"weight": 0.1}),)


def r3gan(start, end, share=0.5):
    """The settings of R3GAN that burn in, with this weight of both penalties."""
    weight = {"weight": BurnIn(start, end, share)}
    return {
        "loss": "relativistic_pairing",
        "penalties": (("R1", weight), ("R2", weight)),
        "discriminator_optimizer": {
            "learning_rate": BurnIn(2e-4, 5e-5, share),
            "beta_1": 0.0,
            "beta_2": BurnIn(0.9, 0.99, share),
        },
    }


def narrow_dcgan(name, description, dataset, metrics, **arguments):
    """A narrow DCGAN under R1, on images of 28 x 28."""
    return Preset(
        name,
        description,
        "dcgan",
        {"image_shape": GREY, **DCGAN, **arguments},
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


PRESETS = {
    preset.name: preset
    for preset in (
        # Families, to be adapted to data.
        Preset(
            "mlp",
            "Two multilayer perceptrons, for points, tables and small images.",
            "mlp",
            {"latent_dim": 64, "generator_units": (512, 512)},
            FADING | {"learning_rate": 5e-4},
            penalties=ZERO_CENTERED,
            turns={"share_fakes": True},
            half_life=10_000,
        ),
        Preset(
            "dcgan",
            "Strided convolutions under R1: fast, and rarely fails.",
            "dcgan",
            DCGAN,
            FADING | {"learning_rate": 5e-4},
            penalties=ZERO_CENTERED,
            turns={"share_fakes": True},
            half_life=20_000,
        ),
        Preset(
            "resnet",
            "SNGAN: residual blocks, spectral normalisation, hinge loss, k = 5.",
            "resnet",
            {"latent_dim": 128, "width": 64},
            {"learning_rate": BurnIn(2e-4, 0.0), "beta_1": 0.0, "beta_2": 0.9},
            loss="hinge",
            turns={"discriminator_steps": 5},
            half_life=10_000,
            batch_size=320,
        ),
        Preset(
            "r3gan",
            "R3GAN: relativistic pairing under R1 and R2, no normalisation.",
            "r3gan",
            {"latent_dim": 64, "width": 32, "num_blocks": 1},
            **r3gan(2.0, 0.2),
            augment=("AdaptiveAugment", {"ramp_images": 200_000}),
            turns={"share_fakes": True},
            half_life=BurnIn(0.0, 50_000, 0.5),
            batch_size=64,
        ),
        # MNIST
        Preset(
            "mlp_mnist",
            "Multilayer perceptrons on digits, after the first GAN of 2014.",
            "mlp",
            {
                "data_shape": GREY,
                "latent_dim": 64,
                "generator_units": (512, 512),
                "discriminator_units": (512, 256),
            },
            FADING | {"learning_rate": BurnIn(5e-4, 0.0)},
            penalties=(("R1", {"weight": 0.1}),),
            turns={"share_fakes": True},
            half_life=20_000,
            dataset="mnist",
            num_images=6_000_000,
            metrics=MNIST,
        ),
        narrow_dcgan(
            "dcgan_mnist", "A narrow DCGAN under R1 on digits.", "mnist", MNIST
        ),
        narrow_dcgan(
            "cgan_mnist",
            "A narrow DCGAN that is told which digit to draw; D judges by projection.",
            "mnist",
            MNIST,
            **PROJECTION,
        ),
        # Fashion-MNIST
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
        # Stacked MNIST
        narrow_dcgan(
            "dcgan_stacked_mnist",
            "A narrow DCGAN under R1 on three digits at once, a thousand modes.",
            "stacked_mnist",
            MODES,
            image_shape=STACKED,
        ),
        narrow_r3gan(
            "r3gan_stacked_mnist",
            "A narrow R3GAN on three digits at once, a thousand modes.",
            "stacked_mnist",
            STACKED,
            width=(96, 32),
            rate=1e-3,
            weight=BurnIn(1.0, 0.1),
            batch_size=64,
            num_images=600_000,
            metrics=MODES,
        ),
        Preset(
            "pacgan_stacked_mnist",
            "A DCGAN whose discriminator judges two images together.",
            "dcgan",
            {
                "image_shape": STACKED,
                "latent_dim": 100,
                "width": 32,
                "kernel_size": 4,
                "num_packed": 2,
            },
            {"learning_rate": 2e-4, "beta_1": 0.5},
            turns={"share_fakes": True},
            half_life=20_000,
            dataset="stacked_mnist",
            batch_size=128,
            num_images=1_000_000,
            metrics=MODES,
        ),
        # Colour
        narrow_r3gan(
            "r3gan_emoji_64",
            "R3GAN on 3,400 colour drawings: little data, with augmentation.",
            "emoji",
            (64, 64, 3),
            width=(96, 64, 32, 16),
            rate=1e-3,
            weight=BurnIn(1.0, 0.1),
            augment=("AdaptiveAugment", {"ramp_images": 100_000}),
            batch_size=32,
            num_images=600_000,
        ),
        Preset(
            "r3gan_cifar10",
            "R3GAN with its published settings for CIFAR-10, conditional.",
            "r3gan",
            {
                "image_shape": (32, 32, 3),
                "latent_dim": 64,
                "num_classes": 10,
                "width": (768, 768, 768, 768),
                "num_blocks": 2,
            },
            **r3gan(0.05, 0.005, share=0.1),
            augment=("ScheduledAugment", {"schedule": BurnIn(0.0, 0.55, 0.1)}),
            half_life=BurnIn(0.0, 5_000_000, 0.1),
            dataset="cifar10",
            batch_size=512,
            num_images=200_000_000,
            note="untrained here: needs a GPU",
        ),
        Preset(
            "r3gan_ffhq_64",
            "R3GAN with its published settings for faces of 64 x 64.",
            "r3gan",
            {
                "image_shape": (64, 64, 3),
                "latent_dim": 64,
                "width": (768, 768, 768, 768, 384),
                "num_blocks": 2,
            },
            **r3gan(2.0, 0.2, share=0.1),
            augment=("ScheduledAugment", {"schedule": BurnIn(0.0, 0.3, 0.1)}),
            half_life=BurnIn(0.0, 500_000, 0.1),
            dataset="ffhq",
            data={"size": (64, 64)},
            batch_size=256,
            num_images=200_000_000,
            note="untrained here: needs a GPU, and a folder of faces as `--data`",
        ),
    )
}
