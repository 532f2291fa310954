"""Search for models at a path, and the versions to serve."""

from __future__ import annotations

import dataclasses
import pathlib


@dataclasses.dataclass
class ModelSource:
    """A model's name, its folder, and its versions to serve.

    `versions` is None for the latest, `"all"`, or a list of numbers.
    """

    name: str
    path: pathlib.Path
    versions: object = None
    labels: dict = dataclasses.field(default_factory=dict)

    def wanted(self) -> list[int]:
        """Return the versions in the folder that are to be served now."""
        present = sorted(versions_in(self.path))
        if self.versions == "all":
            return present
        if self.versions is None:
            return present[-1:]
        return [version for version in present if version in self.versions]


def locate(path: str | pathlib.Path) -> list[ModelSource]:
    """Find the models at a path.

    Args:
        path: the folder of one model, `savedmodels/NAME`; or a folder of such
            folders; or one version's folder, `savedmodels/NAME/1`; or a
            `models.config` of TensorFlow Serving.

    Returns:
        A list of `ModelSource`.

    Raises:
        ValueError: if there are none.
    """
    path = pathlib.Path(path).absolute()
    if not path.exists():
        raise ValueError(f"There is nothing at {path}.")
    if path.is_file():
        return read_config(path)
    if is_saved_model(path):
        if path.name.isdigit():
            return [ModelSource(path.parent.name, path.parent, [int(path.name)])]
        raise ValueError(
            f"{path} is a SavedModel without a version. A server expects it in a "
            f"folder with a number for a name: {path / '1'}."
        )
    folders = [path, *sorted(p for p in path.iterdir() if p.is_dir())]
    found = [ModelSource(p.name, p) for p in folders if versions_in(p)]
    if not found:
        raise ValueError(
            f"{path} holds no SavedModel. Expected a file such as "
            f"{path / '1' / 'saved_model.pb'}, as `gan.export({str(path)!r})` writes."
        )
    return found[:1] if found[0].path == path else found


def versions_in(path: pathlib.Path) -> set[int]:
    """Return the numbers of the versions in a model's folder."""
    if not path.is_dir():
        return set()
    return {
        int(p.name) for p in path.iterdir() if p.name.isdigit() and is_saved_model(p)
    }


def is_saved_model(path: pathlib.Path) -> bool:
    """Whether a folder is one version of a SavedModel."""
    return (path / "saved_model.pb").is_file()


def read_config(path: pathlib.Path) -> list[ModelSource]:
    """Read the models of a `models.config` of TensorFlow Serving.

    Raises:
        ValueError: if the file is something else.
    """
    from google.protobuf import text_format

    from .protos import ModelServerConfig

    try:
        config = text_format.Parse(path.read_text(), ModelServerConfig())
    except (text_format.ParseError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is no models.config of TensorFlow Serving: {error}"
        ) from error
    sources = []
    for entry in config.model_config_list.config:
        policy, versions = entry.model_version_policy, None
        if policy.HasField("all"):
            versions = "all"
        elif policy.HasField("specific"):
            versions = list(policy.specific.versions)
        labels = dict(entry.version_labels)
        folder = pathlib.Path(entry.base_path)
        sources.append(ModelSource(entry.name, folder, versions, labels))
    if not sources:
        raise ValueError(f"{path} lists no model.")
    return sources
