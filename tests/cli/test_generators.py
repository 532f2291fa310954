"""What is done with a trained generator: pictures, walks, exports, measures."""

import json
import shutil

import keras
import numpy as np
import pytest
from commands import fail, pixels_of, succeed
from PIL import Image

from keras_gan import GAN, architectures, datasets
from keras_gan.plotting import to_uint8
from keras_gan.runs import Run
from keras_gan_cli.types import PATH_OR_NAME

pytestmark = [
    pytest.mark.usefixtures("eager"),
    pytest.mark.backends(
        "tensorflow", reason="commands and files; test_train.py trains on all"
    ),
]


def test_a_grid(trained, tmp_path):
    path = tmp_path / "grid.png"
    options = ("-n", 6, "--columns", 3, "--seed", 5, "-o", path)
    succeed("generate", trained, *options)
    grid = pixels_of(path)
    assert grid.shape == (18, 28)
    images = to_uint8(Run.open(trained).restore().generate(6, seed=5))[..., 0]
    np.testing.assert_array_equal(grid[:8, :8], images[0])
    np.testing.assert_array_equal(grid[10:, 20:], images[5])


def test_a_file_for_each_image(trained, tmp_path):
    folder = tmp_path / "fakes"
    succeed("generate", trained / "gan.keras", "-n", 12, "--seed", 5, "-o", folder)
    assert sorted(p.name for p in folder.iterdir())[:2] == ["00.png", "01.png"]
    assert pixels_of(folder / "11.png").shape == (8, 8)
    said = fail("generate", trained, "-n", 3, "-o", folder)
    assert "is not empty, and new images would be mixed" in said


def test_truncation_and_labels_reach_the_generator(trained, tmp_path):
    paths = [tmp_path / f"{n}.png" for n in range(2)]
    succeed("generate", trained, "--seed", 1, "-o", paths[0])
    succeed("generate", trained, "--seed", 1, "--truncation", 0.5, "-o", paths[1])
    assert paths[0].read_bytes() != paths[1].read_bytes()
    assert "not conditional" in fail("generate", trained, "--label", 1)


