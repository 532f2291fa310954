"""Curves as inline SVG, coloured by the page's style sheet."""

import math
from html import escape

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 10, 24
FEW = 12

# Title, what it means, the range to show at least, and the curves: the name in the
# log, the name on the page, the colour.
PANELS = (
    (
        "Precision and recall",
        "How many fakes lie among the real images, and the reverse.",
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
        "What keeps the discriminator smooth, as weighted.",
        (0.0,),
        (("penalty", "penalty", "discriminator"),),
    ),
)


def panels(curves):
    """What to draw of a log: `(title, subtitle, range, [(label, colour, points)])`.

    Args:
        curves: dict from a result's name to `(epochs, values)`.
    """
    known = {name for *_, lines in PANELS for name, _, _ in lines}
    others = [n for n in curves if n.startswith("val_") and n not in known]
    found = [_measured(name) for name in others] + list(PANELS)
    drawn = []
    for title, subtitle, span, lines in found:
        there = [(label, c, curves[name]) for name, label, c in lines if name in curves]
        if there:
            drawn.append((title, subtitle, span, there))
    return drawn


def _measured(name):
    words = name.removeprefix("val_").replace("_", " ")
    return words.capitalize(), "Against real images.", (), ((name, words, "other"),)


def svg(title, span, lines, num_epochs):
    """One panel.

    Args:
        title: str, for those who cannot see it.
        span: values that the axis holds in any case.
        lines: list of `(label, colour, (epochs, values))`.
        num_epochs: int, the right end of the axis.
    """
    values = [v for _, _, (_, each) in lines for v in each if math.isfinite(v)]
    values = [*values, *span] or [0.0, 1.0]
    ticks = nice_ticks(min(values), max(values))
    x = _scale(1 if num_epochs > 1 else 0, max(num_epochs, 1), LEFT, WIDTH - RIGHT)
    y = _scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [_rule(y(tick), _number(tick)) for tick in ticks]
    parts += [_epoch(x(tick), tick) for tick in _epoch_ticks(num_epochs)]
    parts += [_line(colour, points, x, y) for _, colour, points in lines]
    ends = f'data-left="{x(1):.1f}" data-right="{x(num_epochs):.1f}"'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        f'data-last="{num_epochs}" {ends}>{"".join(parts)}'
        f'<line class="cursor" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/></svg>'
    )


def nice_ticks(low, high, most=5):
    """Round numbers, equally far apart, that hold the values between them."""
    if not high > low:
        low, high = (low / 2, high * 1.5) if low > 0 else (low, high + 1)
    rough = (high - low) / (most - 1)
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _scale(low, high, start, end):
    span = (high - low) or 1
    return lambda value: start + (value - low) / span * (end - start)


def _epoch_ticks(num_epochs, most=8):
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if num_epochs / s <= most)
    return range(step, num_epochs + 1, step)


def _rule(y, label):
    ends = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
    return (
        f'<line class="rule" {ends}/>'
        f'<text class="tick" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}'
        "</text>"
    )


def _epoch(x, epoch):
    return (
        f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="middle">{epoch}'
        "</text>"
    )


def _line(colour, points, x, y):
    """A curve, broken where a value is not finite; a few values have dots too."""
    runs, current = [], []
    for epoch, value in zip(*points, strict=True):
        if math.isfinite(value):
            current.append(f"{x(epoch):.1f},{y(value):.1f}")
        elif current:
            runs, current = [*runs, current], []
    runs = [*runs, current] if current else runs
    drawn = [f'<polyline class="{colour}" points="{" ".join(run)}"/>' for run in runs]
    points = [point.split(",") for run in runs for point in run]
    if len(points) <= FEW:
        drawn += [
            f'<circle class="{colour}" cx="{x}" cy="{y}" r="3"/>' for x, y in points
        ]
    return "".join(drawn)


def _number(value):
    return f"{value:.6g}"
