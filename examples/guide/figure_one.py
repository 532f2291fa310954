"""Plot figure 1 of the first paper, from a real GAN in one dimension.

    python examples/guide/figure_one.py

Black dots: the density of the data. Green: the density of the fakes. Blue: D(x).
The lines below show G itself: the image of evenly spaced z. At the end of training the
densities agree, and D is 1/2 wherever there is data.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

MEAN, STD = 1.0, 0.4
X = np.linspace(-1, 3, 201, dtype="float32")


def train(num_steps=2000, moments=4):
    """Return snapshots `(step, fakes, D on X, G on even z)`, and the scores."""
    keras.utils.set_random_seed(0)
    generator, discriminator = keras_gan.architectures.mlp(
        (1,), 1, generator_units=(32, 32), discriminator_units=(32, 32)
    )
    prior = keras_gan.latents.Uniform(1)
    gan = keras_gan.GAN(generator, discriminator, prior=prior, seed=0)
    gan.compile(
        discriminator_optimizer=adam(num_steps),
        generator_optimizer=adam(num_steps),
        discriminator_penalties=[
            keras_gan.penalties.R1(0.1),
            keras_gan.penalties.R2(0.1),
        ],
    )
    data = keras_gan.datasets.Mixture(
        [[MEAN]], STD, batch_size=1024, steps_per_epoch=max(num_steps // 40, 1)
    )
    latents = prior.sample(50_000, seed=1)
    even = np.linspace(-0.98, 0.98, 25, dtype="float32")[:, None]

    snapshots, history = [], {"real_score": [], "fake_score": []}
    num_epochs = num_steps // len(data)
    shown = {0, 1, num_epochs // 8, num_epochs}
    for epoch in range(num_epochs + 1):
        if epoch in shown:
            fakes = gan.synthesize(latents, batch_size=10_000)[:, 0]
            logits = discriminator(X[:, None])
            probability = keras.ops.convert_to_numpy(keras.ops.sigmoid(logits))[:, 0]
            step = epoch * len(data)
            snapshots.append((step, fakes, probability, gan.synthesize(even)[:, 0]))
        if epoch < num_epochs:
            fit = gan.fit(data, initial_epoch=epoch, epochs=epoch + 1, verbose=0)
            for name, values in history.items():
                values.append(fit.history[name][0])
    return snapshots, history


def adam(num_steps):
    rate = keras.optimizers.schedules.CosineDecay(1e-3, num_steps)
    return keras.optimizers.Adam(rate, beta_1=0.5)


def draw(snapshots, history, path):
    figure = style.new_figure(10, 6)
    top, bottom = figure.subfigures(2, height_ratios=(1.6, 1))
    panels = top.subplots(
        2, len(snapshots), sharex=True, height_ratios=(3, 1), squeeze=False
    )
    truth = np.exp(-0.5 * ((X - MEAN) / STD) ** 2) / (STD * np.sqrt(2 * np.pi))
    for (density, arrows), (step, fakes, probability, ends) in zip(
        panels.T, snapshots, strict=True
    ):
        style.tidy(density)
        density.grid(visible=False)
        density.set_ylim(0, 1.6)
        density.set_yticks([])
        density.plot(X, truth, ":", color=style.DATA, linewidth=2)
        height, edges = np.histogram(fakes, 120, (-1, 3), density=True)
        middles = (edges[1:] + edges[:-1]) / 2
        density.plot(middles, height, color=style.GENERATOR, linewidth=1.6)
        density.plot(X, probability, "--", color=style.DISCRIMINATOR, linewidth=1.6)
        density.set_title(f"after {step} steps", fontsize=12, color=style.TEXT)
        starts = np.linspace(-1, 3, len(ends))
        for start, end in zip(starts, ends, strict=True):
            arrows.plot([end, start], [1, 0], color=style.GENERATOR, linewidth=0.8)
        arrows.set_axis_off()
        arrows.set_xlim(-1, 3)
        arrows.set_ylim(0, 1)
    panels[0, 0].legend(
        ["data", "fakes", "D(x)"], frameon=False, fontsize=10, loc="upper right"
    )

    axes = bottom.subplots()
    style.tidy(axes)
    steps = snapshots[-1][0] * (np.arange(len(history["real_score"])) + 1)
    steps = steps / max(len(steps), 1)
    axes.plot(steps, history["real_score"], color=style.DATA, label="D(x), real data")
    axes.plot(steps, history["fake_score"], color=style.GENERATOR, label="D(G(z))")
    axes.axhline(0.5, color=style.FAINT, linewidth=1, linestyle="dashed")
    axes.set_ylim(0.3, 0.7)
    axes.set_xlabel("generator steps", fontsize=11, color=style.FAINT)
    axes.legend(frameon=False, fontsize=11, ncols=2)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2000)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    snapshots, history = train(args.steps)
    _, fakes, probability, _ = snapshots[-1]
    print(f"data:  mean {MEAN:.2f}, standard deviation {STD:.2f}")
    print(f"fakes: mean {fakes.mean():.2f}, standard deviation {fakes.std():.2f}")
    near = np.abs(X - MEAN) < 2 * STD
    low, high = probability[near].min(), probability[near].max()
    print(f"D(x) within two deviations of the data's mean: {low:.2f} to {high:.2f}")
    print(
        "scores of the last epoch: real {real_score[0]:.3f}, "
        "fake {fake_score[0]:.3f}".format(
            **{name: values[-1:] for name, values in history.items()}
        )
    )
    draw(snapshots, history, args.output)
