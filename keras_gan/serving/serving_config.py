"""The models of a `models.config` of TensorFlow Serving."""

from __future__ import annotations

import pathlib

from .sources import ModelSource


def read_config(path: pathlib.Path) -> list[ModelSource]:
    """Read the models of a `models.config` of TensorFlow Serving.

    Raises:
        ValueError: if the file is something else, or asks for what is not served.
    """
    from google.protobuf import text_format

    from .protos import ModelServerConfig

    try:
        config = text_format.Parse(path.read_text(), ModelServerConfig())
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is no models.config of TensorFlow Serving: {error}"
        ) from error
    entries = config.model_config_list.config
    if not entries:
        raise ValueError(f"{path} lists no model.")
    return [_source(path, entry) for entry in entries]


def _source(path, entry):
    folder = pathlib.Path(entry.base_path)
    if not entry.name:
        raise ValueError(f"{path} has a model without a name: {str(folder)!r}.")
    if not folder.is_absolute():
        raise ValueError(
            f"{path}: the model {entry.name!r} must have an absolute base_path. "
            f"Received: {entry.base_path!r}"
        )
    if entry.model_platform not in ("", "tensorflow"):
        raise ValueError(
            f"{path}: the model {entry.name!r} must have the model_platform "
            f"'tensorflow'. Received: {entry.model_platform!r}"
        )
    versions = _versions(entry.model_version_policy)
    return ModelSource(entry.name, folder, versions, dict(entry.version_labels))


def _versions(policy):
    if policy.HasField("all"):
        return "all"
    if policy.HasField("specific"):
        return list(policy.specific.versions)
    return policy.latest.num_versions or 1
