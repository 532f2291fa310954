"""Checks of arguments: the same mistake gets the same words everywhere."""

import difflib
import inspect
import math


def integer(name, value, at_least=1, at_most=math.inf):
    """The value as an int, if it is a whole number in a range.

    Args:
        name: str, the argument's, for the error.
        value: what was passed.
        at_least: int.
        at_most: int.

    Raises:
        ValueError: if it is not.
    """
    try:
        is_whole = not isinstance(value, bool) and int(value) == value
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole or not at_least <= value <= at_most:
        raise ValueError(
            f"`{name}` must be an integer of at least {at_least}. Received: {value!r}"
        )
    return int(value)


def multiple(name, value, unit):
    """The value as an int, if it is a positive multiple of a unit.

    Args:
        name: str, the argument's, for the error.
        value: what was passed.
        unit: int.

    Raises:
        ValueError: if it is not.
    """
    number = integer(name, value)
    if number % unit:
        near = max(unit, unit * round(number / unit))
        raise ValueError(
            f"`{name}` must be a multiple of {unit}. Received: {value!r}. The nearest "
            f"is {near}."
        )
    return number


def finite(name, value):
    """The value as a float, if it is a finite number.

    Args:
        name: str, the argument's, for the error.
        value: what was passed.

    Raises:
        ValueError: if it is not.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"`{name}` must be a finite number. Received: {value!r}")
    return number


def dropout(value):
    """A rate of dropout as a float, if it is at least 0 and below 1.

    Args:
        value: what was passed as `dropout`.

    Raises:
        ValueError: if it is not.
    """
    rate = finite("dropout", value)
    if not 0 <= rate < 1:
        raise ValueError(f"`dropout` must be at least 0 and below 1. Received: {value}")
    return rate


def integers(name, value):
    """The value as a tuple of positive ints, if it is a tuple or list of them.

    Args:
        name: str, the argument's, for the error.
        value: what was passed, one or more numbers.

    Raises:
        ValueError: if it is not.
    """
    try:
        numbers = tuple(integer(name, number) for number in value)
    except (TypeError, ValueError):
        numbers = ()
    if not numbers:
        raise ValueError(
            f"`{name}` must be a positive integer, or a tuple of them. Received: "
            f"{value!r}"
        )
    return numbers


def seed(value, name="seed"):
    """The seed as an int, if every backend takes it: from 0 to 2**31 - 1.

    Args:
        value: what was passed; None and `keras.random.SeedGenerator`s stay as they are.
        name: str, the argument's, for the error.

    Raises:
        ValueError: if it is anything else.
    """
    if value is None or hasattr(value, "next"):
        return value
    try:
        return integer(name, value, at_least=0, at_most=2**31 - 1)
    except ValueError:
        raise ValueError(
            f"`{name}` must be an integer from 0 to 2**31 - 1 (2147483647), which "
            f"every backend takes. Received: {value!r}"
        ) from None


def num_classes(value):
    """The number of classes as an int, or None for what is not conditional.

    Raises:
        ValueError: if it is neither.
    """
    if value is None:
        return None
    return integer("num_classes", value)


def one_of(name, value, choices):
    """The value, if it is one of the choices.

    Args:
        name: str, the argument's, for the error.
        value: what was passed.
        choices: tuple of str, two or more.

    Raises:
        ValueError: if it is not.
    """
    if value not in choices:
        *others, last = (f'"{choice}"' for choice in choices)
        raise ValueError(
            f"`{name}` must be {', '.join(others)} or {last}. Received: {value!r}"
        )
    return value


def image_shape(value, any_size=False):
    """The shape as a tuple `(height, width, channels)`, if it is one.

    Args:
        value: what was passed.
        any_size: bool, whether the height and the width may be None.

    Raises:
        ValueError: if it is not, or has more than four channels: then they may not
            come last.
    """
    try:
        height, width, channels = value
        height, width = (
            None if any_size and size is None else integer("size", size)
            for size in (height, width)
        )
        channels = integer("size", channels)
    except (TypeError, ValueError):
        free = ", or (None, None, channels) for any size" if any_size else ""
        raise ValueError(
            f"`image_shape` must be (height, width, channels){free}. Received: "
            f"{value!r}"
        ) from None
    if channels > 4:
        raise ValueError(
            "Images have 1 to 4 channels, and channels come last. Received: "
            f"image_shape={value!r}"
        )
    return height, width, channels


def similar_names(function, unknown) -> str:
    """Return a hint at the arguments that were probably meant.

    Args:
        function: the function that was called.
        unknown: names that it does not take.
    """
    known = [name for name in inspect.signature(function).parameters if name != "self"]
    hints = []
    for name in sorted(unknown):
        near = [each for each in known if name in each]
        near += difflib.get_close_matches(name, known, n=3)
        if near:
            choices = " or ".join(f"`{each}`" for each in dict.fromkeys(near))
            hints.append(f"Did you mean {choices}?")
    return " ".join(hints) or f"There are: {', '.join(known)}."