def test_an_unfinished_run_generates_from_its_checkpoint(trained, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained, run, ignore=shutil.ignore_patterns("gan.keras"))
    for source, name in ((trained, "a.png"), (run, "b.png")):
        succeed("generate", source, "--seed", 3, "-o", tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    shutil.rmtree(run / "checkpoints")
    assert "has no checkpoint yet" in fail("generate", run)


def test_what_is_no_source_is_explained(tmp_path):
    assert "There is no preset 'dcgn'" in fail("generate", "dcgn")
    assert "no run, no .keras file and no preset" in fail("generate", tmp_path)
    model = tmp_path / "models" / "1"
    model.mkdir(parents=True)
    (model / "saved_model.pb").touch()
    assert "keras-gan serve" in fail("generate", tmp_path / "models")


def test_a_walk(trained, tmp_path):
    path = tmp_path / "walk.gif"
    options = ("--rows", 4, "--keys", 3, "--steps", 5, "-o", path)
    succeed("interpolate", trained, *options)
    with Image.open(path) as walk:
        assert walk.size == (18, 18)
        assert walk.n_frames == 15


def test_a_strip(trained, tmp_path):
    path = tmp_path / "strip.png"
    succeed("interpolate", trained, "--rows", 2, "--steps", 4, "-o", path)
    strip = pixels_of(path)
    assert strip.shape == (18, 48)
    gan = Run.open(trained).restore()
    ends = to_uint8(gan.generate(4, seed=0))[..., 0]
    np.testing.assert_array_equal(strip[:8, :8], ends[0])
    np.testing.assert_array_equal(strip[:8, 40:], ends[1])
    np.testing.assert_array_equal(strip[10:, 40:], ends[3])


def test_w_on_the_command_line(trained, tmp_path):
    """The mean image, and a strip in w whose ends are truncated images."""
    generator, discriminator = architectures.stylegan2(
        (8, 8, 1), 6, width=4, max_width=4, w_dim=5, num_mapping_layers=1
    )
    gan = GAN(generator, discriminator)
    gan.save(tmp_path / "gan.keras")
    path = tmp_path / "grid.png"
    options = ("-n", 2, "--seed", 1, "-o", path)
    succeed("generate", tmp_path / "gan.keras", "--truncation-psi", 0, *options)
    grid = pixels_of(path)
    np.testing.assert_array_equal(grid[:, :8], grid[:, 10:])
    options = ("--steps", 4, "--space", "w", "--truncation-psi", 0.5, "-o", path)
    succeed("interpolate", tmp_path / "gan.keras", *options)
    strip = pixels_of(path)
    assert strip.shape == (8, 48)
    ends = to_uint8(gan.generate(2, seed=0, truncation_psi=0.5))[..., 0]
    np.testing.assert_allclose(np.int32(strip[:, :8]), ends[0], atol=1)
    np.testing.assert_allclose(np.int32(strip[:, 40:]), ends[1], atol=1)
    for name, *option in (
        ("generate", "--truncation-psi", 1),
        ("interpolate", "--space", "w"),
    ):
        assert "has no mapping network" in fail(name, trained, *option)


def test_a_walk_needs_a_format(trained):
    assert "ending in .gif" in fail("interpolate", trained, "-o", "walk.mp4")


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_export(trained, tmp_path):
    said = succeed("export", trained, tmp_path / "models" / "mlp")
    folder = tmp_path / "models" / "mlp" / "1"
    assert str(folder) in said
    card = json.loads((folder / "assets.extra" / "model_card.json").read_text())
    assert card["preset"]["name"] == "mlp"
    succeed("export", trained, tmp_path / "models" / "mlp")
    assert (tmp_path / "models" / "mlp" / "2").is_dir()
    said = fail("export", trained, tmp_path / "models" / "mlp", "--version", 1)
    assert "exists" in said or "is there" in said


def test_suffix_and_format_must_fit(trained, tmp_path):
    said = fail("export", trained, tmp_path / "g.onnx", "--format", "litert")
    assert "The suffix of" in said
    assert ".onnx, .tflite, .xml" in fail("export", trained, tmp_path / "g.pt")


def test_evaluate(trained, pictures, tmp_path):
    options = ("--extractor", "pixels", "--metric", "FrechetDistance", "-n", 90)
    path = tmp_path / "measured.json"
    said = succeed("evaluate", trained, *options, "-o", path)
    assert "no test split" in said
    facts = json.loads(path.read_text())
    assert facts["num_images"] == 90
    assert facts["metrics"]["frechet_distance"] > 0
    assert f"{facts['metrics']['frechet_distance']:.4g}" in said
    succeed("evaluate", trained / "gan.keras", *options, "--data", pictures, "-o", path)
    again = json.loads(path.read_text())
    assert again["metrics"] == pytest.approx(facts["metrics"], rel=1e-3)


def test_evaluate_asks_for_what_it_cannot_know(trained):
    assert "--extractor fashion_mnist" in fail("evaluate", trained)
    model = trained / "gan.keras"
    assert "--data" in fail("evaluate", model, "--extractor", "pixels")


def test_evaluate_by_another_split(trained, pictures, monkeypatch, tmp_path):
    options = ("--extractor", "pixels", "--metric", "FrechetDistance", "-n", 70)
    validation = ("--split", "validation", "-o", tmp_path / "measured.json")
    asked = []

    def load(name, split, **settings):
        asked.append((name, split))
        return datasets.image_folder(pictures, (8, 8), channels=1)

    monkeypatch.setattr(datasets, "load", load)
    data = ("--data", "fashion_mnist")
    succeed("evaluate", trained / "gan.keras", *options, *data, *validation)
    facts = json.loads((tmp_path / "measured.json").read_text())
    assert asked == [("fashion_mnist", "validation")]
    assert facts["data"] == "fashion_mnist, validation split"
    said = fail("evaluate", trained, *options, "--data", pictures, *validation)
    assert "a folder has none" in said
    assert "has no splits" in fail("evaluate", trained, *options, *validation)


def test_compare(pictures, tmp_path):
    path = tmp_path / "distance.json"
    options = ("--extractor", "pixels", "--metric", "FrechetDistance", "-o", path)
    succeed("compare", pictures, pictures, *options)
    assert json.loads(path.read_text())["metrics"]["frechet_distance"] == pytest.approx(
        0, abs=1e-3
    )
    succeed("compare", pictures / "dark", pictures / "light", *options)
    assert json.loads(path.read_text())["metrics"]["frechet_distance"] > 10
    assert "--extractor" in fail("compare", pictures, pictures)
    said = fail("compare", pictures, pictures, "--extractor", "emojis")
    assert "'emojis' is none of mnist, fashion_mnist, emoji, efficientnet" in said


def test_broken_pictures_are_named_or_left_out(trained, pictures, tmp_path):
    folder = tmp_path / "pictures"
    shutil.copytree(pictures / "dark", folder)
    (folder / "torn.png").write_bytes(b"")
    options = ("--extractor", "pixels", "--metric", "FrechetDistance")
    written = ("-o", tmp_path / "distance.json")
    for command in (
        ("compare", folder, pictures / "dark", *options),
        ("evaluate", trained, "--data", folder, *options, "-n", 8, *written),
        ("train", "mlp", "--data", folder, "--output", tmp_path / "run"),
    ):
        said = fail(*command)
        assert "torn.png cannot be read as a picture" in said
        assert "leave out what is broken: --on-error skip." in said
    for command in (
        ("compare", folder, pictures / "dark", *options),
        ("evaluate", trained, "--data", folder, *options, "-n", 70, *written),
    ):
        with pytest.warns(UserWarning, match="Left out 1 of 81 .*torn.png"):
            succeed(*command, "--on-error", "skip")


def test_a_home_folder_that_the_shell_left(trained, pictures, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "run").symlink_to(trained)
    (tmp_path / "pictures").symlink_to(pictures)
    options = ("--extractor", "pixels", "--metric", "FrechetDistance", "-n", 70)
    output = ("--output", "~/made/result.json")
    succeed("evaluate", "~/run", "--data", "~/pictures/dark", *options, *output)
    succeed("generate", "~/run", "-n", 1, "-o", "~/made/grid.png")
    made = {path.name for path in (tmp_path / "made").iterdir()}
    assert made == {"result.json", "grid.png"}
    for value in ("~/pictures/dark", "ring"):
        found = PATH_OR_NAME.convert(value, None, None)
        assert found == value.replace("~", str(tmp_path))


def test_a_command_that_fails_leaves_no_folder(trained, tmp_path, monkeypatch):
    def fail_half_way(*_, **__):
        raise ValueError("no")

    monkeypatch.setattr("PIL.Image.Image.save", fail_half_way)
    monkeypatch.setattr("keras_gan.export.signatures.build", fail_half_way)
    fail("generate", trained, "-n", 1, "-o", tmp_path / "grid" / "a.png")
    fail("generate", trained, "-n", 1, "-o", tmp_path / "images")
    if keras.backend.backend() == "tensorflow":
        fail("export", trained, tmp_path / "models" / "mlp")
        fail("export", trained, tmp_path / "files" / "mlp.tflite")
    assert list(tmp_path.iterdir()) == []
