"""Show what a cycle leaves open: brightness kept, or inverted and inverted again.

    python examples/guide/cycle.py

A are pictures with stripes across, B with stripes down, both of any brightness. A
CycleGAN learns to turn the stripes. Whether it keeps the brightness, nothing but the
identity loss tells it.
"""

import argparse
from pathlib import Path

import keras_gan
from keras_gan.plotting import style

import keras
import numpy as np
from keras import layers

SIDE = 8
IDENTITY_WEIGHTS = (0.0, 1.0)


def stripes(num_images, axis, rng):
    """Pictures of one brightness each, with stripes along an axis."""
    brightness = rng.uniform(-0.7, 0.7, (num_images, 1, 1, 1))
    line = np.where(np.arange(SIDE) % 4 < 2, 0.3, -0.3)
    pattern = np.tile(line, (SIDE, 1))
    pattern = pattern.T if axis == 0 else pattern
    return (brightness + pattern[None, ..., None]).astype("float32")


def translator():
    """A small network whose outputs see their surroundings."""
    hidden = [layers.Conv2D(24, 5, padding="same", activation="relu") for _ in range(2)]
    last = layers.Conv2D(1, 5, padding="same", activation="tanh")
    return keras.Sequential([keras.Input((SIDE, SIDE, 1)), *hidden, last])


def discriminator():
    """A small network that sees the whole picture."""
    first = layers.Conv2D(24, 4, strides=2, padding="same")
    head = [layers.LeakyReLU(0.2), layers.Flatten(), layers.Dense(1)]
    return keras.Sequential([keras.Input((SIDE, SIDE, 1)), first, *head])


def train(identity_weight, seed, num_steps=500):
    """Train, and return brightness before and after, and the cycle's error."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    networks = translator(), translator(), discriminator(), discriminator()
    gan = keras_gan.models.CycleGAN(*networks, seed=seed)
    gan.compile(
        keras.optimizers.Adam(2e-3, beta_1=0.5),
        keras.optimizers.Adam(2e-3, beta_1=0.5),
        identity_weight=identity_weight,
    )
    data = keras_gan.datasets.unpaired(
        *(stripes(2000, axis, rng) for axis in (0, 1)), batch_size=16, seed=seed
    )
    gan.fit(data, steps_per_epoch=num_steps, verbose=0)
    images = stripes(200, 0, rng)
    made = gan.translate(images, batch_size=200)
    back = gan.translate(np.clip(made, -1, 1), "b_to_a", batch_size=200)
    before, after = (each.mean(axis=(1, 2, 3)) for each in (images, made))
    return before, after, float(np.abs(back - images).mean())


def is_kept(before, after):
    """Whether bright pictures stay bright."""
    return np.polyfit(before, after, 1)[0] > 0


def draw(runs, path):
    figure = style.new_figure(7, 3.2)
    all_axes = figure.subplots(1, len(runs), squeeze=False)[0]
    for axes, (weight, found) in zip(all_axes, runs.items(), strict=True):
        style.tidy(axes)
        axes.set_aspect("equal")
        axes.set_xlim(-0.8, 0.8)
        axes.set_ylim(-0.8, 0.8)
        axes.set_xlabel("brightness before")
        axes.set_ylabel("brightness after")
        for before, after, _ in found:
            order = np.argsort(before)
            axes.plot(before[order], after[order], color=style.GENERATOR, linewidth=1)
        style.set_titles(
            axes, f"Identity weight {weight:g}", f"{len(found)} seeds, a line each"
        )
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=5)
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    runs = {
        weight: [train(weight, seed, args.steps) for seed in range(args.seeds)]
        for weight in IDENTITY_WEIGHTS
    }
    for weight, found in runs.items():
        kept = sum(is_kept(before, after) for before, after, _ in found)
        errors = [error for *_, error in found]
        print(
            f"identity weight {weight:g}: brightness kept by {kept} of {len(found)} "
            f"seeds; mean error of the cycle {np.mean(errors):.3f}"
        )
    draw(runs, args.output)
