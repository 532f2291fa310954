"""The files that tell TensorFlow Serving what to serve, and how to batch it."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Sequence

from keras_gan.files import write_text
from keras_gan.paths import expand

BATCHING = {
    "max_batch_size": 64,
    "batch_timeout_micros": 1000,
    "max_enqueued_batches": 100,
}


def serving_config(
    models: Sequence[str | os.PathLike],
    folder: str | os.PathLike = ".",
    labels: dict[str, dict[str, int]] | None = None,
) -> pathlib.Path:
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
    paths = {expand(path).absolute().name: path for path in models}
    if len(paths) != len(list(models)):
        raise ValueError(
            "Each model is served under the name of its folder, and two have one "
            f"name: {[str(path) for path in models]}"
        )
    labels = labels or {}
    unknown = set(labels) - set(paths)
    if unknown:
        raise ValueError(f"`labels` name {sorted(unknown)}, which is not in `models`.")
    from keras_gan.serving import protos

    config = protos.ModelServerConfig()
    for name, path in paths.items():
        entry = config.model_config_list.config.add()
        _describe(entry, name, path, labels.get(name, {}))
    batching = protos.BatchingParameters()
    settings = {**BATCHING, "num_batch_threads": os.cpu_count() or 1}
    for name, value in settings.items():
        getattr(batching, name).value = value
    folder = expand(folder)
    _write(folder / "batching.config", batching)
    return _write(folder / "models.config", config)


def _describe(entry, name, path, labels):
    """Fill in the `ModelConfig` of one model."""
    path = expand(path).absolute()
    versions = {int(p.name) for p in path.glob("*") if p.name.isdecimal()}
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
    entry.name, entry.base_path = name, str(path)
    entry.model_platform = "tensorflow"
    if labels:
        served = sorted({*labels.values(), max(versions)})
        entry.model_version_policy.specific.versions.extend(served)
        entry.version_labels.update(labels)


def _write(path, message):
    """Write a message as text, in one step."""
    from google.protobuf import text_format

    write_text(path, text_format.MessageToString(message, as_utf8=True))
    return path
