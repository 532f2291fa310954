"""Every example runs as printed, with tiny settings, and leaves what it says.

The main one is a process of its own, as a user starts it; the others run in this one,
on fewer pictures.
"""

import importlib
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

MAIN = "dcgan_fashion_mnist"
fashion_mnist = importlib.import_module("keras_gan.datasets.fashion_mnist")

EXAMPLES = Path(__file__).parent.parent / "examples"
QUICK = ["--epochs", "1", "--steps-per-epoch", "2"]

ON_MNIST = {
    *("mlp_mnist_2014", "infogan", "domain_adaptation", "latent_directions", "vae"),
}

LEAVES = {
    "dcgan_fashion_mnist": (
        ["--width", "4"],
        [
            "samples/epoch_0001.png",
            "history.png",
            "walk.gif",
            "gan.keras",
            "savedmodel/1/saved_model.pb",
        ],
    ),
    "mixture_of_gaussians": ([], ["samples/epoch_0001.png", "history.png"]),
    "mlp_mnist_2014": ([], ["samples/epoch_0001.png", "history.png"]),
    "conditional_gan": (["--width", "4"], ["samples/epoch_0001.png", "classes.png"]),
    "own_models": ([], ["samples/epoch_0001.png", "gan.keras"]),
    "cyclegan": (
        ["--width", "4"],
        ["samples/epoch_0001.png", "gan.keras", "savedmodel/1/saved_model.pb"],
    ),
    "pix2pix": (
        ["--width", "4"],
        ["samples/epoch_0001.png", "gan.keras", "translated.png"],
    ),
    "infogan": (
        ["--width", "4"],
        [
            "samples/epoch_0001.png",
            "categories.png",
            "code_2.png",
            "gan.keras",
            "savedmodel/1/saved_model.pb",
        ],
    ),
    "vae": (
        ["--width", "4"],
        ["samples/epoch_0001.png", "reconstructed.png", "between.png", "vae.keras"],
    ),
    "latent_directions": (
        ["--images", "600", "--pictures", "2"],
        [
            "closed_form.png",
            "attributes.png",
            "projected.png",
            "directions.npz",
            "model/directions.npz",
            "savedmodel/1/saved_model.pb",
        ],
    ),
    "augment_a_classifier": (["--width", "4"], ["generated.png", "accuracy.json"]),
    "domain_adaptation": (
        ["--width", "4"],
        ["samples/epoch_0001.png", "gan.keras", "accuracy.json"],
    ),
    "stylegan2_fashion_mnist": (
        ["--width", "4"],
        ["samples/epoch_0001.png", "path.png", "mixing.png", "gan.keras"],
    ),
}


@pytest.fixture(scope="session")
def mnist_files(tmp_path_factory):
    """Noise in the shape of MNIST, for the example must run without a download."""
    folder = tmp_path_factory.mktemp("mnist")
    rng = np.random.default_rng(0)
    digits = {}
    for split, num in (("train", 256), ("test", 16)):
        digits[f"x_{split}"] = rng.integers(0, 256, (num, 28, 28), dtype="uint8")
        digits[f"y_{split}"] = rng.integers(0, 10, num, dtype="uint8")
    np.savez(folder / "mnist.npz", **digits)
    return folder


def test_every_example_is_here():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(LEAVES)


@pytest.fixture(scope="session")
def clothes():
    """1,200 pictures of clothes, and their labels."""
    images, labels = fashion_mnist.read_sample()
    some = np.arange(1_200) * (len(images) // 1_200)
    return images[some], labels[some]


def run(name, options, monkeypatch):
    monkeypatch.setattr(sys, "argv", [f"{name}.py", *options])
    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")


def run_alone(name, options):
    result = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", *options],
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def cases():
    exporting = pytest.mark.backends("tensorflow", reason="it exports: TensorFlow only")
    others = pytest.mark.backends(
        "torch", reason="tests/docs and tests/examples run scripts on TensorFlow"
    )
    for name, (_, files) in LEAVES.items():
        exports = any("savedmodel" in file for file in files)
        yield pytest.param(name, marks=exporting if exports else others)


@pytest.mark.usefixtures("eager")
@pytest.mark.filterwarnings("ignore:The generated images hardly differ")
@pytest.mark.parametrize("name", list(cases()))
def test_example(name, tmp_path, mnist_files, clothes, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fashion_mnist, "load_arrays", lambda *_: clothes)
    options, files = LEAVES[name]
    if name in ON_MNIST:
        options = [*options, "--data-dir", str(mnist_files)]
    quick = ["--steps", "2"] if name == "latent_directions" else QUICK
    options = [*quick, *options, "--output", str(tmp_path / "run")]
    if name == MAIN:
        run_alone(name, options)
    else:
        run(name, options, monkeypatch)
    for file in files:
        path = tmp_path / "run" / file
        if path.suffix == ".json":
            shares = json.loads(path.read_text()).values()
            assert all(0 <= share <= 1 for share in shares)
            continue
        assert path.stat().st_size > 100, file
        if path.suffix in (".png", ".gif"):
            with Image.open(path) as picture:
                assert np.ptp(np.asarray(picture.convert("L"))) > 0, f"{file} is blank"
