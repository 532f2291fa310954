import matplotlib
import numpy as np
import pytest
from keras import ops
from matplotlib import pyplot
from matplotlib.colors import to_hex
from PIL import Image

from keras_gan import plotting
from keras_gan.plotting import style

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def size_of(path):
    with Image.open(path) as image:
        return image.size


def labels_of(axes):
    return [text.get_text() for text in axes.texts]


# plot_history

CURVES = {
    "d_loss": [0.7, 1.0, 1.2, 1.3],
    "g_loss": [2.4, 1.6, 1.1, 0.9],
    "real_score": [0.9, 0.7, 0.6, 0.52],
    "fake_score": [0.1, 0.3, 0.4, 0.48],
}


class History:
    def __init__(self, epoch, history):
        self.epoch = epoch
        self.history = history


def test_history_draws_each_curve_in_its_panel():
    figure = plotting.plot_history({**CURVES, "penalty": [0.3, 0.2, 0.1, 0.1]})
    losses, scores = figure.axes
    lines = {line.get_label(): line for line in losses.lines}
    assert list(lines) == ["discriminator", "generator", "penalty"]
    np.testing.assert_array_equal(lines["generator"].get_ydata(), CURVES["g_loss"])
    np.testing.assert_array_equal(lines["generator"].get_xdata(), [1, 2, 3, 4])
    assert set(labels_of(losses)) >= {"discriminator", "generator", "penalty"}
    real, fake, equilibrium = scores.lines
    np.testing.assert_array_equal(real.get_ydata(), CURVES["real_score"])
    np.testing.assert_array_equal(fake.get_ydata(), CURVES["fake_score"])
    np.testing.assert_array_equal(equilibrium.get_ydata(), [0.5, 0.5])
    assert equilibrium.is_dashed()
    assert scores.get_title(loc="left") == "D(x) and D(G(z))"
    named = {"D(x), real data", "D(G(z)), generated", "1/2, equilibrium"}
    assert set(labels_of(scores)) >= named
    assert scores.get_ylim() == (0.0, 1.0)


def test_history_gives_validation_metrics_panels_of_their_own():
    curves = {**CURVES, "val_frechet_distance": [90.0, 50.0, 40.0, 37.25]}
    figure = plotting.plot_history(curves)
    assert len(figure.axes) == 3
    panel = figure.axes[2]
    assert panel.get_title(loc="left") == "Frechet distance"
    np.testing.assert_array_equal(panel.lines[0].get_ydata(), [90, 50, 40, 37.25])
    assert "37.25" in labels_of(panel)


def test_history_counts_on_where_training_was_resumed():
    curves = {**CURVES, "val_precision": [0.5, 0.6]}
    figure = plotting.plot_history(History([10, 11, 12, 13], curves))
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_xdata(), [11, 12, 13, 14])
    # validation_freq=2 validates the even epochs.
    np.testing.assert_array_equal(figure.axes[2].lines[0].get_xdata(), [12, 14])


def test_history_labels_do_not_touch(tmp_path):
    level = [0.5, 0.5, 0.5, 0.5]
    figure = plotting.plot_history({"real_score": level, "fake_score": level})
    figure.savefig(tmp_path / "level.png")
    boxes = [text.get_window_extent() for text in figure.axes[0].texts[-3:]]
    boxes.sort(key=lambda box: box.y0)
    assert boxes[0].y1 <= boxes[1].y0 + 1
    assert boxes[1].y1 <= boxes[2].y0 + 1
    assert max(box.x1 for box in boxes) <= figure.bbox.x1


@pytest.mark.parametrize("curves", [{"d_loss": [1.0]}, {"d_loss": [np.nan, np.nan]}])
def test_history_of_one_epoch_and_of_nan(tmp_path, curves):
    path = tmp_path / "history.png"
    plotting.plot_history(curves, path)
    assert size_of(path)[0] == 1800


def test_history_leaves_the_users_matplotlib_alone(tmp_path):
    pyplot.switch_backend("pdf")
    before = dict(matplotlib.rcParams)
    plotting.plot_history(CURVES, tmp_path / "history.png")
    assert dict(matplotlib.rcParams) == before
    assert matplotlib.get_backend() == "pdf"
    assert pyplot.get_fignums() == []
    assert size_of(tmp_path / "history.png")[0] == 1800


@pytest.mark.parametrize("empty", [{}, {"d_loss": []}])
def test_history_without_an_epoch(empty):
    with pytest.raises(ValueError, match="no curve to draw"):
        plotting.plot_history(empty)


# scatter_2d


def test_scatter_shows_the_points_and_what_the_discriminator_believes(tmp_path):
    real = np.array([[-1.0, -1.0], [1.0, 1.0]])
    fake = np.array([[0.0, 0.5], [9.0, 0.0]])
    seen = []

    def discriminator(points):
        seen.append(points)
        return ops.sigmoid(ops.convert_to_tensor(3.0 * points[:, :1]))

    path = tmp_path / "points.png"
    figure = plotting.scatter_2d(real, fake, path, discriminator)
    axes = figure.axes[0]
    dots = {c.get_label(): c for c in axes.collections if len(c.get_offsets()) == 2}
    np.testing.assert_allclose(dots["real"].get_offsets(), real)
    np.testing.assert_allclose(dots["generated"].get_offsets(), fake)
    assert to_hex(dots["generated"].get_facecolor()[0]) == style.GENERATOR
    assert axes.get_xlim() == pytest.approx((-1.24, 1.24))
    assert axes.get_title(loc="right") == "1 of 2 generated points lie outside"
    [points] = seen
    assert points.dtype == np.float32
    [half] = [c for c in axes.collections if list(getattr(c, "levels", [])) == [0.5]]
    # sigmoid(3 x) is 1/2 where x is 0.
    np.testing.assert_allclose(half.get_paths()[0].vertices[:, 0], 0.0, atol=1e-6)
    assert size_of(path) == (1480, 1320)


def test_scatter_without_real_points_or_discriminator():
    figure = plotting.scatter_2d(None, [[0.0, 0.0], [2.0, 1.0]])
    [axes] = figure.axes
    assert axes.get_xlim() == pytest.approx((-0.24, 2.24))
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["generated"]


@pytest.mark.parametrize(
    ("real", "fake", "discriminator", "message"),
    [
        (None, np.zeros((5, 3)), None, r"`fake`.*\(5, 3\)"),
        (np.zeros(2), np.zeros((5, 2)), None, r"`real`.*\(2,\)"),
        (None, np.full((5, 2), np.nan), None, "`fake` contains NaN"),
        (None, np.eye(2), lambda x: 9 * x[:, 0], "For logits.*sigmoid"),
        (None, np.eye(2), lambda x: x[:3, 0], "one probability"),
    ],
)
def test_scatter_says_what_is_wrong(real, fake, discriminator, message):
    with pytest.raises(ValueError, match=message):
        plotting.scatter_2d(real, fake, discriminator=discriminator)
