"""The configuration files of TensorFlow Serving."""

import os

import pytest

from keras_gan import export

text_format = pytest.importorskip("google.protobuf.text_format", reason="protobuf")
protos = pytest.importorskip("keras_gan.serving.protos")


def make_models(folder, *names):
    for name in names:
        for version in (1, 2):
            (folder / name / str(version)).mkdir(parents=True)
    return [folder / name for name in names]


def test_models_and_labels_are_listed(tmp_path):
    models = make_models(tmp_path, "fashion", 'odd"n\u00e4me')
    labels = {"fashion": {"stable": 1}}
    path = export.serving_config(models, tmp_path / "config", labels)
    config = text_format.Parse(path.read_text("utf-8"), protos.ModelServerConfig())
    fashion, odd = config.model_config_list.config
    assert (fashion.name, fashion.base_path) == ("fashion", str(models[0]))
    assert fashion.model_platform == odd.model_platform == "tensorflow"
    assert fashion.model_version_policy.specific.versions == [1, 2]
    assert fashion.version_labels == {"stable": 1}
    assert (odd.name, odd.base_path) == ('odd"n\u00e4me', str(models[1]))
    assert not odd.HasField("model_version_policy")
    text = (tmp_path / "config" / "batching.config").read_text()
    batching = text_format.Parse(text, protos.BatchingParameters())
    assert batching.max_batch_size.value == 64
    assert batching.batch_timeout_micros.value == 1000
    assert batching.num_batch_threads.value == os.cpu_count()
    assert "max_batch_size {\n  value: 64\n}" in text
    assert sorted(p.name for p in (tmp_path / "config").iterdir()) == [
        "batching.config",
        "models.config",
    ]


def test_tensorflow_serving_reads_the_list(tmp_path):
    official = pytest.importorskip("tensorflow_serving.config.model_server_config_pb2")
    models = make_models(tmp_path, "fashion", "emoji")
    path = export.serving_config(models, tmp_path, {"emoji": {"canary": 2}})
    config = text_format.Parse(path.read_text(), official.ModelServerConfig())
    fashion, emoji = config.model_config_list.config
    assert (fashion.name, fashion.base_path) == ("fashion", str(models[0]))
    assert emoji.version_labels == {"canary": 2}
    assert emoji.model_version_policy.specific.versions == [2]


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
