"""The benchmark of translation, with tiny settings."""

import importlib
import json
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from keras_gan import datasets, presets, runs

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.fixture
def translation(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    module = importlib.import_module("translation")
    monkeypatch.setattr(module, "STEPS_PER_EPOCH", 1)
    return module


@pytest.fixture
def arrays(tmp_path):
    """Images of which those of B are darker, in a file as --save-arrays writes it."""
    rng = np.random.default_rng(0)
    images = {"name": np.array("openmoji")}
    for split, number in (("train", 8), ("test", 132)):
        images[f"{split}_a"] = rng.integers(0, 256, (number, 64, 64, 3), "uint8")
        images[f"{split}_b"] = images[f"{split}_a"] // 2
    np.savez_compressed(tmp_path / "arrays.npz", **images)
    return tmp_path / "arrays.npz"


@pytest.mark.slow
@pytest.mark.parametrize("length", [("--steps", 1), ("--minutes", 0.0001)])
def test_a_table_with_what_no_training_gives(translation, arrays, tmp_path, length):
    options = ["--width", 4, "--discriminator-width", 4, "--seeds", 1, *length]
    options += ["--arrays", arrays, "--output", tmp_path / "runs", "--batch-size", 2]
    translation.main([str(each) for each in options], standalone_mode=False)
    text = (tmp_path / "runs" / "openmoji.md").read_text()
    assert [line.split("|")[1].strip() for line in text.splitlines()] == [
        *("a to b", "---", "the input", "nearest training pair", "mean image"),
        *("median image", "pix2pix, 1 seeds"),
    ]
    known = json.loads((tmp_path / "runs" / "openmoji-baselines.json").read_text())
    assert known["the input"]["a_to_b"]["l1"] == pytest.approx(0.25, abs=0.01)
    folder = tmp_path / "runs" / "openmoji-pix2pix-0"
    found = json.loads(folder.with_suffix(".json").read_text())
    assert found["steps"] == 1
    assert set(known["the input"]["a_to_b"]) == set(found["metrics"]["a_to_b"])
    assert (folder / "model.keras").is_file()
    with Image.open(folder / "grid.png") as grid:
        assert grid.size == (3 * 66 - 2, 16 * 66 - 2)


def test_inverted_colours_are_found(translation):
    targets = np.full((4, 8, 8, 3), 200, "uint8")
    assert translation.inverted(targets, 255 - targets) == 1
    assert translation.inverted(targets, targets) == 0


@pytest.mark.slow
def test_a_run_is_measured_and_shipped(translation, tmp_path, monkeypatch, eager):
    """The weights of a run lie where `from_preset` looks, with its figures."""
    rng = np.random.default_rng(0)

    def few(split="train", **options):
        number = 132 if split == "test" else 2
        images = rng.integers(0, 256, (number, 64, 64, 3), "uint8")
        return datasets.pairs(images, images // 2, **{"batch_size": 1} | options)

    monkeypatch.setitem(datasets.loading.SOURCES, "openmoji", few)
    small = {"width": 2, "discriminator_width": 2}
    preset = presets.get("pix2pix_openmoji").replace(
        arguments=small, num_images=2, batch_size=1
    )
    run = runs.Run(tmp_path / "run", preset, num_evaluated=4)
    run.begin()
    run.train(progress=False)
    options = ["--run", tmp_path / "run", "--ship", tmp_path / "shipped"]
    options += ["--output", tmp_path / "out"]
    translation.main([str(each) for each in options], standalone_mode=False)
    folder = tmp_path / "shipped" / "pix2pix_openmoji"
    card = json.loads((folder / "1/assets.extra/model_card.json").read_text())
    assert card["training"]["images"] == 2
    assert any("l1" in line for line in card["metrics"])
    kept = presets.get("pix2pix_openmoji").trained_name("a_to_b")
    assert kept == folder.name
    assert "Generated images" in (tmp_path / "shipped/README.md").read_text()
    with pytest.raises(click.UsageError, match="--ship needs the folder"):
        translation.main(["--ship", "x"], standalone_mode=False)
