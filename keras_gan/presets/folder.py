"""A model as a folder: its settings as JSON, its weights as named arrays.

    config.json    the classes and settings of networks, prior, condition and training
    sampler.npz    the weights of the network to sample from
    networks.npz   the weights of all networks

`Sampler`s are read from the first two alone.
"""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import keras
import numpy as np

from keras_gan import checkpoints, hub
from keras_gan.files import DamagedFile, naming_errors, new_folder, read_json
from keras_gan.sampler import Sampler

MEND = "Write the folder again with `gan.save_to_preset`."
FILES = CONFIG, SAMPLER, NETWORKS = "config.json", "sampler.npz", "networks.npz"


def is_one(path) -> bool:
    """Whether something is the path of such a folder, or an address on the hub."""
    return hub.is_address(path) or (
        isinstance(path, str | os.PathLike)
        and (Path(path).expanduser() / CONFIG).is_file()
    )


def find(path: str | os.PathLike, whole: bool = False) -> Path:
    """Return the folder, downloaded first if it lies on the hub.

    Args:
        path: the folder, or an address `"hf://user/name"`.
        whole: bool, whether the weights of all networks are wanted.
    """
    if hub.is_address(path):
        return hub.download(path, [CONFIG, NETWORKS if whole else SAMPLER])
    return Path(path).expanduser()


def write(path: str | os.PathLike, sampler: Sampler, model=None, overwrite=False):
    """Write a model, or a sampler alone, to a folder.

    The folder is written under a hidden name and renamed.

    Args:
        path: the folder.
        sampler: the `Sampler`.
        model: the `AdversarialModel`, or None.
        overwrite: bool, whether to replace what is there.

    Returns:
        The `pathlib.Path` of the folder.

    Raises:
        ValueError: if the folder exists.
    """
    path = Path(path).expanduser()
    if path.exists() and not overwrite:
        raise ValueError(
            f"{str(path)!r} exists already. Pass another folder, or `overwrite=True`."
        )
    serialize = keras.saving.serialize_keras_object
    config = {
        "sampler": {
            "network": serialize(sampler.network),
            "prior": serialize(sampler.prior),
            "condition": serialize(sampler.condition),
            "name": sampler.name,
        }
    }
    arrays = {SAMPLER: _arrays(sampler.network)}
    if model is not None:
        config["model"] = serialize(model)
        config["compile"] = serialize(model.get_compile_config())
        arrays[NETWORKS] = checkpoints.arrays_of(model.network_variables())
    _write_folder(path, config, arrays)
    return path


def _write_folder(path, config, arrays):
    with naming_errors(path), new_folder(path.parent):
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        try:
            (draft / CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")
            for name, values in arrays.items():
                np.savez(draft / name, **values)
            draft.chmod(0o755)
            replaced = draft.with_name(f"{draft.name}.replaced")
            if path.exists():
                os.replace(path, replaced)
            os.replace(draft, path)
            shutil.rmtree(replaced, ignore_errors=True)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def read_sampler(
    path: str | os.PathLike, load_weights: bool = True, direction: str | None = None
) -> Sampler:
    """Return the sampler of a folder.

    Args:
        path: the folder.
        load_weights: bool.
        direction: str, of a model that translates in two; None for the first.

    Raises:
        ValueError: on an unknown direction, and on damaged files.
    """
    path = Path(path).expanduser()
    if direction is not None:
        return _read_translator(path, load_weights, direction)
    config = _config(path)["sampler"]
    deserialize = keras.saving.deserialize_keras_object
    with _naming_errors(path):
        sampler = Sampler(
            deserialize(config["network"]),
            deserialize(config["prior"]),
            deserialize(config["condition"]),
            config["name"],
        )
    if load_weights:
        _assign(_named(sampler.network), path / SAMPLER)
    return sampler


def _read_translator(path, load_weights, direction):
    """Return the translator of a direction, which only the whole model knows."""
    model = read_model(path, load_weights)
    known = getattr(model, "directions", ())
    if direction not in known:
        has = f"has {', '.join(map(repr, known))}" if known else "has none"
        raise ValueError(
            f"There is no direction {direction!r}: the model in {str(path)!r} {has}."
        )
    return model.translator(direction)


def read_model(path: str | os.PathLike, load_weights: bool = True):
    """Return the model of a folder, compiled if it was.

    Raises:
        ValueError: if the folder holds a sampler alone.
    """
    path = Path(path).expanduser()
    config = _config(path)
    if "model" not in config:
        raise ValueError(
            f"{str(path)!r} holds a generator alone. Use `keras_gan.from_preset`."
        )
    with _naming_errors(path):
        model = keras.saving.deserialize_keras_object(config["model"])
        if config["compile"] is not None:
            model.compile_from_config(config["compile"])
    if load_weights:
        _assign(model.network_variables(), path / NETWORKS)
    return model


def _config(path):
    config = read_json(path / CONFIG, MEND)
    sampler = config.get("sampler") if isinstance(config, dict) else None
    if not isinstance(sampler, dict):
        raise DamagedFile(path / CONFIG, "it has no settings of a sampler", MEND)
    missing = {"network", "prior", "condition", "name"} - set(sampler)
    if missing:
        raise DamagedFile(path / CONFIG, f"its sampler has no {sorted(missing)}", MEND)
    return config


@contextlib.contextmanager
def _naming_errors(path):
    """Name the file in whatever Keras raises on settings that make no object."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"{str(path / CONFIG)!r} makes no model here ({type(error).__name__}: "
            f"{error}). Import the modules of its classes first. {MEND}"
        ) from error


def _named(network):
    return checkpoints.named({"generator": network})


def _arrays(network):
    return checkpoints.arrays_of(_named(network))


def _assign(variables, path):
    try:
        checkpoints.assign_file(variables, path, MEND)
    except FileNotFoundError as error:
        raise DamagedFile(path, "it is missing", MEND) from error
