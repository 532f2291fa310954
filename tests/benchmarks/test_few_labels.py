"""The table of the classifier with few labels: errors, paired by their seeds."""

import importlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from scipy import stats

pytestmark = pytest.mark.backends("torch", reason="no backend code: run once")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def few_labels(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("few_labels")


def test_fewer_errors_are_paired(few_labels):
    classical, other = [0.2, 0.3, 0.1], [0.1, 0.24, 0.09]  # 50%, 20%, 10% fewer
    mean, spread = few_labels.fewer_errors(classical, other)
    assert mean == pytest.approx(0.8 / 3)
    low, high = stats.t.interval(0.95, 2, mean, stats.sem([0.5, 0.2, 0.1]))
    assert (mean - spread, mean + spread) == pytest.approx((low, high))
    assert few_labels.fewer_errors([0.2], [0.1]) == (0.5, None)


def test_finished_seeds_are_kept_and_printed(few_labels, monkeypatch, tmp_path):
    accuracies = {"classical": 0.8, "generated": 0.79, "pseudo_labels": 0.82}
    accuracies |= {"discriminator": 0.84, "two_classifiers": 0.83}
    accuracies |= {"semi_supervised": 0.85, "seconds": 1}
    for seed in range(2):
        path = tmp_path / f"labels_20_seed_{seed}.json"
        path.write_text(json.dumps(accuracies))
    trained = []

    def train(labels, seed, folder, settings):
        trained.append((labels, seed, settings["width"]))
        return accuracies

    monkeypatch.setattr(few_labels, "train", train)
    arguments = ["--labels", "20", "--labels", "50", "--seeds", "3", "--width", "8"]
    result = CliRunner().invoke(
        few_labels.main, [*arguments, "--output", str(tmp_path)], catch_exceptions=False
    )
    assert trained == [(20, 2, 8), (50, 0, 8), (50, 1, 8), (50, 2, 8)]
    assert "| semi_supervised | 15.0% | 25.0% ± 0.0% |" in result.output
    assert "| generated | 21.0% | -5.0% ± 0.0% |" in result.output
    one = few_labels.table(20, [accuracies])
    assert "| semi_supervised | 15.0% | 25.0% |" in one
    for number in (20, 50):
        assert (tmp_path / f"labels_{number}.md").read_text() in result.output
