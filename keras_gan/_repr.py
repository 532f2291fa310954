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
        is_object = isinstance(value, dict) and "class_name" in value
        value = getattr(thing, name) if is_object else value
        settings.append(f"{name}={value!r}")
    return f"{type(thing).__name__}({', '.join(settings)})"
