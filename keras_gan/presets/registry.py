"""Presets by name."""

import difflib

from keras_gan.presets.table import PRESETS


def names() -> list[str]:
    """Return the names of all presets.

    Returns:
        List of str.

    Example:

    ```python
    print(keras_gan.presets.names())
    ```
    """
    return list(PRESETS)


def get(name):
    """Return the preset of this name.

    Args:
        name: str, one of `names()`.

    Returns:
        A `Preset`.

    Raises:
        ValueError: if there is none.

    Example:

    ```python
    preset = keras_gan.presets.get("dcgan_fashion_mnist")
    shorter = preset.replace(num_images=100_000)
    ```
    """
    if name in PRESETS:
        return PRESETS[name]
    near = difflib.get_close_matches(str(name), PRESETS, n=3)
    hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    raise ValueError(
        f"There is no preset {name!r}. {hint}There are: {', '.join(PRESETS)}."
    )
