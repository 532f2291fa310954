"""Scatter plots of two-dimensional data."""

import os
from collections.abc import Callable

import numpy as np
from keras import ops
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from keras_gan.plotting import style


def scatter_2d(
    real,
    fake,
    path: str | os.PathLike | None = None,
    discriminator: Callable | None = None,
) -> Figure:
    """Plot real and generated points over the discriminator's probabilities.

    The axes fit the real points, so that plots of different epochs can be compared.
    The title counts the generated points outside them.

    Args:
        real: array or tensor `(num_points, 2)`, or None.
        fake: array or tensor `(num_points, 2)`.
        path: file to save to, or None; its suffix gives the format.
        discriminator: callable from float32 points `(num_points, 2)` to the
            PROBABILITY that each is real, or None. It is drawn as a surface, with a
            dashed line where it is 1/2.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: if a shape is another, or the discriminator gives logits.

    Example:

    ```python
    keras_gan.plotting.scatter_2d(
        real,
        gan.generate(1000, seed=0),
        path="ring.png",
        discriminator=lambda points: keras.ops.sigmoid(gan.discriminator(points)),
    )
    ```

    Goodfellow et al. 2014, "Generative Adversarial Nets", arXiv:1406.2661: its
    figure 1 shows the same, in one dimension.
    """
    fake = _points(fake, "fake")
    real = None if real is None else _points(real, "real")
    centre, half = _frame(fake if real is None else real)

    figure = style.new_figure(6.6 if discriminator is None else 7.4, 6.6)
    axes = figure.subplots()
    style.tidy(axes)
    axes.set_aspect("equal")
    axes.set_xlim(centre[0] - half, centre[0] + half)
    axes.set_ylim(centre[1] - half, centre[1] + half)
    axes.grid(visible=False)
    if discriminator is not None:
        _draw_surface(figure, axes, discriminator, centre, half)
    if real is not None:
        axes.scatter(*real.T, **_dots(len(real)), color=style.DATA, label="real")
    axes.scatter(*fake.T, **_dots(len(fake)), color=style.GENERATOR, label="generated")
    _draw_legend(axes)
    num_outside = int((np.abs(fake - centre) > half).any(axis=1).sum())
    if num_outside:
        note = f"{num_outside} of {len(fake)} generated points lie outside"
        axes.set_title(note, loc="right", fontsize=10.5, color=style.FAINT, pad=10)
    style.save(figure, path)
    return figure


def _points(points, name):
    points = np.asarray(ops.convert_to_numpy(points), "float32")
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(
            f"`{name}` must be points of shape (num_points, 2). Received the shape "
            f"{points.shape}."
        )
    if not np.isfinite(points).all():
        raise ValueError(f"`{name}` contains NaN or infinity.")
    return points


def _frame(points):
    low, high = points.min(axis=0), points.max(axis=0)
    return (low + high) / 2, 0.62 * max(*(high - low), 1e-3)


def _dots(num_points):
    """Return the style of the dots, which are smaller the more there are."""
    size = float(np.clip(4000 / num_points, 3, 14))
    return {"s": size, "alpha": 0.6, "linewidths": 0, "zorder": 3}


def _draw_legend(axes):
    legend = axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.01),
        ncols=2,
        frameon=False,
        fontsize=12,
        handletextpad=0.1,
        columnspacing=1.2,
        borderaxespad=0,
        borderpad=0,
        labelcolor=style.TEXT,
    )
    for handle in legend.legend_handles:
        handle.set(alpha=1, sizes=[40])


def _draw_surface(figure, axes, discriminator, centre, half, resolution=120):
    ticks = np.linspace(-half, half, resolution)
    x, y = np.meshgrid(centre[0] + ticks, centre[1] + ticks)
    points = np.stack([x.ravel(), y.ravel()], axis=1).astype("float32")
    probability = np.asarray(ops.convert_to_numpy(discriminator(points)), "float32")
    low, high = probability.min(), probability.max()
    if probability.size != len(points) or low < 0 or high > 1:
        raise ValueError(
            "`discriminator` must give one probability in [0, 1] for each of "
            f"{len(points)} points. Received the shape {probability.shape} with values "
            f"in [{low:.4g}, {high:.4g}]. For logits, wrap it: "
            "`lambda points: keras.ops.sigmoid(discriminator(points))`."
        )
    probability = probability.reshape(x.shape)
    blues = LinearSegmentedColormap.from_list("probability", ["#ffffff", "#8fbbe0"])
    levels = np.linspace(0, 1, 21)
    surface = axes.contourf(x, y, probability, levels, cmap=blues, zorder=0)
    if low < 0.5 < high:
        axes.contour(
            x,
            y,
            probability,
            [0.5],
            colors=style.DISCRIMINATOR,
            linewidths=1.4,
            linestyles="dashed",
            zorder=1,
        )
    bar = figure.colorbar(surface, ax=axes, shrink=0.5, aspect=22, pad=0.02)
    bar.set_ticks([0, 0.5, 1], labels=["0", "1/2", "1"])
    bar.ax.axhline(0.5, color=style.DISCRIMINATOR, linewidth=1.4, linestyle="dashed")
    bar.ax.tick_params(colors=style.FAINT, labelsize=10, length=0)
    bar.ax.set_title("D(x)", fontsize=11, color=style.DISCRIMINATOR, pad=8)
    bar.outline.set_visible(False)
