"""What the benchmark of the VAE trains, and how it extrapolates its bound."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from keras_gan import presets

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.backends("tensorflow", reason="benchmarks run on TensorFlow")


@pytest.fixture
def vae(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("vae")


def test_the_preset_or_the_same_networks_by_adam(vae):
    shipped = presets.get("vae_mnist")
    assert vae.density_preset(None, "muon") == shipped
    by_adam = vae.density_preset(1_000, "adam")
    assert by_adam.networks == shipped.networks
    assert (by_adam.batch_size, by_adam.num_images) == (100, 1_000)
    kinds = [each.compile["optimizer"].target for each in (shipped, by_adam)]
    assert kinds == ["optimizers.Muon", "keras.optimizers.Adam"]


def test_many_samples_are_drawn_of_some_images_only(vae, monkeypatch):
    """Images of 80, 81, ... nats with one sample, and less with more of them."""
    digits = SimpleNamespace(images=np.arange(8.0).reshape(8, 1, 1, 1))
    monkeypatch.setattr(vae.datasets, "mnist", lambda split: digits)
    monkeypatch.setattr(vae.datasets, "binarize", lambda images, seed: images)
    seen = []

    def bound(images, samples, seed):
        seen.append((len(images), samples))
        return -(80 + images.ravel() - np.log(samples))

    found = vae.nats(SimpleNamespace(bound=bound), weighted=2)
    assert seen == [(8, 1)] * 5 + [(8, 50), (2, 5000)]
    assert found["-elbo"] == pytest.approx(83.5)
    assert found["iw_50"] == pytest.approx(83.5 - np.log(50))
    assert found["iw_5000"] == pytest.approx(83.5 - np.log(5000))
    assert found["+-"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("more", [["--part", "images"], ["--ship", "shipped"]])
def test_an_optimizer_that_would_not_be_used_is_refused(vae, more):
    said = CliRunner().invoke(vae.main, ["--optimizer", "adam", *more])
    assert said.exit_code == 2
    assert "--optimizer adam is for a comparison" in said.output


def test_the_vae_learns_for_as_long_as_the_vaegan(vae, monkeypatch, tmp_path):
    """The step of one takes 6 s at first and then 3, that of the other 1 s."""
    clock = iter([0, 6, 6, 7] + [0, 3, 3, 4] * 9)
    monkeypatch.setattr(vae.time, "process_time", lambda: next(clock))
    fits = []

    def run(folder, preset, precision):
        model = SimpleNamespace(fit=lambda data, verbose: fits.append(preset.name))
        data = SimpleNamespace(with_steps_per_epoch=lambda steps: steps)
        return SimpleNamespace(load_data=lambda: data, build=lambda: model)

    monkeypatch.setattr(vae, "Run", run)
    trained = []

    def train(folder, preset, seed, precision):
        trained.append((preset.name, preset.num_images, seed))
        return SimpleNamespace(preset=preset)

    monkeypatch.setattr(vae.runs, "trained", train)
    distance = {"metrics": {"frechet_distance": 1.0}}
    monkeypatch.setattr(vae.evaluation, "read", lambda path: distance)
    vae.images(range(2), 640, "float32", tmp_path, None)
    assert fits == ["vaegan_fashion_mnist", "vae_fashion_mnist"] * 10
    assert trained == [
        (name, images, seed)
        for seed in range(2)
        for name, images in (("vaegan_fashion_mnist", 640), ("vae_fashion_mnist", 1920))
    ]
