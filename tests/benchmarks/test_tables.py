"""The benchmarks of quality, with tiny settings."""

import dataclasses
import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_gan import GAN, datasets, presets
from keras_gan.runs import Run

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module


def run(name, *arguments):
    command = [sys.executable, BENCHMARKS / f"{name}.py", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_step_in_both_precisions(load):
    preset = presets.get("mlp_mnist").replace(batch_size=2)
    times = load("step_precision").fastest(preset, num_steps=1)
    assert times.shape == (2,)
    assert (times > 0).all()
    assert keras.config.dtype_policy().name == "float32"


def test_a_run_that_is_kept_is_not_repeated(load, tmp_path):
    kept = load("tables.kept").Kept(tmp_path)
    assert kept.result("a", lambda: {"modes": 8}) == {"modes": 8}
    assert kept.result("a", lambda: pytest.fail("it ran again")) == {"modes": 8}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_figures_over_seeds(load):
    markdown = load("tables.markdown")
    assert markdown.over_seeds([2.0]) == "2.00"
    assert markdown.over_seeds([1.0, 2.0, 6.0], "{:.1f}") == "3.0 (1.0 to 6.0)"
    assert markdown.over_seeds([0.101, 0.102]) == "0.10", "the same to what is shown"


def test_the_gallery_shows_every_card(load, tmp_path):
    preset = presets.get("mlp_mnist")
    gan = GAN.from_preset(preset, load_weights=False, seed=0)
    facts = {
        "training": {"command": "keras-gan train mlp_mnist", "images": 1_000},
        "metrics": ["Frechet distance 12.3"],
    }
    presets.save_trained(gan, preset, tmp_path, **facts)
    load("tables.gallery").write(tmp_path)
    page = (tmp_path / "README.md").read_text()
    assert "## mlp_mnist" in page
    assert "Trained by `keras-gan train mlp_mnist` on 1,000 images" in page
    assert "Frechet distance 12.3" in page


@pytest.mark.slow
def test_mixtures(tmp_path):
    arguments = ("--images", 25_600, "--seeds", 1, "--output", tmp_path)
    recipe = "non_saturating, R1"
    table = run("mixtures", "--recipe", recipe, *arguments)
    assert f"| {recipe} |" in table
    (ring,) = (json.loads(p.read_text()) for p in tmp_path.glob("*ring*.json"))
    assert 0 <= ring["modes"] <= 8
    assert 0 <= ring["high_quality"] <= 1


def test_image_quality_reads_a_run(load, tmp_path):
    Run(tmp_path, presets.get("dcgan_fashion_mnist"), precision="float32").begin()
    measured = {"frechet_distance": 1.5, "precision": 0.8}
    (tmp_path / "metrics.json").write_text(json.dumps({"metrics": measured}))
    (tmp_path / "log.csv").write_text("epoch,images,seconds\n1,256,2.5\n2,512,4.0\n")
    found = load("image_quality").results(tmp_path)
    assert found == {**measured, "seconds": 4.0}


@pytest.mark.slow
def test_a_run_is_gone_on_with_read_and_shipped(load, tmp_path):
    runs, folder = load("tables.runs"), tmp_path / "run"
    preset = presets.get("dcgan_fashion_mnist").replace(num_images=256)
    run = runs.trained(folder, preset, 3, "float32", num_evaluated=300)
    assert run.is_finished
    model = (folder / "gan.keras").read_bytes()
    again = runs.trained(folder, preset, 4, "float32")
    assert again.settings["seed"] == 3
    assert (folder / "gan.keras").read_bytes() == model
    assert runs.seconds(folder) > 0

    runs.save_trained(folder, tmp_path / "savedmodels")
    shipped = tmp_path / "savedmodels" / "dcgan_fashion_mnist"
    path = shipped / "1" / "assets.extra" / "model_card.json"
    card = json.loads(path.read_text())
    command = "keras-gan train dcgan_fashion_mnist --seed 3 --precision float32"
    assert card["training"]["command"] == command
    assert card["training"]["images"] == 256
    assert any("300 generated" in line for line in card["metrics"])
    assert (shipped / "grid.png").is_file()


@pytest.mark.slow
def test_stacked_mnist(tmp_path):
    try:
        datasets.stacked_mnist()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    table = run(
        "stacked_mnist", "--recipe", "DCGAN", "--images", 128, "--output", tmp_path
    )
    assert "| DCGAN |" in table
    found = json.loads((tmp_path / "DCGAN-0-128.json").read_text())
    assert 1 <= found["modes"] <= 1_000
    assert found["reverse_kl"] > 1
    assert (tmp_path / "DCGAN-0-128" / "grid.png").is_file()


@pytest.fixture
def emoji():
    """The drawings of emoji, or no test."""
    try:
        return datasets.emoji()
    except FileNotFoundError as error:
        pytest.skip(str(error))


NARROW = {
    "r3gan_emoji_64": {"width": (8, 8, 8, 8)},
    "stylegan2_emoji_64": {"width": 4, "max_width": 8},
}


def test_checkerboard(load):
    module = load("small_data")
    noise = np.random.default_rng(0).normal(size=(500, 16, 16, 3))
    # Three of the 255 frequencies that noise has, for its mean is taken away.
    assert module.checkerboard(noise) == pytest.approx(1e4 * 3 / 255, rel=0.1)
    signs = 1.0 - 2.0 * (np.indices((16, 16)).sum(axis=0) % 2)
    assert module.checkerboard(signs[None, ..., None]) == pytest.approx(1e4)


@pytest.mark.slow
@pytest.mark.usefixtures("emoji")
@pytest.mark.parametrize("name", NARROW)
def test_small_data(load, tmp_path, monkeypatch, capsys, name):
    """The whole benchmark, on small networks and half of the drawings."""
    module = load("small_data")
    small = module.preset_of(name).replace(arguments=NARROW[name])
    load_all = module.load
    monkeypatch.setattr(module, "preset_of", lambda _: small)
    monkeypatch.setattr(module, "load", lambda split: load_all(split)[::2])

    def table():
        arguments = ("--images", 64, "--seeds", 1, "--num-evaluated", 200)
        arguments += ("--variant", "augmented", "--output", tmp_path)
        arguments += ("--preset", name)
        module.main.main(list(map(str, arguments)), standalone_mode=False)
        return capsys.readouterr().out

    first = table()
    assert "| augmented | 64 |" in first
    row = r"the test images \|  \| [\d.]+ \|  \| \d+% \| \d+% \| [\d.]+ \|"
    assert re.search(row, first)
    folder = tmp_path / f"{name}-augmented-0-64"
    found = json.loads(folder.with_suffix(".json").read_text())
    assert found["minutes"] > 0
    assert found["train"] > 0
    assert 0 <= found["authenticity"] <= 1
    assert found["copies"] == 0
    assert found["checkerboard"] > 0
    assert (folder / "nearest.png").is_file()
    if "stylegan2" in name:
        assert found["path_length_in_z"] > 0
        assert found["path_length_in_w"] > 0
        assert (folder / "mixing.png").is_file()
    written = (tmp_path / f"{name}.md").read_text()
    assert written in first
    shutil.rmtree(folder)
    assert written in table()
    assert not folder.exists(), "what was found is written down"


@pytest.mark.slow
@pytest.mark.usefixtures("emoji")
def test_a_classifier_of_emoji(load, tmp_path, monkeypatch):
    """One epoch on one of the two styles."""
    module = load("train_classifiers")
    recipe = dataclasses.replace(module.RECIPES["emoji"], styles=("google",))
    monkeypatch.setitem(module.RECIPES, "emoji", recipe)
    command = ["train_classifiers", "emoji", "--epochs", "1", "--folder", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", command)
    module.main()
    report = json.loads((tmp_path / "emoji.json").read_text())
    assert report["test_images"] == 376
    assert report["test_accuracy"] > 0.3, "ten classes, after 26 steps"
    assert report["bytes"] == (tmp_path / "emoji.npz").stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize("peer", ["ours", "tutorial", "keras_io"])
def test_every_contestant_of_the_race_learns_from_images(load, peer):
    policy = keras.config.dtype_policy()
    images = np.random.default_rng(0).integers(0, 256, (600, 28, 28, 1), "uint8")
    try:
        train = load(f"peers.{peer}").train
        draw, num_images = train(images, seconds=1, seed=0)
        drawn = draw(5)
    finally:
        keras.config.set_dtype_policy(policy)
    assert num_images > 0
    assert drawn.shape == (5, 28, 28, 1)
    assert np.abs(drawn).max() <= 1
    assert drawn.std(axis=0).max() > 0


@pytest.mark.slow
def test_own_layers():
    options = ["--rounds", "1", "--steps", "1", "--batch-size", "4"]
    lines = run("own_layers", *options).splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("ours")
    assert lines[0].count("1.000 (1.000 to 1.000)") == 2
    for line in lines[1:]:
        wall, processor = re.findall(r"(\d+\.\d+) \(", line)
        assert float(wall) > 0.01
        assert float(processor) > 0.01
