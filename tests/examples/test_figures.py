"""Every figure of the guide is made by its script, with tiny settings."""

import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = ROOT / "examples" / "guide"
IMAGES = ROOT / "docs" / "images" / "guide"

TINY = {
    "altered_pictures": ["--images", "140"],
    "balance": ["--epochs", "2", "--steps-per-epoch", "2"],
    "clothes": ["--steps", "2", "--width", "4"],
    "codes": ["--columns", "2"],
    "conditional": ["--steps", "2"],
    "cross_entropy": [],
    "cycle": ["--steps", "2", "--seeds", "1"],
    "densities": ["--steps", "2"],
    "directions": ["--images", "900", "--pictures", "3", "--steps", "2"],
    "figure_one": ["--steps", "8"],
    "generative_discriminative": ["--steps", "2"],
    "latent_lengths": [],
    "likelihood": ["--steps", "2", "--points", "20"],
    "mode_collapse": ["--steps", "2", "--games", "plain", "packed by 4"],
    "moons": ["--steps", "2"],
    "optimal_discriminator": ["--steps", "2"],
    "precision_recall": ["--points", "60"],
    "sample_count": ["--counts", "20", "40"],
    "saturation": ["--points", "3", "--head-start", "2"],
    "small_data": ["--images", "20", "--points", "1", "--steps-between", "2"],
    "wasserstein": ["--steps", "4"],
}
# One of pictures, one of classes, one of points, one that measures.
ON_TENSORFLOW = {"clothes", "conditional", "figure_one", "sample_count"}


def cases():
    both = pytest.mark.backends("tensorflow", "torch", reason="two run users' scripts")
    on_torch = pytest.mark.backends(
        "torch", reason="scripts of users, some of which run on TensorFlow too"
    )
    for name in TINY:
        yield pytest.param(name, marks=both if name in ON_TENSORFLOW else on_torch)


@pytest.mark.backends("torch", reason="names of files: run once")
def test_every_script_is_here():
    assert {path.stem for path in SCRIPTS.glob("*.py")} == {*TINY, "make_all"}


@pytest.mark.filterwarnings("ignore:Fashion-MNIST is not on this machine")
@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", list(cases()))
def test_figure_is_made(name, tmp_path, monkeypatch, capsys):
    path = tmp_path / "figure.png"
    command = [f"{name}.py", *TINY[name], "--output", str(path)]
    monkeypatch.setattr(sys, "argv", command)
    runpy.run_path(str(SCRIPTS / f"{name}.py"), run_name="__main__")
    assert re.search(r"\d", capsys.readouterr().out), "no number was printed"
    with Image.open(path) as picture:
        assert np.ptp(np.asarray(picture.convert("L"))) > 50, "the figure is blank"
