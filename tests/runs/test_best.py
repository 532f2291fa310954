"""Runs keep the best generator, stop on a plateau, and measure neutrally."""

import json

import keras
import numpy as np
import pytest

from keras_gan import metrics, presets
from keras_gan.datasets import Batches
from keras_gan.presets import Make
from keras_gan.runs import Run, evaluation, log, neutral, run

pytestmark = [
    pytest.mark.backends("torch", reason="files and choices: run once"),
    pytest.mark.usefixtures("eager"),
]

POINTS = np.random.default_rng(0).uniform(-1, 1, (96, 8, 8, 1)).astype("float32")
DISTANCE = Make("metrics.FrechetDistance", {"extractor": Make("metrics.RawSamples")})


@pytest.fixture
def measured(monkeypatch):
    """Give scripted values in place of measuring; return the generated images."""
    seen = []
    monkeypatch.setattr(run, "epochs_of", lambda steps: (6, steps // 6))
    monkeypatch.setattr(run.environment, "enable_determinism", lambda: None)
    monkeypatch.setattr(
        Run,
        "load_data",
        lambda self, split="train": Batches(POINTS, batch_size=8, shuffle=True),
    )

    def measure(metrics, real, gan, num_images, seed):
        seen.append((seed, gan.generate(4, seed=0)))
        value = [5.0, float("nan"), 3.0, 4.0, 3.5, 1.0][min(len(seen), 6) - 1]
        return {"metrics": {"frechet_distance": value}, "described": ["It is so."]}

    monkeypatch.setattr(evaluation, "measure", measure)
    return seen


def new_run(folder, **settings):
    preset = presets.get("mlp").replace(
        image_shape=(8, 8, 1),
        dataset="none",
        batch_size=8,
        num_images=96,
        metrics=(DISTANCE,),
    )
    return Run(folder, preset, evaluate_every=1, checkpoint_every=100, **settings)


def test_a_plateau_ends_training_and_the_best_is_saved(tmp_path, measured):
    one = new_run(tmp_path / "run", keep_best="frechet_distance", patience=2)
    one.begin()
    gan = one.train(progress=False)
    # NaN does not count: 5, 3 and then two that are no better.
    rows = log.read(one.folder / "log.csv")
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4, 5]
    best = measured[2][1]
    np.testing.assert_array_equal(gan.generate(4, seed=0), best)
    loaded = keras.saving.load_model(one.folder / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(4, seed=0), best)
    # Measured once more, on other images.
    seed, images = measured[-1]
    assert seed == 1
    np.testing.assert_array_equal(images, best)
    facts = json.loads((one.folder / "metrics.json").read_text())
    assert facts["epoch"] == facts["kept"]["epoch"] == 3
    assert facts["kept"]["value"] == 3.0
    assert facts["kept"]["last_epoch"] == 5
    assert facts["kept"]["num_results"] == 5
    assert one.is_finished
    assert Run.open(one.folder).is_evaluated
    page = (one.folder / "report.html").read_text()
    assert "The generator of epoch 3 of 5 was kept, the best of 5 by the" in page


def test_the_last_epoch_may_be_the_best(tmp_path, measured):
    one = new_run(tmp_path / "run", keep_best="frechet_distance")
    one.begin()
    gan = one.train(progress=False)
    np.testing.assert_array_equal(gan.generate(4, seed=0), measured[5][1])
    assert evaluation.read(one.folder / "metrics.json")["kept"]["epoch"] == 6


def test_a_resumed_run_keeps_counting(tmp_path, measured, monkeypatch):
    """Stopped after the third evaluation, and gone on with to the same end."""
    one = new_run(tmp_path / "run", keep_best="frechet_distance", patience=2)
    one.begin()
    chosen = one._callbacks

    def stop(epoch, logs):
        if epoch == 3:
            raise KeyboardInterrupt

    def stopping(gan, data, steps):
        callback = keras.callbacks.LambdaCallback(on_epoch_begin=stop)
        *most, checkpoint = chosen(gan, data, steps)
        checkpoint.every = "epoch"
        return [*most, callback, checkpoint]

    monkeypatch.setattr(one, "_callbacks", stopping)
    with pytest.raises(KeyboardInterrupt):
        one.train(progress=False)
    again = Run.open(one.folder)
    gan = again.train(progress=False)
    assert len(measured) == 6  # five, and once more at the end
    np.testing.assert_array_equal(gan.generate(4, seed=0), measured[2][1])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 2}, "say by which metric, as in `--keep-best"),
        ({"keep_best": "fid"}, "measures frechet_distance on these data"),
        ({"keep_best": "frechet_distance", "patience": 0}, "patience.*Received: 0"),
    ],
)
def test_what_cannot_be_watched(tmp_path, settings, message):
    with pytest.raises(ValueError, match=message):
        new_run(tmp_path / "run", **settings).check()


def test_measures_are_neutral(monkeypatch):
    preset = presets.get("projected_emoji_64")
    neutral.check(preset)

    class Seen(metrics.EfficientNetLite0):
        def __init__(self):
            self.name = "seen"

    metric = metrics.FrechetDistance(metrics.RawSamples())
    metric.extractor = Seen()
    with pytest.raises(ValueError, match="no neutral measure of 'projected_emoji"):
        neutral.check(preset, [metric])
    neutral.check(presets.get("r3gan_emoji_64"), [metric])
    neutral.check(None, [metric])
