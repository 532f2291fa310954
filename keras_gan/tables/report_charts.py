"""The charts of a table's report, as SVG elements."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from keras_gan.plotting import style, svg

SMALL, WIDE = (3.2, 1.7), (7.0, 2.2)  # inches
NUM_BINS = 24
MAX_BARS = 8
NAME_LENGTH = 16


def number(title: str, real, fake, is_date: bool = False) -> str:
    """Draw the histograms of a column of numbers.

    Args:
        title: str, the column's name.
        real: `pandas.Series`, held-out rows.
        fake: `pandas.Series`, synthetic rows.
        is_date: bool, whether they are seconds since 1970.
    """
    values = [each.dropna().to_numpy("float64") for each in (real, fake)]
    if not all(map(len, values)):
        return '<p class="hint">No values.</p>'
    # Tails are cut where the real ones have 1%, or one value would be all one sees.
    low, high = np.quantile(values[0], [0.0, 0.99])
    high = max(high, low + 1e-9)
    return _histograms(title, SMALL, values, np.linspace(low, high, NUM_BINS), is_date)


def category(title: str, real, fake) -> str:
    """Draw the shares of the most frequent values of a column.

    Args:
        title: str, the column's name.
        real: `pandas.Series`, held-out rows.
        fake: `pandas.Series`, synthetic rows.
    """
    shares = [
        each.astype(object).where(each.notna(), "(missing)").astype(str)
        for each in (real, fake)
    ]
    shares = [each.value_counts(normalize=True) for each in shares]
    names = list(shares[0].index[:MAX_BARS])
    figure, axes = _figure(SMALL, (0.34, 0.13, 0.62, 0.83))
    places = np.arange(len(names))
    for offset, each, colour in ((-0.2, 0, style.DATA), (0.2, 1, style.GENERATOR)):
        heights = [float(shares[each].get(name, 0.0)) for name in names]
        axes.barh(places + offset, heights, 0.36, color=colour)
    axes.set_yticks(places, [_short(name) for name in names])
    axes.set_ylim(max(len(names), 3) - 0.5, -0.5)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="x", color=style.RULE, linewidth=0.7)
    return svg.inline(figure, f"Shares of {title}")


def distances(held: np.ndarray, near: np.ndarray) -> str:
    """Draw the distances of held-out and of synthetic rows to the training rows.

    Args:
        held: float array, of held-out rows.
        near: float array, of synthetic rows.
    """
    edges = np.linspace(
        0, max(np.quantile(np.r_[held, near], 0.99), 1e-9), 2 * NUM_BINS
    )
    return _histograms(
        "Distances to the nearest training row", WIDE, (held, near), edges
    )


def pairs(scores: dict, names: list) -> str:
    """Draw the scores of pairs of columns as a grid.

    Args:
        scores: dict from a pair of names to a score.
        names: list of the columns.
    """
    names = sorted(names, key=str)
    index = {name: i for i, name in enumerate(names)}
    grid = np.full((len(names), len(names)), np.nan)
    for (a, b), score in scores.items():
        grid[index[a], index[b]] = grid[index[b], index[a]] = score
    side = min(7.0, 1.6 + 0.22 * len(names))
    figure, axes = _figure((side + 0.6, side), (0.26, 0.26, 0.6, 0.72))
    colours = LinearSegmentedColormap.from_list("pairs", ["#8c2d04", "#fff5eb"])
    low = min(0.8, float(np.nanmin(grid)))
    # Cells are drawn one by one: an image would be a bitmap in the file.
    drawn = axes.pcolormesh(
        np.ma.masked_invalid(grid), cmap=colours, vmin=low, vmax=1.0, linewidth=0.3
    )
    axes.invert_yaxis()
    places = np.arange(len(names)) + 0.5
    shown = [_short(str(name)) for name in names]
    axes.set_xticks(places, shown, rotation=90)
    axes.set_yticks(places, shown)
    bar = figure.colorbar(drawn, cax=figure.add_axes((0.89, 0.26, 0.025, 0.72)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=7, labelcolor=style.FAINT)
    return svg.inline(figure, "Scores of pairs of columns")


def _histograms(title, size, values, edges, is_date=False):
    figure, axes = _figure(size, (0.1, 0.15, 0.87, 0.8))
    for each, colour in zip(values, (style.DATA, style.GENERATOR), strict=True):
        inside = np.clip(each, edges[0], edges[-1])
        heights = np.histogram(inside, edges)[0] / len(each)
        axes.stairs(heights, edges, color=colour, linewidth=1.3)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    if is_date:
        ticks = np.linspace(edges[0], edges[-1], 3)
        dates = ticks.astype("datetime64[s]").astype("datetime64[D]").astype(str)
        axes.set_xticks(ticks, dates)
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
    axes.grid(axis="y", color=style.RULE, linewidth=0.7)
    return svg.inline(figure, title)


def _figure(size, place):
    figure = Figure(size, frameon=False)
    axes = figure.add_axes(place, frameon=False)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=7, labelcolor=style.FAINT)
    return figure, axes


def _short(name):
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"
