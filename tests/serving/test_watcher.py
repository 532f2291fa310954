"""The watch on models' folders: what is half there, wrong, replaced or unreadable."""

import pathlib

import pytest

from keras_gan.serving import models as module
from keras_gan.serving.locate import locate
from keras_gan.serving.models import Models
from keras_gan.serving.sources import ModelSource, versions_in

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


class Loaded:
    """What stands in for a loaded model: the text of its files."""

    def __init__(self, path, name):
        self.text = (path / "saved_model.pb").read_text()
        if self.text == "half":
            raise ValueError("half a model")
        self.weights = (path / "variables").read_text()


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    monkeypatch.setattr(module, "Servable", Loaded)


def write(path, text="whole", weights="weights"):
    path.mkdir(parents=True, exist_ok=True)
    (path / "saved_model.pb").write_text(text)
    if weights:
        (path / "variables").write_text(weights)


def state(models, name, version):
    return models.status(name, version)["model_version_status"][0]["state"]


def test_a_half_copied_version_is_tried_again_when_its_folder_changes(tmp_path, capfd):
    write(tmp_path / "m" / "1")
    models = Models(locate(tmp_path / "m"))
    models.refresh()
    write(tmp_path / "m" / "2", "half", weights=None)
    for _ in range(3):
        models.refresh()
    assert models.get("m")[0] == 1
    assert state(models, "m", 2) == "END"
    write(tmp_path / "m" / "2", "whole", weights=None)
    models.refresh()
    assert models.get("m")[0] == 1
    write(tmp_path / "m" / "2")
    models.refresh()
    assert models.get("m")[0] == 2
    assert state(models, "m", 2) == "AVAILABLE"
    assert state(models, "m", 1) == "END"
    said = capfd.readouterr().err
    assert said.count("m: version 2 cannot be loaded: half a model") == 1
    assert "Traceback" not in said


def test_a_version_that_is_replaced_in_place_is_loaded_again(tmp_path):
    write(tmp_path / "m" / "1")
    models = Models(locate(tmp_path / "m"))
    models.refresh()
    write(tmp_path / "m" / "1", "half")
    models.refresh()
    assert models.get("m")[1].text == "whole"  # the old one goes on
    assert state(models, "m", 1) == "AVAILABLE"
    write(tmp_path / "m" / "1", weights="other weights")
    models.refresh()
    assert models.get("m")[1].weights == "other weights"


def test_a_removed_version_that_comes_back_is_loaded_again(tmp_path):
    write(tmp_path / "m" / "1")
    write(tmp_path / "m" / "2")
    models = Models(locate(tmp_path / "m"))
    models.refresh()
    (tmp_path / "m" / "2").rename(tmp_path / "m" / "hidden")
    models.refresh()
    assert models.get("m")[0] == 1
    (tmp_path / "m" / "hidden").rename(tmp_path / "m" / "2")
    models.refresh()
    assert models.get("m")[0] == 2


def test_names_that_are_no_numbers_stop_nothing(tmp_path):
    for name in ("²", "٣", "9" * 40, "-1", "1.0", "latest", "007", "0"):
        write(tmp_path / "m" / name)
    write(tmp_path / "m" / "7")
    found = versions_in(tmp_path / "m")
    assert {version: path.name for version, path in found.items()} == {7: "7", 0: "0"}


def test_an_unreadable_folder_stops_no_other(tmp_path, monkeypatch, capfd):
    for name in ("bad", "good"):
        write(tmp_path / name / "1")
    models = Models(locate(tmp_path))
    is_file, iterdir = pathlib.Path.is_file, pathlib.Path.iterdir

    def refuse(self):
        if self.name == "bad":
            raise PermissionError(13, "Permission denied")
        return iterdir(self)

    monkeypatch.setattr(pathlib.Path, "iterdir", refuse)
    for _ in range(2):
        models.refresh()
    assert models.get("good")[0] == 1
    said = capfd.readouterr().err
    assert said.count("bad cannot be read") == 1
    assert [source.name for source in locate(tmp_path)] == ["good"]
    assert "bad is left out: Permission denied" in capfd.readouterr().err
    monkeypatch.setattr(pathlib.Path, "iterdir", iterdir)

    def refuse_version(self):
        if self.parent.name == "2":
            raise PermissionError(13, "Permission denied")
        return is_file(self)

    write(tmp_path / "bad" / "2")
    monkeypatch.setattr(pathlib.Path, "is_file", refuse_version)
    assert sorted(versions_in(tmp_path / "bad")) == [1, 2]  # found when it is loaded


@pytest.mark.parametrize(
    ("versions", "wanted"), [(1, [3]), (2, [2, 3]), (9, [1, 2, 3]), ("all", [1, 2, 3])]
)
def test_the_number_of_versions_is_honoured(tmp_path, versions, wanted):
    for version in (1, 2, 3):
        write(tmp_path / str(version))
    assert [*ModelSource("m", tmp_path, versions).wanted()] == wanted


CONFIG = 'model_config_list {{ config {{ name: "m" {} }} }}'


def read(tmp_path, text):
    (tmp_path / "models.config").write_text(CONFIG.format(text))
    return locate(tmp_path / "models.config")


def test_a_config_sets_the_number_of_versions(tmp_path):
    text = f'base_path: "{tmp_path}" model_version_policy {{ latest {{'
    (source,) = read(tmp_path, text + " num_versions: 2 } }")
    assert source.versions == 2
    (source,) = read(tmp_path, text + " } }")
    assert source.versions == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('base_path: "models/m"', "an absolute base_path. Received: 'models/m'"),
        ("", "an absolute base_path"),
        ('base_path: "/m" model_platform: "onnx"', "'tensorflow'. Received: 'onnx'"),
    ],
)
def test_a_config_that_cannot_be_served_is_refused(tmp_path, text, reason):
    with pytest.raises(ValueError, match=reason):
        read(tmp_path, text)
