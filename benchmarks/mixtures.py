"""Does a game find all modes? A ring of 8 and a grid of 25 Gaussians.

    python benchmarks/mixtures.py
    python benchmarks/mixtures.py --recipe r3gan --seeds 5
    python benchmarks/mixtures.py --images 5000000

Every recipe trains the same two perceptrons, and one recipe differs from another in
what its row says, nothing else. After so many points, 2,500 generated ones are
judged as in PacGAN (Lin et al. 2017, arXiv:1712.04086): a point is good within three
standard deviations of a mode, and a mode is found if a good point lies there.

Each run leaves a file in `--output`, and a run that has one is not repeated.
"""

import time
from pathlib import Path

import click
import keras
import numpy as np
from tables import markdown
from tables.kept import Kept

from keras_gan import datasets, metrics, presets

STEPS_AT_ONCE = 50

R1 = ("R1", {"weight": 0.1})
R2 = ("R2", {"weight": 0.1})
CRITIC = {"discriminator_steps": 5}
RECIPES = {
    "minimax": {"loss": "minimax", "penalties": ()},
    "non_saturating": {"loss": "non_saturating", "penalties": ()},
    "least_squares": {"loss": "least_squares", "penalties": ()},
    "hinge": {"loss": "hinge", "penalties": ()},
    "wasserstein, clipping": {
        "loss": "wasserstein",
        "penalties": (("WeightClipping", {"limit": 0.1}),),
        "turns": CRITIC,
    },
    "wasserstein, gradient penalty": {
        "loss": "wasserstein",
        "penalties": (("GradientPenalty", {"weight": 1.0}),),
        "turns": CRITIC,
    },
    "non_saturating, DRAGAN": {
        "loss": "non_saturating",
        "penalties": (("DRAGAN", {"weight": 1.0}),),
    },
    "non_saturating, R1": {"loss": "non_saturating", "penalties": (R1,)},
    "non_saturating, R1 + R2": {"loss": "non_saturating", "penalties": (R1, R2)},
    "hinge, R1": {"loss": "hinge", "penalties": (R1,)},
    "relativistic": {"loss": "relativistic_pairing", "penalties": ()},
    "relativistic, R1": {"loss": "relativistic_pairing", "penalties": (R1,)},
    "relativistic, R1 + R2 (R3GAN)": {
        "loss": "relativistic_pairing",
        "penalties": (R1, R2),
    },
    "non_saturating, packed by 4 (PacGAN)": {
        "loss": "non_saturating",
        "penalties": (),
        "num_packed": 4,
    },
}
MIXTURES = {"ring": datasets.ring, "grid": datasets.grid}

# PacGAN's table 1: modes found, and the share of good points in %.
PUBLISHED = [
    ("published: GAN", "6.3", "98.2", "17.3", "94.8"),
    ("published: PacGAN4", "7.8", "95.9", "24.8", "93.6"),
    ("published: VEEGAN", "8", "52.9", "24.6", "40"),
]


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--recipe", "recipes", multiple=True, type=click.Choice(list(RECIPES)))
@click.option("--seeds", "num_seeds", default=3, show_default=True)
@click.option("--images", "num_images", default=4_000_000, show_default=True)
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
                markdown.over_seeds((f["modes"] for f in found), "{:.1f}"),
                markdown.over_seeds((100 * f["high_quality"] for f in found), "{:.1f}"),
            ]
        rows.append([*row, f"{found[-1]['seconds']:.0f}"])
    heads = ("", "ring: modes of 8", "good, %", "grid: modes of 25", "good, %", "s")
    published = [(*row, "") for row in PUBLISHED]
    text = markdown.table(heads, [*rows, *published])
    (output / "mixtures.md").write_text(text + "\n")
    print(text)


def run(recipe, mixture, seed, num_images, batch_size):
    """Train a recipe on a mixture, and count."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    settings = dict(RECIPES[recipe])
    turns = settings.pop("turns", {}) | {"steps_per_execution": STEPS_AT_ONCE}
    k = turns.get("discriminator_steps", 1)
    arguments = {
        "data_shape": (2,),
        "latent_dim": 16,
        "generator_units": (128, 128, 128),
        "discriminator_units": (128, 128, 128),
        "num_packed": settings.pop("num_packed", 1),
    }
    preset = presets.get("mlp").adapted(
        arguments=arguments,
        dataset=mixture,
        num_images=num_images * k,
        batch_size=batch_size * k,
        discriminator_optimizer={
            "learning_rate": presets.BurnIn(1e-3, 0.0),
            "beta_1": 0.0 if settings["penalties"] else 0.5,
            "beta_2": 0.99,
        },
        turns=turns,
        **settings,
    )
    gan = preset.build(seed)
    steps = preset.num_steps // STEPS_AT_ONCE * STEPS_AT_ONCE
    data = MIXTURES[mixture](
        batch_size=preset.batch_size, steps_per_epoch=steps, seed=seed
    )
    start = time.perf_counter()
    gan.fit(data, epochs=1, verbose=0)
    seconds = time.perf_counter() - start
    coverage = metrics.MixtureCoverage(data.centers, data.std)
    coverage.update_fake(np.asarray(gan.generate(2_500, seed=seed)))
    found = {key.split("/")[-1]: float(v) for key, v in coverage.result().items()}
    return {**found, "seconds": seconds}


if __name__ == "__main__":
    main()
