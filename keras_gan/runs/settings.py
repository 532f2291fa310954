"""The settings of a run, and the file that keeps them."""

from pathlib import Path
from typing import Any

from keras_gan.files import DamagedFile, read_json
from keras_gan.presets import Preset
from keras_gan.runs import layout

DEFAULTS = {
    "seed": 0,
    "precision": "auto",
    "tensorboard": False,
    "evaluate_every": None,
    "num_evaluated": 10_000,
    "keep_best": None,
    "patience": None,
    "checkpoint_every": 500,
    "data_dir": None,
}
# The type of each setting, and whether it may be None.
TYPES = {
    "seed": (int, False),
    "precision": (str, True),
    "tensorboard": (bool, False),
    "evaluate_every": (int, True),
    "num_evaluated": (int, False),
    "keep_best": (str, True),
    "patience": (int, True),
    "checkpoint_every": (int, False),
    "data_dir": (str, True),
}
MEND = "Restore it from a copy, or train into another folder: --output."


def read(folder: Path) -> tuple[Preset, dict[str, Any]]:
    """Read the settings in the folder of a run.

    Returns:
        `preset, settings`.

    Raises:
        ValueError: if the folder holds no run, or its settings are damaged.
    """
    path = folder / layout.SETTINGS
    facts = read_facts(folder)
    try:
        preset = Preset.from_dict(facts.pop("preset"))
        _ = len(preset.image_shape), preset.num_steps, preset.num_classes
    except (AttributeError, TypeError, ValueError) as error:
        found = f"its preset cannot be used ({error})"
        raise DamagedFile(path, found, MEND) from error
    wrong = [name for name, value in facts.items() if not _fits(name, value)]
    if wrong:
        found = f"{wrong[0]!r} cannot be {facts[wrong[0]]!r}"
        raise DamagedFile(path, found, MEND)
    return preset, DEFAULTS | facts


def read_facts(folder: Path) -> dict[str, Any]:
    """Return what the file holds, the preset as a dict under `"preset"`.

    Raises:
        ValueError: if the folder holds no run, or the file is damaged.
    """
    path = folder / layout.SETTINGS
    if not path.is_file():
        raise ValueError(
            f"{str(folder)!r} is not the folder of a run: it has no "
            f"{layout.SETTINGS}. `keras-gan train PRESET --output {folder}` would "
            "make it one."
        )
    facts = read_json(path, MEND)
    preset = facts.get("preset") if isinstance(facts, dict) else None
    if not isinstance(preset, dict) or not {"name", "description"} <= set(preset):
        raise DamagedFile(path, "it has no preset", MEND)
    return facts


def _fits(name, value):
    kind, is_optional = TYPES.get(name, (object, True))
    if value is None:
        return is_optional
    is_number = kind is not int or (type(value) is int and value >= 0)
    return isinstance(value, kind) and is_number
