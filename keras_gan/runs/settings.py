"""The preset of a run, read from its settings file."""

from collections.abc import Mapping
from typing import Any

from keras_gan.presets import BurnIn, Preset


def preset_of(facts: Mapping[str, Any]) -> Preset:
    """Make a preset from what its `to_dict` returned and JSON stored.

    Args:
        facts: dict, the setting `preset` of a run.

    Raises:
        ValueError: if another version, with other settings, wrote it.
    """
    try:
        return Preset(**{name: _restored(value) for name, value in facts.items()})
    except TypeError as error:
        raise ValueError(
            "The settings of this run were written by another version of keras-gan, "
            f"and do not make a preset here: {error}. Use that version, which "
            "`settings.json` names."
        ) from error


def _restored(value):
    """Turn lists into tuples, and the dict of a schedule into the schedule."""
    if isinstance(value, dict):
        if set(value) == {"burn_in"}:
            return BurnIn(**value["burn_in"])
        return {key: _restored(each) for key, each in value.items()}
    if isinstance(value, list):
        return tuple(_restored(each) for each in value)
    return value
