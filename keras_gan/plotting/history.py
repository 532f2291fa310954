"""Training curves."""

import os

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from keras_gan.plotting import style

_PLAYERS = {
    "d_loss": ("discriminator", style.DISCRIMINATOR),
    "g_loss": ("generator", style.GENERATOR),
}
_SCORES = {
    "real_score": ("D(x), real data", style.DATA),
    "fake_score": ("D(G(z)), generated", style.GENERATOR),
}
_SCORES_TITLE = "D(x) and D(G(z))"
_OTHERS = (style.OTHER, "#7b3294", "#5b7083", "#a6611a")


def plot_history(history, path: str | os.PathLike | None = None) -> Figure:
    """Plot the curves of a training run.

    The first panel shows the losses. They say little by themselves, because the
    target of each player moves with the other player. The second panel shows the
    probability, by the discriminator, that real and generated data are real. If the
    generator's distribution equals the data's, no discriminator does better than
    1/2 on both. Each validation metric has a panel below.

    Args:
        history: what `fit` returned, or its `history` dict.
        path: file to save to, or None; its suffix gives the format.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: if there is no epoch to draw.

    Example:

    ```python
    history = gan.fit(dataset, epochs=20)
    keras_gan.plotting.plot_history(history, path="history.png")
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661.
    """
    curves = getattr(history, "history", history)
    panels = _panels(curves)
    if not panels:
        raise ValueError(
            "The history has no curve to draw. Expected what `fit` returned, or a "
            "dict such as {'d_loss': [...], 'g_loss': [...]}. Received: "
            f"{curves!r}"
        )
    num_epochs = max(len(values) for values in curves.values())
    epochs = np.asarray(getattr(history, "epoch", None) or range(num_epochs)) + 1

    figure = style.new_figure(9, 0.5 + 3.0 * len(panels))
    all_axes = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
    for axes, (title, subtitle, lines) in zip(all_axes, panels, strict=True):
        style.tidy(axes)
        style.set_titles(axes, title, subtitle)
        ends = []
        for label, colour, values in lines:
            values = np.asarray(values, "float64")
            x = _validated(epochs, len(values))
            x, values = x[np.isfinite(values)], values[np.isfinite(values)]
            marker = "o" if len(x) == 1 else None
            axes.plot(x, values, color=colour, linewidth=2, marker=marker, label=label)
            ends.append((label, colour, _last(values)))
        if title == _SCORES_TITLE:
            _draw_equilibrium(axes)
            ends.insert(1, ("1/2, equilibrium", style.FAINT, 0.5))
        _label_ends(axes, ends)
    _draw_epochs(all_axes[-1], epochs)
    style.save(figure, path)
    return figure


def _panels(curves):
    """Return the panels: `(title, subtitle, [(label, colour, values), ...])`."""
    training = {k: v for k, v in curves.items() if len(v) and k[:4] != "val_"}
    validation = {k: v for k, v in curves.items() if len(v) and k[:4] == "val_"}
    names = [*_PLAYERS, *(k for k in training if k.endswith(("_loss", "penalty")))]
    colours = iter(_OTHERS * len(training))
    losses = [
        (*(_PLAYERS.get(name) or (_words(name), next(colours))), training[name])
        for name in dict.fromkeys(names)
        if name in training
    ]
    scores = [
        (*line, training[name]) for name, line in _SCORES.items() if name in training
    ]
    panels = []
    if losses:
        panels.append(("Losses", "What each player minimises", losses))
    if scores:
        subtitle = "The probability, by the discriminator, that a sample is real"
        panels.append((_SCORES_TITLE, subtitle, scores))
    for name, values in validation.items():
        title = _words(name.removeprefix("val_")).capitalize()
        line = (f"{_last(np.asarray(values)):.4g}", style.OTHER, values)
        panels.append((title, "On validation data", [line]))
    return panels


def _words(name):
    return name.replace("_", " ")


def _validated(epochs, num_values):
    """Return the epochs with validation; `validation_freq` leaves some out."""
    for frequency in range(1, len(epochs) + 1):
        validated = epochs[epochs % frequency == 0]
        if len(validated) == num_values:
            return validated
    return epochs[-num_values:]


def _last(values):
    finite = values[np.isfinite(values)]
    return finite[-1] if len(finite) else 0.0


def _draw_equilibrium(axes):
    axes.axhline(0.5, color=style.FAINT, linewidth=1.2, linestyle=(0, (5, 4)))
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0.0), max(high, 1.0))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])


def _label_ends(axes, ends):
    """Label each line at its right end; labels that would overlap are moved apart.

    Lines that end at the same height keep the order given, from the top.
    """
    low, high = axes.get_ylim()
    gap = 0.085 * (high - low)
    ends = sorted(ends, key=lambda end: -round(end[2] / gap))[::-1]
    heights = [height for _, _, height in ends]
    for _ in range(50):
        for i in range(len(heights) - 1):
            overlap = gap - (heights[i + 1] - heights[i])
            if overlap > 1e-9:
                heights[i] -= overlap / 2
                heights[i + 1] += overlap / 2
    for (label, colour, _), height in zip(ends, heights, strict=True):
        axes.annotate(
            label,
            (1, height),
            (8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=11,
            color=colour,
            annotation_clip=False,
        )


def _draw_epochs(axes, epochs):
    axes.set_xlabel("Epoch", fontsize=11, color=style.FAINT)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
    if len(epochs) > 1:
        axes.set_xlim(epochs[0], epochs[-1])
    else:
        axes.set_xticks(epochs)
