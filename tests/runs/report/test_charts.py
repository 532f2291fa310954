"""Curves as SVG."""

import math
import re
from xml.etree import ElementTree

import pytest

from keras_gan.runs.report import charts

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

LINE = [("loss", "other", ((1, 2, 3), (0.0, 5.0, 10.0)))]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2.5, 5, 7.5, 10]),
        (0.5, 0.75, [0.5, 0.6, 0.7, 0.8]),
        (-3, 40, [-20, 0, 20, 40]),
        (7, 7, [2, 4, 6, 8, 10, 12]),
        (0, 0, [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks(low, high, ticks):
    assert charts.nice_ticks(low, high) == pytest.approx(ticks)


@pytest.mark.parametrize("low", [-1e6, -3.7, 0, 1e-9, 0.123, 88])
@pytest.mark.parametrize("span", [1e-7, 0.3, 17, 1e9])
def test_ticks_hold_all_values(low, span):
    ticks = charts.nice_ticks(low, low + span)
    assert ticks[0] <= low + 1e-6 * span
    assert ticks[-1] >= low + span - 1e-6 * span
    assert 2 <= len(ticks) <= 7


def test_values_are_where_the_axis_says():
    root = ElementTree.fromstring(charts.svg("Loss", (), LINE, 3))
    (line,) = root.iter("polyline")
    points = [tuple(map(float, p.split(","))) for p in line.get("points").split()]
    rules = [float(rule.get("y1")) for rule in root.iter("line") if rule.get("x1")]
    assert points[0] == (charts.LEFT, max(rules))
    assert points[2] == (charts.WIDTH - charts.RIGHT, min(rules))
    assert points[1][1] == pytest.approx((max(rules) + min(rules)) / 2, abs=0.1)
    labels = [text.text for text in root.iter("text")]
    assert labels == ["0", "2.5", "5", "7.5", "10", "1", "2", "3"]


def test_a_range_that_is_always_shown():
    narrow = charts.svg("p", (), [("p", "data", ((1, 2), (0.4, 0.6)))], 2)
    whole = charts.svg("p", (0.0, 1.0), [("p", "data", ((1, 2), (0.4, 0.6)))], 2)
    assert ">1<" not in re.sub(r"middle.>\d", "", narrow)
    assert ">0.75<" in whole


def test_a_curve_breaks_where_it_is_not_finite():
    values = (1.0, 2.0, math.nan, math.inf, 3.0)
    root = ElementTree.fromstring(
        charts.svg("Loss", (), [("loss", "other", ((1, 2, 3, 4, 5), values))], 5)
    )
    lines = [line.get("points").split() for line in root.iter("polyline")]
    assert [len(line) for line in lines] == [2, 1]
    assert len(list(root.iter("circle"))) == 3


def test_nothing_but_nan_is_an_empty_chart():
    lines = [("loss", "other", ((1,), (math.nan,)))]
    root = ElementTree.fromstring(charts.svg("Loss", (), lines, 1))
    assert list(root.iter("polyline")) == []


def test_panels_take_what_is_there():
    points = ((1, 2), (0.1, 0.2))
    names = ("epoch", "d_loss", "val_recall", "val_kernel_distance", "fake_score")
    panels = charts.panels(dict.fromkeys(names, points))
    titles = [title for title, *_ in panels]
    assert titles == [
        "Kernel distance",
        "Precision and recall",
        "Losses",
        "D(x) and D(G(z))",
    ]
    assert [label for label, *_ in panels[2][3]] == ["discriminator"]
