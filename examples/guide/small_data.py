"""Show how D overfits on few pictures.

    python examples/guide/small_data.py

The same GAN on 100 pictures and on 8,000. D is evaluated on three kinds of pictures:
those it was trained on, real ones that it never saw, and fakes.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np

KINDS = {"training": style.DATA, "unseen": style.OTHER, "fakes": style.GENERATOR}


def train(num_images, num_points=15, steps_between=60):
    """Return the mean D of each kind, in the course of training on `num_images`."""
    keras.utils.set_random_seed(0)
    everything = keras_gan.datasets.fashion_mnist(batch_size=num_images + 1000)[0]
    training, unseen = everything[:num_images], everything[num_images:]
    generator, discriminator = keras_gan.architectures.dcgan(
        (28, 28, 1), latent_dim=16, width=12, kernel_size=4
    )
    gan = keras_gan.GAN(generator, discriminator, seed=0)
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        share_fakes=True,
    )
    rng = np.random.default_rng(0)
    curves = {kind: [] for kind in KINDS}
    for _ in range(num_points):
        chosen = rng.integers(num_images, size=64 * steps_between)
        gan.fit(training[chosen], batch_size=64, verbose=0)
        kinds = training[:1000], unseen, gan.generate(1000, seed=1)
        for curve, images in zip(curves.values(), kinds, strict=True):
            logits = discriminator.predict(images, batch_size=500, verbose=0)
            curve.append(float(np.mean(1 / (1 + np.exp(-logits)))))
    return steps_between * (np.arange(num_points) + 1), curves


def draw(runs, path):
    figure = style.new_figure(9, 3.9)
    all_axes = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for axes, (num_images, (steps, curves)) in zip(all_axes, runs.items(), strict=True):
        style.tidy(axes)
        style.set_titles(
            axes, f"{num_images:,} pictures", "mean D(x), by kind of picture"
        )
        for kind, curve in curves.items():
            axes.plot(steps, curve, color=KINDS[kind], linewidth=2, label=kind)
        axes.axhline(0.5, color=style.FAINT, linewidth=1, linestyle="dashed")
        axes.set_ylim(0, 1)
        axes.set_xlabel("steps", fontsize=11, color=style.FAINT)
    all_axes[0].legend(frameon=False, fontsize=11)
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, nargs="+", default=[100, 8000])
    parser.add_argument("--points", type=int, default=15)
    parser.add_argument("--steps-between", type=int, default=60)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    runs = {
        count: train(count, args.points, args.steps_between) for count in args.images
    }
    for count, (steps, curves) in runs.items():
        last = ", ".join(f"{kind} {curve[-1]:.2f}" for kind, curve in curves.items())
        print(f"{count:5,} pictures, D after {steps[-1]} steps: {last}")
    draw(runs, args.output)
