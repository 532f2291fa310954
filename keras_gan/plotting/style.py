"""The look of the figures.

The colours are those of figure 1 in Goodfellow et al. 2014: the data black, the
generator's distribution green, the discriminator blue.
"""

from keras_gan.plotting.files import replacing

DATA = "#262626"
GENERATOR = "#2a9d4a"
DISCRIMINATOR = "#2166ac"
OTHER = "#b36a1e"
TEXT = "#262626"
FAINT = "#767676"
RULE = "#d9d9d9"


def new_figure(width, height):
    """An empty white figure.

    Args:
        width: float, in inches of 100 pixels on the page.
        height: float, likewise.
    """
    from matplotlib.figure import Figure

    figure = Figure((width, height), dpi=100, facecolor="white", layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.16)
    return figure


def tidy(axes):
    """Strip an axes of all but two thin rules and faint lines to read values by."""
    axes.set_facecolor("white")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(RULE)
    axes.tick_params(colors=FAINT, labelsize=10, length=0, pad=5)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)


def name(axes, title, subtitle):
    """Say above the left edge of an axes what it shows."""
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


def save(figure, path):
    """Write a figure, at twice the size that it is looked at, or not at all."""
    if path is not None:
        with replacing(path) as beside:
            figure.savefig(beside, dpi=200)
