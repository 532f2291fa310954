"""The files that tell TensorFlow Serving what to serve, and how to batch it."""

import json
import os
import pathlib

from keras_gan.files import write_text

BATCHING = """\
max_batch_size { value: 64 }
batch_timeout_micros { value: 1000 }
max_enqueued_batches { value: 100 }
num_batch_threads { value: %d }
"""


def serving_config(models, folder=".", labels=None):
    """Write `models.config` and `batching.config` for TensorFlow Serving.

    ```shell
    tensorflow_model_server --rest_api_port=8501 \\
        --model_config_file=models.config \\
        --enable_batching --batching_parameters_file=batching.config
    ```

    Args:
        models: list of the folders of models, `savedmodels/NAME`; each is served
            under its name.
        folder: where to write the two files.
        labels: dict from a model's name to a dict from label to version, such
            as `{"fashion": {"stable": 1, "canary": 2}}`. A labelled version is
            served next to the latest.

    Returns:
        The `pathlib.Path` of `models.config`.

    Raises:
        ValueError: if a folder holds no version, or two have one name, or a
            label names a version that is not there.

    Example:

    ```python
    keras_gan.export.serving_config(["savedmodels/fashion", "savedmodels/emoji"])
    ```
    """
    paths = {pathlib.Path(path).absolute().name: path for path in models}
    if len(paths) != len(list(models)):
        raise ValueError(
            "Each model is served under the name of its folder, and two have one "
            f"name: {[str(path) for path in models]}"
        )
    labels = labels or {}
    unknown = set(labels) - set(paths)
    if unknown:
        raise ValueError(f"`labels` name {sorted(unknown)}, which is not in `models`.")
    entries = [_entry(n, path, labels.get(n, {})) for n, path in paths.items()]
    text = "model_config_list {\n" + "".join(entries) + "}\n"
    folder = pathlib.Path(folder)
    write_text(folder / "batching.config", BATCHING % (os.cpu_count() or 1))
    write_text(folder / "models.config", text)
    return folder / "models.config"


def _entry(name, path, labels):
    path = pathlib.Path(path).absolute()
    versions = {int(p.name) for p in path.glob("*") if p.name.isdigit()}
    if not versions:
        raise ValueError(
            f"{path} holds no version of a model. Expected folders such as "
            f"{path / '1'}, as `gan.export({str(path)!r})` writes."
        )
    missing = set(labels.values()) - versions
    if missing:
        raise ValueError(
            f"{name!r} has the versions {sorted(versions)}, and `labels` name "
            f"{sorted(missing)}."
        )
    lines = [f"name: {_quoted(name)}", f"base_path: {_quoted(str(path))}"]
    lines += ['model_platform: "tensorflow"']
    if labels:
        served = sorted({*labels.values(), max(versions)})
        chosen = " ".join(f"versions: {version}" for version in served)
        lines += [f"model_version_policy {{ specific {{ {chosen} }} }}"]
    lines += [
        f"version_labels {{ key: {_quoted(label)} value: {version} }}"
        for label, version in labels.items()
    ]
    return "  config {\n" + "".join(f"    {line}\n" for line in lines) + "  }\n"


def _quoted(text):
    return json.dumps(text, ensure_ascii=False)
