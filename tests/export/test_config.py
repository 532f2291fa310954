"""The configuration files of TensorFlow Serving."""

import pytest

from keras_gan import export


def make_models(folder, *names):
    for name in names:
        for version in (1, 2):
            (folder / name / str(version)).mkdir(parents=True)
    return [folder / name for name in names]


def test_models_and_labels_are_listed(tmp_path):
    models = make_models(tmp_path, "fashion", 'odd"name')
    labels = {"fashion": {"stable": 1}}
    path = export.serving_config(models, tmp_path / "config", labels)
    assert path.read_text() == (
        "model_config_list {\n"
        "  config {\n"
        '    name: "fashion"\n'
        f'    base_path: "{tmp_path}/fashion"\n'
        '    model_platform: "tensorflow"\n'
        "    model_version_policy { specific { versions: 1 versions: 2 } }\n"
        '    version_labels { key: "stable" value: 1 }\n'
        "  }\n"
        "  config {\n"
        '    name: "odd\\"name"\n'
        f'    base_path: "{tmp_path}/odd\\"name"\n'
        '    model_platform: "tensorflow"\n'
        "  }\n"
        "}\n"
    )
    batching = (tmp_path / "config" / "batching.config").read_text()
    assert "max_batch_size { value: 64 }" in batching
    assert sorted(p.name for p in (tmp_path / "config").iterdir()) == [
        "batching.config",
        "models.config",
    ]


def test_what_cannot_be_served_is_refused(tmp_path):
    (model,) = make_models(tmp_path, "fashion")
    with pytest.raises(ValueError, match="holds no version of a model"):
        export.serving_config([tmp_path / "nothing"], tmp_path)
    with pytest.raises(ValueError, match="two have one name"):
        export.serving_config([model, model], tmp_path)
    with pytest.raises(ValueError, match=r"`labels` name \[7\]"):
        export.serving_config([model], tmp_path, {"fashion": {"stable": 7}})
    with pytest.raises(ValueError, match="which is not in `models`"):
        export.serving_config([model], tmp_path, {"fashon": {"stable": 1}})
