"""The recipes that `auto` chooses among are trained and measured on a folder."""

import importlib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from keras_gan import metrics
from keras_gan.runs import Run

pytestmark = pytest.mark.backends("torch", reason="a benchmark: run once")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def recipes(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("recipes")


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "pictures").mkdir()
    for i in range(20):
        pixels = rng.integers(0, 256, (16, 16, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / "pictures" / f"{i}.png")
    return tmp_path / "pictures"


def fit_to(run, minutes, data=None):
    """Train one step, whatever the time."""
    run.preset = run.preset.replace(num_images=run.preset.batch_size)


def test_a_recipe_is_trained_and_measured(recipes, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "fit_to", fit_to)
    monkeypatch.setattr(recipes.metrics, "EfficientNetLite0", metrics.RawSamples)
    monkeypatch.setattr("keras_gan.presets.recommendation._metrics", lambda seen: ())
    monkeypatch.chdir(tmp_path)
    asked = ["--data", str(folder), "--minutes", "4", "--recipe", "dcgan"]
    done = CliRunner().invoke(recipes.main, asked, catch_exceptions=False)
    assert "DCGAN with R1: the cheapest steps" in done.output
    *_, halves, row = done.output.splitlines()
    assert halves.startswith("| one half of the pictures |")
    assert row.startswith("| dcgan, chosen | 16 | 0 |")
    assert (tmp_path / "runs/recipes/dcgan-4min-0/grid.png").exists()
    again = CliRunner().invoke(recipes.main, asked, catch_exceptions=False)
    assert again.output.splitlines()[-1] == row  # kept, not trained anew
