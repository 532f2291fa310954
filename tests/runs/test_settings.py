"""The settings of a run, written and read."""

import json

import pytest

from keras_gan import precision, presets
from keras_gan.runs import Run, environment

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_comes_back_from_json(name):
    preset = presets.get(name)
    facts = json.loads(json.dumps(preset.to_dict()))
    again = presets.Preset.from_dict(facts)
    assert again.to_dict() == preset.to_dict()
    assert again == preset


def test_settings_of_another_version_are_refused():
    facts = presets.get("mlp").to_dict() | {"flux": 1}
    with pytest.raises(ValueError, match=r"another version of keras-gan.*flux"):
        presets.Preset.from_dict(facts)


def test_a_run_comes_back_from_its_folder(tmp_path):
    preset = presets.get("mlp_mnist").replace(num_images=500)
    run = Run(tmp_path / "run", preset, seed=7, precision="mixed_bfloat16")
    run.begin()
    again = Run.open(tmp_path / "run")
    assert again.preset == preset
    assert again.settings["seed"] == 7
    assert again.settings["precision"] == "mixed_bfloat16"
    assert again.settings["checkpoint_every"] == 500
    assert not again.is_finished


def test_the_precision_of_the_device_is_recorded(tmp_path, monkeypatch):
    monkeypatch.setenv("TF_DETERMINISTIC_OPS", "0")
    monkeypatch.setattr(precision, "choose", lambda: "mixed_bfloat16")
    Run(tmp_path / "run", presets.get("mlp_mnist")).begin()
    assert Run.open(tmp_path / "run").settings["precision"] == "mixed_bfloat16"


def test_the_environment_names_the_backend():
    facts = environment.describe()
    assert facts["versions"][facts["backend"]] != "unknown"
    assert facts["versions"]["keras-gan"] == "0.1.0"
    assert "-core " in facts["machine"]
