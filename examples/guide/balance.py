"""Train one network more often than the other: k = 1/5, 1 and 5.

    python examples/guide/balance.py

k is the number of updates of D for each update of G. Plotted is how well D separates
real from fake: mean D(x) on real data minus mean D(G(z)) on fakes, epoch by epoch.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

COLOURS = {"1/5": style.GENERATOR, "1": style.FAINT, "5": style.DISCRIMINATOR}


def train(discriminator_steps, steps_between, num_epochs=15, steps_per_epoch=100):
    """Train on a ring of eight modes.

    D is updated at every `steps_between`-th step only: its optimizer accumulates the
    gradients of the steps between, and then applies their mean.
    """
    keras.utils.set_random_seed(0)
    generator, discriminator = keras_gan.architectures.mlp(
        (2,), 2, generator_units=(128, 128), discriminator_units=(128, 128)
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gather = steps_between if steps_between > 1 else None
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(
            1e-3, beta_1=0.5, gradient_accumulation_steps=gather
        ),
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_steps=discriminator_steps,
    )
    data = keras_gan.datasets.ring(
        batch_size=128 * discriminator_steps,  # 128 fresh points for each step
        std=0.05,
        steps_per_epoch=steps_per_epoch,
    )
    history = gan.fit(data, epochs=num_epochs, verbose=0).history
    return np.array(history["real_score"]) - np.array(history["fake_score"])


def train_all(**settings):
    return {
        "1/5": train(1, steps_between=5, **settings),
        "1": train(1, steps_between=1, **settings),
        "5": train(5, steps_between=1, **settings),
    }


def draw(gaps, path):
    figure = style.new_figure(8, 4)
    axes = figure.subplots()
    style.tidy(axes)
    style.set_titles(axes, "Mean D(x) - mean D(G(z))", "0: D is no better than a coin")
    for k, gap in gaps.items():
        epochs = np.arange(len(gap)) + 1
        axes.plot(epochs, gap, color=COLOURS[k], linewidth=2, label=f"k = {k}")
    axes.axhline(0, color=style.RULE, linewidth=1)
    axes.set_xlabel("epoch of 100 rounds", fontsize=11, color=style.FAINT)
    axes.legend(frameon=False, fontsize=11, loc="center left", bbox_to_anchor=(1, 0.5))
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--steps-per-epoch", type=int, default=100)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    gaps = train_all(num_epochs=args.epochs, steps_per_epoch=args.steps_per_epoch)
    for k, gap in gaps.items():
        late = gap[len(gap) // 2 :].mean()
        print(f"k = {k:3}  D(x) - D(G(z)), mean of the second half: {late:+.3f}")
    draw(gaps, args.output)
