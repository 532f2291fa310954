"""Compare a classifier and a critic on two bumps that do not overlap.

    python examples/guide/wasserstein.py

The fakes are at distance t from the data. The Jensen-Shannon divergence is soon
constant; the Wasserstein distance grows with t. A critic with a slope of 1 measures
it. The penalty is no strict limit: a critic that gains t for each unit of slope, and
pays WEIGHT * (slope - 1)^2, has a slope of 1 + t / (2 WEIGHT).
"""

import argparse
import math
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

STD = 0.3
WEIGHT = 10.0  # of the gradient penalty
DISTANCES = (0.0, 1.0, 2.0, 3.0, 4.0)
X = np.linspace(-2, 6, 321, dtype="float32")


def jensen_shannon(distance):
    x = np.linspace(-5, 10, 30_001)
    p, q = (np.exp(-0.5 * ((x - m) / STD) ** 2) for m in (0.0, distance))
    p, q = (each / (STD * math.sqrt(2 * math.pi)) for each in (p, q))
    middle = np.maximum((p + q) / 2, 1e-300)
    kl = [
        np.trapezoid(each * np.log(np.maximum(each, 1e-300) / middle), x)
        for each in (p, q)
    ]
    return sum(kl) / 2


def train(distance, loss, penalties=(), num_steps=400):
    """Train D alone; the fakes stay at `distance` from the data.

    Return the logits on X, and the last -L_D.
    """
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    generator.set_weights([np.array([[STD]]), np.array([distance])])
    _, critic = keras_gan.architectures.mlp((1,), 1, discriminator_units=(64, 64))
    gan = keras_gan.GAN(generator, critic, seed=0)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, num_steps)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        generator_optimizer=keras.optimizers.SGD(0.0),
        loss=loss,
        discriminator_penalties=penalties,
    )
    data = keras_gan.datasets.Mixture(
        [[0.0]], STD, batch_size=512, steps_per_epoch=max(num_steps // 4, 1)
    )
    history = gan.fit(data, epochs=4, verbose=0).history
    logits = keras.ops.convert_to_numpy(critic(X[:, None]))[:, 0]
    return logits, -history["d_loss"][-1]


def measure(num_steps=400):
    penalties = [keras_gan.penalties.GradientPenalty(WEIGHT)]
    critics = {
        distance: train(distance, "wasserstein", penalties, num_steps)
        for distance in DISTANCES
    }
    classifier, _ = train(DISTANCES[-1], "minimax", num_steps=num_steps)
    return critics, classifier


def draw(critics, classifier, path):
    figure = style.new_figure(9, 4)
    distances, views = figure.subplots(1, 2)
    for axes in (distances, views):
        style.tidy(axes)
    t = np.linspace(0, 4, 41)
    style.set_titles(
        distances, "Two ways to measure", "against the distance t of the fakes"
    )
    js = [jensen_shannon(each) for each in t]
    distances.plot(t, t, color="#b9dfc4", linewidth=6, label="Wasserstein, exact")
    estimates = [estimate for _, estimate in critics.values()]
    distances.plot(
        DISTANCES, estimates, "o", color=style.GENERATOR, label="its critic's estimate"
    )
    steeper = t * (1 + t / (2 * WEIGHT))
    distances.plot(t, steeper, ":", color=style.GENERATOR, label="with that penalty")
    distances.plot(t, js, color=style.DISCRIMINATOR, label="Jensen-Shannon, exact")
    distances.axhline(math.log(2), color=style.FAINT, linewidth=1, linestyle="dashed")
    distances.set_xlabel("t", fontsize=11, color=style.FAINT)
    distances.legend(frameon=False, fontsize=10.5)

    style.set_titles(
        views, "What each tells the generator", "data around 0, fakes around 4"
    )
    probability = 1 / (1 + np.exp(-np.clip(classifier, -50, 50)))
    logits, _ = critics[DISTANCES[-1]]
    critic = logits - logits[np.abs(X).argmin()]
    views.plot(
        X, probability, color=style.DISCRIMINATOR, linewidth=2, label="classifier, D"
    )
    views.plot(X, critic, color=style.GENERATOR, linewidth=2, label="critic, shifted")
    for where, colour in ((0, style.DATA), (4, style.OTHER)):
        views.axvspan(where - 2 * STD, where + 2 * STD, color=colour, alpha=0.1, lw=0)
    views.set_xlabel("x", fontsize=11, color=style.FAINT)
    views.legend(frameon=False, fontsize=10.5)
    style.save(figure, path)


def slopes_at(distance, logits):
    """Return the mean slope where the fakes are."""
    return np.gradient(logits, X)[np.abs(X - distance) < 2 * STD].mean()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=400)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    critics, classifier = measure(args.steps)
    for distance, (_, estimate) in critics.items():
        js = jensen_shannon(distance)
        print(f"t = {distance:g}: critic's estimate {estimate:.2f}, JS {js:.3f}")
    probability = 1 / (1 + np.exp(-np.clip(classifier, -50, 50)))
    print(f"slope of D where the fakes are: {slopes_at(4.0, probability):+.5f}")
    print(f"slope of the critic there: {slopes_at(4.0, critics[4.0][0]):+.2f}")
    draw(critics, classifier, args.output)
