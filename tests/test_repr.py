"""Representations show the call that builds an object."""

import keras
import pytest

import keras_gan
from keras_gan import augment, latents, losses, penalties
from keras_gan.optimizers import CosineBurnIn

BURN_IN = "CosineBurnIn(start=2.0, end=0.2, num_images=100, batch_size=1)"


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (losses.Hinge(), "Hinge()"),
        (
            losses.NonSaturating(0.1),
            "NonSaturating(label_smoothing=0.1, discriminator_weight=1.0)",
        ),
        (penalties.R1(), "R1(weight=1.0, interval=1)"),
        (
            penalties.R2(CosineBurnIn(2.0, 0.2, 100), interval=4),
            f"R2(weight={BURN_IN}, interval=4)",
        ),
        (penalties.DRAGAN(), "DRAGAN(weight=10.0, interval=1, spread=0.5)"),
        (penalties.WeightClipping(), "WeightClipping(limit=0.01, interval=1)"),
        (
            penalties.PathLength(name="mine"),
            "PathLength(weight=2.0, interval=4, name='mine', decay=0.01, "
            "batch_shrink=1)",
        ),
        (latents.Normal(8), "Normal(latent_dim=8)"),
        (latents.Uniform(8, high=4.0), "Uniform(latent_dim=8, low=-1.0, high=4.0)"),
        (keras_gan.EMA(500), "EMA(half_life=500, ramp_up=None)"),
        (
            keras_gan.EMA(CosineBurnIn(2.0, 0.2, 100)),
            f"EMA(half_life={BURN_IN}, ramp_up=None)",
        ),
        (
            augment.DiffAugment(["cutout"], name="mine"),
            "DiffAugment(name='mine', policy=['cutout'])",
        ),
        (
            augment.RandomAugment(0.3, ["blit"], name="mine"),
            "RandomAugment(name='mine', probability=0.3, operations={'blit': 1.0}, "
            "strengths={}, interpolation='bilinear')",
        ),
    ],
)
def test_shows_the_settings(thing, expected):
    assert repr(thing) == expected


def test_shows_the_settings_of_keras_schedules():
    schedule = keras.optimizers.schedules.ExponentialDecay(2.0, 10, 0.5)
    assert repr(penalties.R1(schedule)).startswith(
        "R1(weight=ExponentialDecay(initial_learning_rate=2.0, decay_steps=10, "
    )
