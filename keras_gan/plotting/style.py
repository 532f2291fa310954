"""Colours and style of the figures.

The colours are those of figure 1 in Goodfellow et al. 2014: the data black, the
generator's distribution green, the discriminator blue.
"""

import os

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from keras_gan.files import atomic_write

DATA = "#262626"
GENERATOR = "#2a9d4a"
DISCRIMINATOR = "#2166ac"
OTHER = "#b36a1e"
TEXT = "#262626"
FAINT = "#767676"
RULE = "#d9d9d9"


def new_figure(width: float, height: float) -> Figure:
    """Return an empty white figure.

    Args:
        width: float, in inches of 100 pixels.
        height: float, in inches of 100 pixels.
    """
    figure = Figure((width, height), dpi=100, facecolor="white", layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.16)
    return figure


def tidy(axes: Axes) -> None:
    """Reduce an axes to two thin spines and faint horizontal grid lines."""
    axes.set_facecolor("white")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(RULE)
    axes.tick_params(colors=FAINT, labelsize=10, length=0, pad=5)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def set_titles(axes: Axes, title: str, subtitle: str) -> None:
    """Write a title and a subtitle above the left edge of an axes."""
    axes.set_title(
        title,
        loc="left",
        fontsize=13,
        fontweight="bold",
        color=TEXT,
        pad=26,
    )
    axes.annotate(
        subtitle,
        (0, 1),
        (0, 10),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=10.5,
        color=FAINT,
    )


def save(figure: Figure, path: str | os.PathLike | None) -> None:
    """Save a figure at 200 dots per inch, if a path is given."""
    if path is not None:
        with atomic_write(path) as draft:
            figure.savefig(draft, dpi=200)
