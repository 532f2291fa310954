"""Count the modes that each loss finds: a ring of 8 and a grid of 25 Gaussians.

    python benchmarks/mixtures.py
    python benchmarks/mixtures.py --recipe hinge --seeds 5
    python benchmarks/mixtures.py --images 5000000

Every recipe trains the same two perceptrons, those of
`examples/mixture_of_gaussians.py`, with its optimizers, shared fakes and moving
average. Recipes differ only in what their rows say. At the end, 2,500 generated points
are evaluated as in PacGAN (Lin et al. 2017,
arXiv:1712.04086): a point is good within three standard deviations of a mode, and a
mode is found if a good point lies there.

Each run leaves a file in `--output`, and a run that has one is not repeated.
"""

import time
from pathlib import Path

import keras_gan
from keras_gan import datasets, latents, metrics, optimizers, penalties

import click
import keras
import numpy as np

from tables import markdown
from tables.kept import Kept

STEPS_AT_ONCE = 50

# The weight of R1 and R2 is large at the start, and small at the end, for the modes are
# narrow.
R1, R2 = penalties.R1, penalties.R2
WEIGHT = 0.1, 0.005
CRITIC = {"discriminator_steps": 5}
RECIPES = {
    "minimax": {"loss": "minimax"},
    "non_saturating": {"loss": "non_saturating"},
    "least_squares": {"loss": "least_squares"},
    "hinge": {"loss": "hinge"},
    "wasserstein, clipping": {
        "loss": "wasserstein",
        "discriminator_penalties": [penalties.WeightClipping(0.1)],
        **CRITIC,
    },
    "wasserstein, gradient penalty": {
        "loss": "wasserstein",
        "discriminator_penalties": [penalties.GradientPenalty(1.0)],
        **CRITIC,
    },
    "non_saturating, DRAGAN": {
        "loss": "non_saturating",
        "discriminator_penalties": [penalties.DRAGAN(1.0)],
    },
    "non_saturating, R1": {"loss": "non_saturating", "discriminator_penalties": [R1]},
    "non_saturating, R1 + R2": {
        "loss": "non_saturating",
        "discriminator_penalties": [R1, R2],
    },
    "hinge, R1": {"loss": "hinge", "discriminator_penalties": [R1]},
    "relativistic": {"loss": "relativistic_pairing"},
    "relativistic, R1": {
        "loss": "relativistic_pairing",
        "discriminator_penalties": [R1],
    },
    "relativistic, R1 + R2 (R3GAN)": {
        "loss": "relativistic_pairing",
        "discriminator_penalties": [R1, R2],
    },
    "non_saturating, packed by 4 (PacGAN)": {
        "loss": "non_saturating",
        "num_packed": 4,
    },
}
MIXTURES = {
    "ring": datasets.ring,
    "grid": datasets.grid,
}

# PacGAN's table 1: modes found, and the share of good points in %.
PUBLISHED = [
    ("published: GAN", "6.3", "98.2", "17.3", "94.8"),
    ("published: PacGAN4", "7.8", "95.9", "24.8", "93.6"),
    ("published: VEEGAN", "8", "52.9", "24.6", "40"),
]


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--recipe", "recipes", multiple=True, type=click.Choice(list(RECIPES)))
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--images", "num_images", default=2_560_000, show_default=True)
@click.option("--batch-size", default=256, show_default=True)
@click.option("--output", default="runs/mixtures", show_default=True, type=Path)
def main(recipes, num_seeds, num_images, batch_size, output):
    kept, rows = Kept(output), []
    for recipe in recipes or RECIPES:
        row = [recipe]
        for mixture in MIXTURES:
            found = []
            for seed in range(num_seeds):
                arguments = recipe, mixture, seed, num_images, batch_size
                name = "-".join(map(str, arguments)).replace(" ", "")
                found.append(kept.result(name, lambda a=arguments: run(*a)))
                print(name, found[-1], flush=True)
            row += [
                markdown.over_seeds((f["modes"] for f in found), "{:.3g}"),
                markdown.over_seeds((100 * f["high_quality"] for f in found), "{:.1f}"),
            ]
        rows.append([*row, f"{found[-1]['seconds']:.0f}"])
    heads = ("", "ring: modes of 8", "good, %", "grid: modes of 25", "good, %", "s")
    published = [(*row, "") for row in PUBLISHED]
    text = markdown.table(heads, [*rows, *published])
    (output / "mixtures.md").write_text(text + "\n")
    print(text)


def run(recipe, mixture, seed, num_images, batch_size):
    """Train a recipe on a mixture, and count the modes."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    k = RECIPES[recipe].get("discriminator_steps", 1)
    num_steps = num_images // batch_size // STEPS_AT_ONCE * STEPS_AT_ONCE
    data = MIXTURES[mixture](
        batch_size=k * batch_size, steps_per_epoch=num_steps, seed=seed
    )
    gan = build(recipe, data, num_steps, seed)
    start = time.perf_counter()
    gan.fit(data, epochs=1, verbose=0)
    seconds = time.perf_counter() - start
    coverage = metrics.MixtureCoverage(data.centers, data.std)
    coverage.update_fake(np.asarray(gan.generate(2_500, seed=seed)))
    found = {key.split("/")[-1]: float(v) for key, v in coverage.result().items()}
    return {**found, "seconds": seconds}


def build(recipe, data, num_steps, seed):
    """Return a GAN with the settings of all recipes and those of this one."""
    settings = dict(RECIPES[recipe])
    generator, discriminator = keras_gan.architectures.mlp(
        (2,),
        2,
        generator_units=(128,) * 6,
        discriminator_units=(128,) * 3,
        num_packed=settings.pop("num_packed", 1),
    )
    gan = keras_gan.GAN(
        generator, discriminator, prior=latents.Uniform(2, -5.0, 5.0), seed=seed
    )
    k = settings.get("discriminator_steps", 1)
    weight = optimizers.CosineBurnIn(*WEIGHT, num_steps)
    settings["discriminator_penalties"] = [
        penalty(weight) if penalty in (R1, R2) else penalty
        for penalty in settings.pop("discriminator_penalties", ())
    ]
    gan.compile(
        adam(k * num_steps),
        adam(num_steps),
        share_fakes=True,
        ema=keras_gan.EMA(half_life=20_000),
        steps_per_execution=STEPS_AT_ONCE,
        **settings,
    )
    return gan


def adam(num_steps):
    """Return Adam with a rate that falls to 0 along a cosine."""
    rate = keras.optimizers.schedules.CosineDecay(2e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)


if __name__ == "__main__":
    main()
