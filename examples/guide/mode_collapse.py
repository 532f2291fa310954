"""Show mode collapse on a ring, and its cures.

    python examples/guide/mode_collapse.py

Eight modes, the same networks, the same seed, the same number of steps. Only the loss,
the penalty on the discriminator's gradient, or packing differs.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.penalties import R1, R2, GradientPenalty
from keras_gan.plotting import style

import keras

# A loss, penalties, and how many examples the discriminator sees at a time.
RECIPES = {
    "plain": ("non_saturating", [], 1),
    "R1": ("non_saturating", [R1(0.1)], 1),
    "packed by 4": ("non_saturating", [], 4),
    "relativistic": ("relativistic_pairing", [R1(0.1), R2(0.1)], 1),
    "WGAN-GP": ("wasserstein", [GradientPenalty(1.0)], 1),
}


def train(loss, penalties, num_packed, num_steps=800, seed=0):
    """Train, and return the data, 2,000 fakes, and the modes found."""
    keras.utils.set_random_seed(seed)
    data = keras_gan.datasets.ring(
        std=0.05, batch_size=5 * 128, steps_per_epoch=num_steps, seed=seed
    )
    units = (128, 128)
    generator, _ = keras_gan.architectures.mlp((2,), 2, generator_units=units)
    _, network = keras_gan.architectures.mlp(
        (2 * num_packed,), discriminator_units=units
    )
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras_gan.layers.Packing(num_packed), network]
    )
    gan = keras_gan.GAN(generator, discriminator, seed=seed)
    on_torch = keras.backend.backend() == "torch"
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        loss=loss,
        discriminator_penalties=penalties,
        discriminator_steps=5,
        steps_per_execution=1 if on_torch or num_steps % 10 else 10,
    )
    gan.fit(data, epochs=1, verbose=0)
    fakes = gan.generate(2000, seed=0)
    coverage = keras_gan.metrics.MixtureCoverage(data.centers, data.std)
    coverage.update_fake(fakes)
    return data, fakes, coverage.result()


def draw(runs, path):
    figure = style.new_figure(11, 3)
    all_axes = figure.subplots(1, len(runs), squeeze=False)[0]
    for axes, (name, (data, fakes, found)) in zip(all_axes, runs.items(), strict=True):
        style.tidy(axes)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xlim(-1.7, 1.7)
        axes.set_ylim(-1.7, 1.7)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.scatter(*data[0].T, s=4, color="#aaaaaa", linewidths=0)
        axes.scatter(*fakes[:800].T, s=4, color=style.GENERATOR, linewidths=0)
        style.set_titles(
            axes, name[0].upper() + name[1:], f"{found['modes']:.0f} of 8 modes"
        )
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--games", nargs="+", default=RECIPES, choices=RECIPES)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    runs = {name: train(*RECIPES[name], args.steps, args.seed) for name in args.games}
    for name, (_, _, found) in runs.items():
        print(
            f"{name:12} {found['modes']:.0f} of 8 modes, "
            f"{found['high_quality']:.0%} of the points within 3 deviations of one"
        )
    draw(runs, args.output)
