"""Readable representations of objects that have a configuration."""

from typing import Any


def config_repr(thing: Any) -> str:
    """Return the call that builds an object, from its `get_config`.

    Nested objects are shown by their own representation.

    Args:
        thing: object with `get_config`, whose keys are arguments of its constructor.

    Returns:
        A str such as `"R1(weight=1.0, interval=1)"`.
    """
    settings = []
    for name, value in thing.get_config().items():
        if isinstance(value, dict) and "class_name" in value:
            value = getattr(thing, name)
        has_no_repr = type(value).__repr__ is object.__repr__
        text = config_repr(value) if has_no_repr else repr(value)
        settings.append(f"{name}={text}")
    return f"{type(thing).__name__}({', '.join(settings)})"
