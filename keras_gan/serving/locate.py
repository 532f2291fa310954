"""Search for models at a path."""

from __future__ import annotations

import pathlib
import sys

from .serving_config import read_config
from .sources import NUMBER, ModelSource, is_saved_model, versions_in


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
    path = pathlib.Path(path).expanduser().absolute()
    if not path.exists():
        raise ValueError(f"There is nothing at {path}.")
    if path.is_file():
        return read_config(path)
    if is_saved_model(path):
        if NUMBER.fullmatch(path.name):
            return [ModelSource(path.parent.name, path.parent, [int(path.name)])]
        raise ValueError(
            f"{path} is a SavedModel without a version. A server expects it in a "
            f"folder with a number for a name: {path / '1'}."
        )
    if versions_in(path):
        return [ModelSource(path.name, path)]
    found = [ModelSource(p.name, p) for p in sorted(path.iterdir()) if _holds_model(p)]
    if not found:
        raise ValueError(
            f"{path} holds no SavedModel. Expected a file such as "
            f"{path / '1' / 'saved_model.pb'}, as `gan.export({str(path)!r})` writes."
        )
    return found


def _holds_model(path):
    try:
        return bool(versions_in(path))
    except OSError as error:
        print(f"{path} is left out: {error.strerror or error}.", file=sys.stderr)
        return False
