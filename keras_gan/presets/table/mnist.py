"""MNIST, 28 x 28 digits."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import BurnIn
from keras_gan.presets.table.games import FADING, ZERO_CENTERED
from keras_gan.presets.table.narrow import PROJECTION, narrow_dcgan

GREY = (28, 28, 1)
MNIST = (("FrechetDistance", "MNISTClassifier"), ("PrecisionRecall", "MNISTClassifier"))

PRESETS = (
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
        penalties=ZERO_CENTERED,
        turns={"share_fakes": True},
        half_life=20_000,
        dataset="mnist",
        num_images=6_000_000,
        metrics=MNIST,
    ),
    narrow_dcgan("dcgan_mnist", "A narrow DCGAN under R1 on digits.", "mnist", MNIST),
    narrow_dcgan(
        "cgan_mnist",
        "A narrow DCGAN that is told which digit to draw; D judges by projection.",
        "mnist",
        MNIST,
        **PROJECTION,
    ),
)
