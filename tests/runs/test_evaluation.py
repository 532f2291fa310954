"""Evaluation during training."""

import json

import numpy as np
import pytest

from keras_gan import metrics
from keras_gan.runs.evaluation import Evaluation


class Noise:
    num_classes = None

    def generate(self, num_images, seed=None):
        rng = np.random.default_rng(seed)
        return rng.normal(size=(num_images, 2)).astype("float32")


@pytest.fixture
def evaluation(tmp_path):
    real = np.random.default_rng(0).normal(size=(500, 2)).astype("float32")
    measures = [metrics.FrechetDistance(metrics.RawSamples())]
    made = Evaluation(measures, real, tmp_path / "metrics.json", 2, num_images=300)
    made.set_model(Noise())
    made.set_params({"epochs": 5})
    return made


def test_every_second_epoch_but_the_last(evaluation):
    logs = [{"d_loss": 0.0} for _ in range(5)]
    for epoch, results in enumerate(logs):
        evaluation.on_epoch_end(epoch, results)
    measured = ["val_frechet_distance" in results for results in logs]
    assert measured == [False, True, False, True, False]
    logs[-1] |= evaluation.run(evaluation.model, 5)
    values = [r["val_frechet_distance"] for r in logs if "val_frechet_distance" in r]
    assert values == [values[0]] * 3  # the same seed and the same sampler
    assert 0 < values[0] < 0.1


def test_the_last_results_are_written(evaluation):
    logs = {}
    evaluation.on_epoch_end(1, logs)
    facts = json.loads(evaluation.path.read_text())
    assert facts["epoch"] == 2
    assert facts["num_images"] == 300
    assert facts["metrics"] == {"frechet_distance": logs["val_frechet_distance"]}
    assert facts["described"][0].startswith("Frechet distance over")
