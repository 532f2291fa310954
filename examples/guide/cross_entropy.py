"""Plot binary cross-entropy, as the loss of D and of G.

    python examples/guide/cross_entropy.py

Left: the discriminator's loss, by its logit. Right: the gradient that the generator
gets for a fake with this logit, with the minimax and with the non-saturating loss.
"""

import argparse
from pathlib import Path

from keras_gan import backend, losses
from keras_gan.plotting import style

import keras
import numpy as np

MINIMAX, NON_SATURATING = losses.Minimax(), losses.NonSaturating()


def slopes(loss, logits):
    """Return the derivative of a loss with respect to each logit."""
    _, gradient = backend.input_gradient(loss, keras.ops.convert_to_tensor(logits))
    return keras.ops.convert_to_numpy(gradient) * len(logits)  # undo the mean


def draw(path):
    logits = np.linspace(-6, 6, 241, dtype="float32")
    real_cost = np.log1p(np.exp(-logits))  # -log D(x)
    fake_cost = np.log1p(np.exp(logits))  # -log(1 - D(G(z)))

    figure = style.new_figure(9, 3.9)
    d_axes, g_axes = figure.subplots(1, 2)
    for axes in (d_axes, g_axes):
        style.tidy(axes)
        axes.set_xlabel("logit: D is the sigmoid of it", fontsize=11, color=style.FAINT)
        axes.axvline(0, color=style.RULE, linewidth=1)

    style.set_titles(
        d_axes, "The discriminator's loss", "for a real example, for a fake"
    )
    d_axes.plot(logits, real_cost, color=style.DATA, label="real: $-\\log D$")
    d_axes.plot(
        logits, fake_cost, color=style.DISCRIMINATOR, label="fake: $-\\log(1 - D)$"
    )

    style.set_titles(
        g_axes, "The generator's gradient", "with respect to the logit of a fake"
    )
    for loss, colour, label in (
        (MINIMAX, style.OTHER, "minimax: $\\log(1 - D)$"),
        (NON_SATURATING, style.GENERATOR, "non-saturating: $-\\log D$"),
    ):
        slope = -slopes(loss.generator_loss, logits)
        g_axes.plot(logits, slope, color=colour, label=label)
    d_axes.legend(frameon=False, fontsize=11)
    g_axes.set_ylim(0, 1.35)
    g_axes.legend(frameon=False, fontsize=11, loc="upper center")
    style.save(figure, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    name = f"runs/guide/{Path(__file__).stem}.png"
    parser.add_argument("--output", type=Path, default=Path(name))
    args = parser.parse_args()

    logit = np.float32([-6.0])  # D(G(z)) = 0.0025: a fake that D recognises
    for loss in (MINIMAX, NON_SATURATING):
        slope = -slopes(loss.generator_loss, logit)[0]
        print(f"slope where D(G(z)) = 0.0025, {type(loss).__name__}: {slope:.4f}")
    draw(args.output)
