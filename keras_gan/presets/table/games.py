"""What several presets share: the optimizers, and the game of R3GAN."""

from keras_gan.presets.specs import BurnIn

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
