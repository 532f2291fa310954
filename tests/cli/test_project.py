"""`keras-gan project`, and edits along directions."""

import csv

import keras
import numpy as np
import pytest
from commands import fail, pixels_of, succeed

import keras_gan
from keras_gan.latents import Directions, Normal
from keras_gan.presets import folder as preset_folder


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A sampler of 8 x 8 grey levels in a folder, with a direction."""
    keras.utils.set_random_seed(0)
    network = keras_gan.architectures.mlp_generator((8, 8, 1), 4, None, (8,))
    sampler = keras_gan.Sampler(network, Normal(4))
    sampler.latent_directions = Directions(np.eye(4)[:1], ["up"])
    return preset_folder.write(tmp_path_factory.mktemp("model") / "mlp", sampler)


OPTIONS = ("--steps", 4, "--starts", 2)


@pytest.mark.backends(
    "tensorflow", "torch", reason="commands and files; tests/latents projects on JAX"
)
def test_pictures_get_pairs_latents_and_errors(model, pictures, tmp_path):
    one = next((pictures / "light").glob("*.png"))
    output = tmp_path / "out"
    said = succeed("project", model, pictures / "dark", one, "-o", output, *OPTIONS)
    assert f"{output}: 81 pictures in z, between" in said
    assert pixels_of(output / "pairs.png").shape[1] > 16 * 8
    with np.load(output / "latents.npz") as arrays:
        assert arrays["latents"].shape == (81, 4)
    with open(output / "errors.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[-1]["picture"] == str(one)
    assert all(float(row["psnr"]) > 0 for row in rows)
    said = fail("project", model, one, "-o", output, *OPTIONS)
    assert "is not empty. Pass another --output, or --overwrite" in said
    succeed("project", model, one, "-o", output, "--overwrite", *OPTIONS)


def test_what_cannot_be_projected(model, pictures, tmp_path):
    one = next((pictures / "light").glob("*.png"))
    said = fail("project", model, one, "-o", tmp_path / "out", "--label", 1)
    assert "not conditional on a class" in said
    said = fail("project", model, one, "-o", tmp_path / "out", "--space", "w")
    assert "has no mapping network" in said
    (tmp_path / "text.png").write_text("no picture")
    broken = tmp_path / "text.png"
    said = fail("project", model, broken, "-o", tmp_path / "out")
    assert "text.png" in said
    options = ("-o", tmp_path / "out", "--on-error", "skip", *OPTIONS)
    with pytest.warns(UserWarning, match="text.png is left out: its content"):
        assert "None of 1 pictures" in fail("project", model, broken, *options)
    with pytest.warns(UserWarning, match="text.png is left out: its content"):
        said = succeed("project", model, broken, one, *options)
    assert "1 pictures in z" in said


def test_edits_follow_each_other(model, tmp_path):
    path = tmp_path / "edits.png"
    options = ("-n", 2, "--seed", 1, "--columns", 2, "-o", path)
    succeed("generate", model, *options)
    plain = pixels_of(path)
    succeed("generate", model, *options, "--edits", "up=0,2.5")
    edited = pixels_of(path)
    changed = (plain != edited).any(axis=0)
    half = plain.shape[1] // 2
    assert not changed[:half].any()
    assert changed[half:].any()
    assert "no direction 'down'" in fail(
        "generate", model, *options, "--edits", "down=1"
    )
    other = Directions(np.eye(4)[1:2], ["down"]).save(tmp_path / "other.npz")
    succeed("generate", model, *options, "--edits", "down=1", "--directions", other)
    wrong = Directions(np.eye(3)).save(tmp_path / "wrong.npz")
    said = fail("generate", model, *options, "--directions", wrong)
    assert "vectors of 3 numbers, and the generator has z of 4" in said
