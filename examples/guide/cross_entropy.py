"""Binary cross-entropy, seen from both sides of the counter.

    python examples/guide/cross_entropy.py

Left: what a verdict costs the discriminator. Right: what the same verdict on a fake
costs the generator, in the minimax and in the non-saturating game.
"""

import argparse
from pathlib import Path

import keras
import numpy as np

from keras_gan import backend, losses
from keras_gan.plotting import style

MINIMAX, NON_SATURATING = losses.Minimax(), losses.NonSaturating()


def slopes(loss, logits):
    """The derivative of a loss with respect to each logit."""
    _, gradient = backend.input_gradient(loss, keras.ops.convert_to_tensor(logits))
    return keras.ops.convert_to_numpy(gradient) * len(logits)  # undo the mean


def draw(path):
    logits = np.linspace(-6, 6, 241, dtype="float32")
    real_cost = np.log1p(np.exp(-logits))  # -log D(x)
    fake_cost = np.log1p(np.exp(logits))  # -log(1 - D(G(z)))

    figure = style.new_figure(9, 3.9)
    police, counterfeiter = figure.subplots(1, 2)
    for axes in (police, counterfeiter):
        style.tidy(axes)
        axes.set_xlabel("logit: D is the sigmoid of it", fontsize=11, color=style.FAINT)
        axes.axvline(0, color=style.RULE, linewidth=1)

    style.name(police, "The discriminator pays", "for a verdict on real, on fake")
    police.plot(logits, real_cost, color=style.DATA, label="real: $-\\log D$")
    police.plot(
        logits, fake_cost, color=style.DISCRIMINATOR, label="fake: $-\\log(1 - D)$"
    )

    style.name(counterfeiter, "The generator's slope", "how hard a fake is pushed")
    for game, colour, label in (
        (MINIMAX, style.OTHER, "minimax: $\\log(1 - D)$"),
        (NON_SATURATING, style.GENERATOR, "non-saturating: $-\\log D$"),
    ):
        push = -slopes(game.generator_loss, logits)
        counterfeiter.plot(logits, push, color=colour, label=label)
    police.legend(frameon=False, fontsize=11)
    counterfeiter.set_ylim(0, 1.35)
    counterfeiter.legend(frameon=False, fontsize=11, loc="upper center")
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    caught = np.float32([-6.0])  # D(G(z)) = 0.0025: a fake that fools nobody
    for game in (MINIMAX, NON_SATURATING):
        push = -slopes(game.generator_loss, caught)[0]
        print(f"slope where D(G(z)) = 0.0025, {type(game).__name__}: {push:.4f}")
    draw(args.output)
