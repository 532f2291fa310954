"""`keras-gan train`, by its folder."""

import csv
import json

import keras
import numpy as np
import pytest
from commands import fail, run, succeed

from keras_gan.runs import Run, log

pytestmark = pytest.mark.usefixtures("eager")


def test_a_run_leaves_all_that_it_should(trained):
    names = {path.name for path in trained.iterdir()}
    assert names == {
        "settings.json",
        "log.csv",
        "samples",
        "walk.webp",
        "checkpoints",
        "gan.keras",
        "report.html",
    }
    assert len(list((trained / "samples").glob("*.png"))) == 11
    assert len(list((trained / "checkpoints").glob("*.npz"))) == 3


def test_the_log_has_a_row_for_each_epoch(trained):
    with open(trained / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == list(range(1, 11))
    assert [int(row["images"]) for row in rows] == list(range(8, 81, 8))
    seconds = [float(row["seconds"]) for row in rows]
    assert seconds == sorted(seconds)
    assert all(0 <= float(row["real_score"]) <= 1 for row in rows)


def test_the_settings_say_what_was_done(trained, pictures):
    settings = json.loads((trained / "settings.json").read_text())
    preset = settings["preset"]
    assert preset["name"] == "mlp"
    assert preset["networks"]["arguments"]["data_shape"] == [8, 8, 1]
    assert (preset["batch_size"], preset["num_images"]) == (8, 80)
    assert preset["dataset"] == str(pictures)
    assert settings["seed"] == 0
    assert settings["versions"]["keras"] == keras.version()
    assert settings["backend"] == keras.backend.backend()


def test_the_model_is_the_last_checkpoint(trained):
    gan = keras.saving.load_model(trained / "gan.keras")
    again = Run.open(trained).build()
    again.restore(trained / "checkpoints")
    np.testing.assert_array_equal(gan.generate(4, seed=1), again.generate(4, seed=1))


def test_existing_files_are_not_overwritten(trained, train, tmp_path):
    (tmp_path / "thesis.txt").write_text("Mine.")
    result = train(tmp_path)
    assert result.exit_code == 1
    assert "is not empty, and its contents are not a run" in result.output
    before = (trained / "settings.json").read_bytes()
    result = train(trained)
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "holds a run already. Go on with it by --resume, or train into" in said
    assert (trained / "settings.json").read_bytes() == before


def test_a_finished_run_has_nothing_to_resume(trained):
    assert "nothing is left to train" in succeed(
        "train", "--output", trained, "--resume"
    )


def test_a_run_goes_on_with_its_own_settings(trained, pictures):
    options = ("train", "--output", trained, "--resume")
    assert "begun with --images 80" in fail(*options, "--images", "160")
    assert "begun with --seed 0" in fail(*options, "--seed", 1)
    said = fail("train", "dcgan", "--output", trained, "--resume")
    assert "begun with preset mlp" in said
    again = ("train", "mlp", "--data", pictures, "--images", "80")
    succeed(*again, "--output", trained, "--resume")


def test_there_must_be_a_run_to_resume(tmp_path):
    said = fail("train", "mlp", "--output", tmp_path / "none", "--resume")
    assert "is not the folder of a run" in said
    assert "Name a preset" in fail("train", "--resume")
    assert "Name a preset" in fail("train")


def test_a_recipe_for_own_data_asks_for_data(tmp_path):
    said = fail("train", "r3gan", "--output", tmp_path / "run")
    assert "keras-gan train r3gan --data path/to/images --size 64" in said
    assert not (tmp_path / "run").exists()


def test_what_belongs_to_own_data_is_refused_without(tmp_path):
    said = fail("train", "dcgan_mnist", "--size", 32, "--output", tmp_path / "run")
    assert "--size is for your own images: pass --data too" in said


def test_errors_leave_no_folder(train, pictures, tmp_path):
    folder = tmp_path / "run"
    options = ("--output", folder, "--batch-size", 8)
    assert "Did you mean 'mlp_mnist'" in fail("train", "mlp_mnits", *options)
    said = fail("train", "mlp", "--data", tmp_path / "nowhere", *options)
    assert "neither a data set nor a folder" in said
    result = train(folder, "--evaluate-every", 2)
    assert "there is nothing to evaluate" in " ".join(result.output.split())
    assert "do not fill one batch" in fail(
        "train", "mlp", "--data", pictures, "--output", folder, "--batch-size", 200
    )
    assert not folder.exists()


@pytest.mark.backends("torch", reason="folders: no backend code")
def test_subfolders_are_classes_and_pictures_are_resized(
    pictures, tmp_path, monkeypatch
):
    monkeypatch.setattr("keras_gan.precision.timing.bfloat16_cost", lambda: 5.0)
    folder = tmp_path / "run"
    options = ("--labels", "--size", "6x4", "--crop", "stretch", "--tensorboard")
    training = ("--images", 16, "--batch-size", 8, "--precision", "bf16")
    data = ("--data", pictures, *options)
    said = succeed("train", "mlp", *data, *training, "--output", folder)
    assert "in mixed_bfloat16" in said
    is_timed = keras.backend.backend() != "jax"  # which gains and loses nothing
    assert ("5.0 times as long as in float32" in said) == is_timed
    run = Run.open(folder)
    assert run.preset.num_classes == 2
    assert run.preset.image_shape == (6, 4, 1)
    assert run.settings["precision"] == "mixed_bfloat16"
    assert list((folder / "tensorboard" / "samples").glob("events*"))
    assert list((folder / "tensorboard" / "train").glob("events*"))
    gan = run.restore()
    assert gan.generate(2, labels=1).shape == (2, 6, 4, 1)
    assert gan.generator.layers[-1].compute_dtype in ("bfloat16", "float32")
    assert gan.generator.dtype_policy.name == "mixed_bfloat16"


@pytest.mark.backends("torch", reason="folders: no backend code")
def test_clusters_take_the_place_of_labels(pictures, tmp_path):
    folder = tmp_path / "run"
    training = ("--images", 16, "--batch-size", 8, "--output", folder)
    data = ("--data", pictures, "--clusters", 2)
    assert "pass one of --labels and --clusters" in fail(
        "train", "dcgan", *data, "--labels", *training
    )
    assert "--clusters is for your own images" in fail(
        "train", "dcgan_mnist", "--clusters", 2, *training
    )
    assert "There are 160 images" in fail(
        "train", "dcgan", "--data", pictures, "--clusters", 161, *training
    )
    assert not folder.exists()
    succeed("train", "dcgan", *data, *training)
    run = Run.open(folder)
    assert run.preset.num_classes == 2
    assert run.preset.networks.arguments["conditioning"] == "projection"
    assert np.bincount(run.load_data().labels).tolist() == [80, 80]
    assert run.restore().generate(4, seed=0).shape == (4, 8, 8, 1)


@pytest.mark.parametrize(
    "stop_after",
    [
        6,
        pytest.param(1, marks=pytest.mark.backends("torch", reason="one on all")),
    ],
)
def test_a_stopped_run_goes_on(trained, train, stop_after, tmp_path, monkeypatch):
    from keras_gan.runs import run as module

    class Impatient(module.ReportWriter):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == stop_after:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "ReportWriter", Impatient)
        result = train(tmp_path / "run")
        assert result.exit_code == 1
        assert f"train --output {tmp_path / 'run'} --resume" in result.output
        assert not (tmp_path / "run" / "gan.keras").exists()
    succeed("train", "--output", tmp_path / "run", "--resume")
    assert_equal_runs(tmp_path / "run", trained)


