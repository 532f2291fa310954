"""Charts of a training log: Matplotlib's SVG, coloured by the page's style sheet."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from keras_gan.plotting import style
from keras_gan.plotting import svg as svg_file
from keras_gan.plotting.svg import COLOURS

Points = tuple[Sequence[int], Sequence[float]]  # epochs, values
Line = tuple[str, str, Points]  # label, name of its colour in `COLOURS`, points
Panel = tuple[str, str, tuple[float, ...], list[Line]]

SIZE = (6.4, 2.0)  # inches
LEFT, RIGHT, BOTTOM, TOP = (
    0.09,
    0.98,
    0.13,
    0.95,
)  # edges of the axes, as shares of the size
MAX_DOTS = 12  # so few values have dots

# Title, subtitle, values that the axis always contains, and the lines: the name in
# the log, the label, the colour.
PANELS = (
    (
        "Precision and recall",
        "The share of fakes among the real images, and the reverse.",
        (0.0, 1.0),
        (
            ("val_precision", "precision", "generator"),
            ("val_recall", "recall", "data"),
        ),
    ),
    (
        "Losses",
        "What each player minimises. Each one's target moves with the other.",
        (),
        (
            ("d_loss", "discriminator", "discriminator"),
            ("g_loss", "generator", "generator"),
        ),
    ),
    (
        "D(x) and D(G(z))",
        "The probability, by the discriminator, that a sample is real. "
        "At 1/2 it cannot tell.",
        (0.0, 1.0),
        (
            ("real_score", "real data", "data"),
            ("fake_score", "generated", "generator"),
        ),
    ),
    (
        "Penalty",
        "The discriminator's weighted penalty terms.",
        (0.0,),
        (("penalty", "penalty", "discriminator"),),
    ),
)


def panels(curves: Mapping[str, Points]) -> list[Panel]:
    """Choose what to draw: `(title, subtitle, range, lines)` for each chart.

    Args:
        curves: dict from a result's name to `(epochs, values)`.

    Returns:
        List of panels for the results that are there. A validation metric that no
        panel knows has one of its own.
    """
    known = {name for *_, lines in PANELS for name, _, _ in lines}
    others = [n for n in curves if n.startswith("val_") and n not in known]
    found = [_metric_panel(name) for name in others] + list(PANELS)
    drawn = []
    for title, subtitle, span, lines in found:
        there = [(label, c, curves[name]) for name, label, c in lines if name in curves]
        if there:
            drawn.append((title, subtitle, span, there))
    return drawn


def svg(
    title: str, span: Sequence[float], lines: Sequence[Line], num_epochs: int
) -> str:
    """Draw one panel as an SVG element for an HTML page.

    The same values give the same bytes.

    Args:
        title: str, the accessible name.
        span: values that the axis always contains.
        lines: list of `(label, colour, (epochs, values))`.
        num_epochs: int, the right end of the axis.
    """
    with matplotlib.rc_context(svg_file.settings(title)):
        figure = _figure(span, lines, num_epochs)
    return svg_file.inline(figure, title)


def position(epoch: int, num_epochs: int) -> float:
    """Return the horizontal position of an epoch, as a share of the width."""
    first = min(1, num_epochs - 1)
    return LEFT + (epoch - first) / (num_epochs - first) * (RIGHT - LEFT)


def axis_ticks(values: Sequence[float], span: Sequence[float] = ()) -> np.ndarray:
    """Return round numbers, equally far apart, that enclose all finite values.

    Args:
        values: the values to draw.
        span: values that the ticks enclose in any case.
    """
    finite = [v for v in (*values, *span) if np.isfinite(v)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if low == high:
        low, high = (low / 2, low * 1.5) if low > 0 else (low, low + 1)
    ticks = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return np.where(np.abs(ticks) < 1e-12 * np.ptp(ticks), 0.0, ticks)


def _metric_panel(name):
    words = name.removeprefix("val_").replace("_", " ")
    return words.capitalize(), "Against real images.", (), ((name, words, "other"),)


def _figure(span, lines, num_epochs):
    figure = Figure(SIZE, frameon=False)
    axes = figure.add_axes((LEFT, BOTTOM, RIGHT - LEFT, TOP - BOTTOM), frameon=False)
    ticks = axis_ticks([v for _, _, (_, values) in lines for v in values], span)
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_yticks(ticks, [f"{tick:.6g}" for tick in ticks])
    axes.set_xlim(min(1, num_epochs - 1), num_epochs)
    if num_epochs == 1:
        axes.set_xticks([1])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    axes.tick_params(length=0, labelcolor=style.FAINT)
    axes.grid(axis="y", color=style.RULE, linewidth=0.7, clip_on=False)
    for label, colour, (epochs, values) in lines:
        few = np.isfinite(values).sum() <= MAX_DOTS
        axes.plot(
            epochs,
            np.where(np.isfinite(values), values, np.nan),  # a gap in the line
            color=COLOURS[colour],
            linewidth=1.25,
            marker="o" if few else None,
            markersize=3.5,
            label=label,
            clip_on=False,
        )
    return figure
