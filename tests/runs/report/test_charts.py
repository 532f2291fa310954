"""Charts of the report."""

import math
import re
from xml.etree import ElementTree

import matplotlib
import pytest

from keras_gan.runs.report import charts

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

LINE = [("loss", "other", ((1, 2, 3), (0.0, 5.0, 10.0)))]


def draw(title="Loss", span=(), lines=LINE, num_epochs=3):
    return ElementTree.fromstring(charts.svg(title, span, lines, num_epochs))


def paths(root, colour):
    """The points of all lines of a colour: `[[(x, y), ...], ...]`, broken at gaps."""
    marks = {mark for defs in root.iter("defs") for mark in defs.iter("path")}
    lines = [
        path.get("d")
        for path in root.iter("path")
        if f"stroke: var(--{colour})" in path.get("style") and path not in marks
    ]
    return [
        [tuple(map(float, point.split())) for point in piece.split("L")]
        for line in lines
        for piece in line.split("M")[1:]
    ]


def labels(root):
    return [text.text for text in root.iter("text")]


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0, 10), [0, 2.5, 5, 7.5, 10]),
        ((0.5, 0.75), [0.5, 0.6, 0.7, 0.8]),
        ((-3, 40), [-20, 0, 20, 40]),
        ((7, 7), [2, 4, 6, 8, 10, 12]),
        ((0, 0), [0, 0.25, 0.5, 0.75, 1]),
        ((math.nan, math.inf), [0, 0.25, 0.5, 0.75, 1]),
    ],
)
def test_ticks(values, ticks):
    assert charts.axis_ticks(values) == pytest.approx(ticks)


@pytest.mark.parametrize("low", [-1e6, -3.7, 0, 1e-9, 0.123, 88])
@pytest.mark.parametrize("span", [1e-7, 0.3, 17, 1e9])
def test_ticks_enclose_all_values(low, span):
    ticks = charts.axis_ticks((low, low + span))
    assert ticks[0] <= low + 1e-6 * span
    assert ticks[-1] >= low + span - 1e-6 * span
    assert 2 <= len(ticks) <= 7


def test_values_are_where_the_axis_says():
    root = draw()
    width, height = map(float, root.get("viewBox").split()[2:])
    (line,) = paths(root, "other")
    rules = [rule[0][1] for rule in paths(root, "line")]
    assert line[0] == pytest.approx((charts.LEFT * width, max(rules)))
    assert line[2] == pytest.approx((charts.RIGHT * width, min(rules)))
    assert line[1][1] == pytest.approx((max(rules) + min(rules)) / 2)
    assert [x / width for x, _ in line] == pytest.approx(
        [charts.position(epoch, 3) for epoch in (1, 2, 3)]
    )
    assert max(rules) == pytest.approx((1 - charts.BOTTOM) * height)
    assert sorted(labels(root)) == sorted(["0", "2.5", "5", "7.5", "10", "1", "2", "3"])


def test_a_range_that_is_always_shown():
    lines = [("p", "data", ((1, 2), (0.4, 0.6)))]
    narrow = labels(draw(lines=lines, num_epochs=2))
    assert narrow == ["1", "2", "0.4", "0.45", "0.5", "0.55", "0.6"]
    whole = labels(draw(span=(0.0, 1.0), lines=lines, num_epochs=2))
    assert whole == ["1", "2", "0", "0.25", "0.5", "0.75", "1"]


def test_a_line_breaks_where_it_is_not_finite():
    values = (1.0, 2.0, math.nan, math.inf, 3.0)
    root = draw(lines=[("loss", "other", ((1, 2, 3, 4, 5), values))], num_epochs=5)
    assert [len(piece) for piece in paths(root, "other")] == [2, 1]
    assert len(list(root.iter("use"))) == 3


def test_many_values_have_no_dots():
    epochs = range(1, 31)
    root = draw(lines=[("loss", "other", (epochs, list(epochs)))], num_epochs=30)
    assert [len(piece) for piece in paths(root, "other")] == [30]
    assert list(root.iter("use")) == []


@pytest.mark.parametrize("value", [math.nan, 0.7])
def test_one_epoch(value):
    root = draw(lines=[("loss", "other", ((1,), (value,)))], num_epochs=1)
    assert labels(root)[0] == "1"
    assert len(list(root.iter("use"))) == math.isfinite(value)


def test_the_element_suits_a_page():
    text = charts.svg("D(x) & <D>", (), LINE, 3)
    assert text == charts.svg("D(x) & <D>", (), LINE, 3)
    root = ElementTree.fromstring(text)
    assert root.get("aria-label") == "D(x) & <D>"
    assert root.get("role") == "img"
    assert not re.search(r"http|url\(|<style|<metadata|20\d\d-", text)
    assert not re.search(r"#[0-9a-f]{6}\b", text)  # all colours are the page's
    ids = re.findall(r' id="([^"]*)"', text)
    assert len(ids) == len(set(ids)) == 1  # that of the dot
    assert len(text) < 6000
    other = charts.svg("Loss", (), LINE, 3)
    assert not set(ids) & set(re.findall(r' id="([^"]*)"', other))


def test_the_users_matplotlib_is_left_alone():
    before = dict(matplotlib.rcParams)
    charts.svg("Loss", (), LINE, 3)
    assert dict(matplotlib.rcParams) == before


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