def assert_equal_runs(one, other):
    logs = [log.read(run / "log.csv") for run in (one, other)]
    for row, expected in zip(*logs, strict=True):
        row["seconds"] = expected["seconds"]
        assert row == pytest.approx(expected, rel=1e-4)
    models = [keras.saving.load_model(run / "gan.keras") for run in (one, other)]
    for a, b in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_presets_are_listed_and_shown():
    said = succeed("presets")
    assert "dcgan_fashion_mnist" in said
    settings = json.loads(succeed("presets", "dcgan_fashion_mnist"))
    assert settings["dataset"] == "fashion_mnist"
    assert run("presets", "nothing").exit_code == 1


@pytest.mark.backends("tensorflow", reason="a choice: no backend code")
@pytest.mark.usefixtures("optimized")
def test_a_recipe_is_chosen(pictures, tmp_path):
    """`auto` says in three lines what it takes; the run keeps it and is resumed."""
    output = tmp_path / "auto"
    options = ("--data", pictures, "--labels", "--images", 16, "--batch-size", 8)
    lines = succeed("train", "auto", "--output", output, *options).splitlines()
    assert lines[0].startswith("160 grey pictures of 8 x 8; a processor with")
    assert lines[1].startswith("DCGAN with R1: made for pictures that small.")
    assert lines[2].startswith("Size 8 x 8, that of the pictures. Batches of 128. Adap")
    one = Run.open(output)
    assert one.preset.name == "auto"
    assert one.preset.num_classes == 2
    assert one.preset.image_shape == (8, 8, 1)
    assert one.is_finished
    assert "nothing is left to train" in succeed(
        "train", "auto", "--output", output, "--resume"
    )
    assert "pass one folder of them" in fail("train", "auto", "--output", tmp_path)
    assert "There is neither" in fail(
        "train", "auto", "--data", "fashion_mnsit", "--output", tmp_path / "other"
    )
