"""What several presets share: optimizers, and the recipe of R3GAN."""

from keras_gan.presets.specs import CosineRamp, Make

R1_ONLY = (Make("penalties.R1", {"weight": 0.1}),)


def adam_cosine(rate=2e-3, end=0.0, beta_1=0.0, beta_2=0.99):
    """Adam whose rate falls to its end along half a cosine; one for each player."""
    return both_players(adam(rate, end, beta_1, beta_2))


def adam(rate, end=0.0, beta_1=0.0, beta_2=0.99, share=1.0):
    """Adam whose rate falls to its end within a share of the training; or stays."""
    rate = rate if end is None else CosineRamp(rate, end, share)
    settings = {"learning_rate": rate, "beta_1": beta_1, "beta_2": beta_2}
    return Make("keras.optimizers.Adam", settings)


def both_players(optimizer):
    """The arguments of `compile` that give both players such an optimizer."""
    return {"discriminator_optimizer": optimizer, "generator_optimizer": optimizer}


def ema(half_life):
    """The argument of `compile` for a moving average; the half-life is in images."""
    return {"ema": Make("optimizers.EMA", {"half_life": half_life})}


def metrics_over(extractor, *metrics):
    """Metrics over the features of one extractor."""
    extractor = Make(f"metrics.{extractor}")
    return tuple(Make(f"metrics.{name}", {"extractor": extractor}) for name in metrics)


def r3gan(start, end, share=0.5):
    """R3GAN's settings that burn in, with this weight of both penalties."""
    weight = {"weight": CosineRamp(start, end, share)}
    settings = {
        "learning_rate": CosineRamp(2e-4, 5e-5, share),
        "beta_1": 0.0,
        "beta_2": CosineRamp(0.9, 0.99, share),
        "epsilon": 1e-8,
    }
    return {
        **both_players(Make("optimizers.ScheduledAdam", settings)),
        "loss": "relativistic_pairing",
        "discriminator_penalties": (
            Make("penalties.R1", weight),
            Make("penalties.R2", weight),
        ),
    }
