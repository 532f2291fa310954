"""Show that the generator's gradient vanishes for log(1 - D), not for -log D.

    python examples/guide/saturation.py

The data lie around 4 and the first fakes around 0. D is trained alone first, and
recognises every fake. Both trainings start from the same weights and the same noise;
only the generator's loss differs. The generator's optimizer is plain gradient descent,
so that a small gradient is a small step.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan import backend
from keras_gan.plotting import style

import keras
import numpy as np

COLOURS = {"minimax": style.OTHER, "non_saturating": style.GENERATOR}
TARGET = 4.0


def gradient_norm(gan, latents):
    """Return the norm of the gradient of the generator's loss, over all its weights."""

    def loss():
        return gan.loss.generator_loss(gan.discriminator(gan.generator(latents)))

    _, vjp = backend.vjp(loss, gan.generator.trainable_variables)
    gradients = vjp(keras.ops.ones(()))
    squares = [keras.ops.sum(keras.ops.square(g)) for g in gradients]
    return float(keras.ops.sqrt(sum(squares)))


def train(loss, num_points=40, steps_between=10, head_start=600):
    """Return gradient norms, mean D(G(z)) and mean fakes in the course of training."""
    keras.utils.set_random_seed(0)
    generator, discriminator = keras_gan.architectures.mlp(
        (1,), 4, generator_units=(32,), discriminator_units=(32, 32)
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)

    def take_steps(num_steps, generator_rate):
        gan.compile(
            discriminator_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
            generator_optimizer=keras.optimizers.SGD(generator_rate),
            loss=loss,
        )
        return keras_gan.datasets.Mixture(
            [[TARGET]], std=0.5, batch_size=512, steps_per_epoch=num_steps
        )

    gan.fit(take_steps(head_start, generator_rate=0.0), verbose=0)
    data = take_steps(steps_between, generator_rate=0.005)
    latents = gan.prior.sample(512, seed=1)

    norms, scores, means = [], [], []
    for epoch in range(num_points):
        fakes = gan.synthesize(latents, batch_size=512)
        logits = discriminator.predict(fakes, batch_size=512, verbose=0)
        norms.append(gradient_norm(gan, latents))
        scores.append(float(keras.ops.mean(gan.loss.score(logits))))
        means.append(float(fakes.mean()))
        gan.fit(data, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
    steps = steps_between * np.arange(num_points)
    return steps, np.array(norms), np.array(scores), np.array(means)


def draw(runs, path):
    figure = style.new_figure(9, 7.2)
    titles = {
        "The generator's gradient": "its length over all weights, on a log scale",
        "D(G(z))": "the probability that D gives to a fake being real",
        "Where the fakes are": f"their mean; the data lie around {TARGET:g}",
    }
    all_axes = figure.subplots(3, sharex=True)
    for axes, (title, subtitle) in zip(all_axes, titles.items(), strict=True):
        style.tidy(axes)
        style.set_titles(axes, title, subtitle)
    all_axes[0].set_yscale("log")
    all_axes[1].set_ylim(0, 1)
    all_axes[2].axhline(TARGET, color=style.DATA, linewidth=1, linestyle="dashed")
    for loss, (steps, *curves) in runs.items():
        for axes, curve in zip(all_axes, curves, strict=True):
            label = loss.replace("_", "-")
            axes.plot(steps, curve, color=COLOURS[loss], linewidth=2, label=label)
    all_axes[0].legend(frameon=False, fontsize=11, ncols=2)
    all_axes[-1].set_xlabel("generator steps", fontsize=11, color=style.FAINT)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=40)
    parser.add_argument("--head-start", type=int, default=600)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    runs = {
        loss: train(loss, args.points, head_start=args.head_start) for loss in COLOURS
    }
    for loss, (steps, norms, _, means) in runs.items():
        print(
            f"{loss:14}  first gradient {norms[0]:5.2f}; mean of the fakes: first "
            f"{means[0]:.1f}, after {steps[:4][-1]} steps {means[:4][-1]:.1f}, "
            f"after {steps[-1]} steps {means[-1]:.1f}"
        )
    draw(runs, args.output)
