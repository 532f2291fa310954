"""`train cyclegan` and `train pix2pix` on two folders, and what follows."""

import json
import shutil

import numpy as np
import pytest
from commands import fail, pixels_of, run, succeed
from PIL import Image

from keras_gan.runs import Run
from keras_gan_cli import train as command

pytestmark = pytest.mark.backends(
    "tensorflow", "torch", reason="JAX compiles each run for half a minute"
)

on_torch = pytest.mark.backends(
    "torch", reason="folders and options; TensorFlow trains, translates and exports"
)

SIZE = 24  # the smallest with a logit at a field of 70


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Dark and light pictures of the same names, and both side by side."""
    root = tmp_path_factory.mktemp("kinds")
    rng = np.random.default_rng(0)
    for number in range(6):
        dark = rng.integers(0, 100, (30, 40, 3), "uint8")
        kinds = {"dark": dark, "light": 255 - dark}
        kinds["both"] = np.concatenate([dark, 255 - dark], axis=1)
        for kind, levels in kinds.items():
            (root / kind).mkdir(exist_ok=True)
            Image.fromarray(levels).save(root / kind / f"{number}.png")
    return root


@pytest.fixture(autouse=True, scope="module")
def narrow():
    """The families with narrow networks."""
    from keras_gan import presets
    from keras_gan.presets.table import PRESETS

    arguments = {"cyclegan": {"width": 4, "num_blocks": 1}, "pix2pix": {"width": 4}}
    with pytest.MonkeyPatch.context() as patch:
        for name, given in arguments.items():
            # Without a graph, whose tracing takes longer than these few steps.
            eager = {"run_eagerly": True}
            narrow = presets.get(name).replace(arguments=given, compile=eager)
            patch.setitem(PRESETS, name, narrow)
        yield


def train(preset, output, *options):
    size = ("--size", SIZE, "--images", 4, "--checkpoint-every", 2)
    return ("train", preset, "--output", output, *size, *options)


@pytest.fixture(scope="module")
def cyclegan(folders, tmp_path_factory):
    output = tmp_path_factory.mktemp("runs") / "cyclegan"
    data = ("--data", folders / "dark", folders / "light")
    return output, succeed(*train("cyclegan", output, *data))


def test_a_run_on_two_folders(cyclegan, folders):
    output, said = cyclegan
    assert f"cyclegan: 4 images of {SIZE} x {SIZE} x 3, 1 a step" in said
    assert f"will take pictures of {SIZE} x {SIZE} only" in said
    settings = json.loads((output / "settings.json").read_text())
    assert settings["preset"]["dataset"] == [
        str(folders / n) for n in ("dark", "light")
    ]
    assert (output / "gan.keras").is_file()
    grids = sorted(path.name for path in (output / "samples").iterdir())
    assert grids[0] == "epoch_0000.png"
    assert len(grids) == 5
    report = (output / "report.html").read_text()
    assert "b to a: input" in report
    assert "Latent walk" not in report
    assert "2e-04" in report or "0.0002 for 50%" in report


def test_both_directions_translate_and_are_exported(cyclegan, folders, tmp_path):
    output, _ = cyclegan
    gan = Run.open(output).restore()
    for direction in (None, "b_to_a"):
        options = () if direction is None else ("--direction", direction)
        out = tmp_path / str(direction)
        succeed("translate", output, folders / "dark", "-o", out, *options)
        assert len(list(out.iterdir())) == 6
        assert pixels_of(out / "0.png").shape == (SIZE, SIZE, 3)
    one, other = (pixels_of(tmp_path / d / "0.png") for d in ("None", "b_to_a"))
    assert np.any(one != other)
    assert gan.directions == ("a_to_b", "b_to_a")
    said = fail("translate", output, folders / "dark", "--direction", "up")
    assert "has the directions a_to_b, b_to_a. Received: --direction up" in said
    assert "no noise to generate from" in fail("generate", output)


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
def test_a_direction_is_exported(cyclegan, tmp_path):
    output, _ = cyclegan
    succeed("export", output, tmp_path / "back", "--direction", "b_to_a")
    path = tmp_path / "back" / "1" / "assets.extra" / "model_card.json"
    card = json.loads(path.read_text())
    assert card["training"]["direction"] == "b_to_a"
    assert card["preset"]["name"] == "cyclegan"


@on_torch
def test_a_translator_is_evaluated_on_pairs(cyclegan, folders, tmp_path):
    output, _ = cyclegan
    options = ("-o", tmp_path / "measured.json")
    data = ("--data", folders / "dark", folders / "light")
    succeed("evaluate", output, *data, *options)
    measured = json.loads((tmp_path / "measured.json").read_text())["metrics"]
    assert {"l1", "psnr", "l1_b_to_a", "psnr_b_to_a"} <= set(measured)
    assert "--data inputs targets" in fail("evaluate", output)


@on_torch
def test_a_stopped_run_goes_on(cyclegan, folders, tmp_path, monkeypatch):
    whole, _ = cyclegan
    output = tmp_path / "stopped"
    shutil.copytree(whole, output, ignore=shutil.ignore_patterns("gan.keras"))
    for path in (output / "checkpoints").iterdir():
        if "2" not in path.stem:
            path.unlink()
    succeed("train", "--output", output, "--resume")
    said = fail("train", "--output", output, "--resume", "--data", folders / "dark")
    assert "was begun with --data" in said
    assert str(folders / "light") in said


@on_torch
def test_pix2pix_takes_two_folders_or_one(folders, tmp_path):
    for name, data in (("two", ("dark", "light")), ("one", ("both",))):
        paths = [folders / kind for kind in data]
        options = ("--data", *paths, "--crop", "stretch")
        succeed(*train("pix2pix", tmp_path / name, *options))
        gan = Run.open(tmp_path / name).restore()
        assert type(gan).__name__ == "Pix2Pix"
    same = [(tmp_path / n / "samples" / "epoch_0000.png") for n in ("two", "one")]
    assert pixels_of(same[0]).shape == pixels_of(same[1]).shape


REFUSED = {
    "one folder": (("cyclegan", "dark"), "trains on two folders, one for each kind"),
    "three folders": (("cyclegan", "dark", "light", "both"), "trains on two folders"),
    "the same twice": (("cyclegan", "dark", "dark"), "the same"),
    "two for a GAN": (("r3gan", "dark", "light"), "trains on one folder of pictures"),
    "no pairs": (("pix2pix", "dark", "empty"), "hold no picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_other_folders_are_refused_before_the_first_step(case, folders, tmp_path):
    (folders / "empty").mkdir(exist_ok=True)
    (preset, *names), reason = REFUSED[case]
    data = ("--data", *(folders / name for name in names))
    assert reason in fail(*train(preset, tmp_path / "run", *data))
    assert not (tmp_path / "run").exists()


def test_sizes_that_the_network_does_not_take_are_refused(folders, tmp_path):
    data = ("--data", folders / "dark", folders / "light")
    said = fail("train", "pix2pix", "--output", tmp_path / "run", "--size", 30, *data)
    assert "multiple" in said
    said = fail("train", "cyclegan", "--output", tmp_path / "run", "--size", 30, *data)
    assert "multiple" in said
    assert not (tmp_path / "run").exists()


def test_what_is_typed_besides_is_refused():
    result = run("train", "cyclegan", "pix2pix")
    assert result.exit_code == 2
    assert "Unexpected: pix2pix. Folders are for --data." in result.output
    assert command.given_data(("a",), ("b",)) == ["a", "b"]
