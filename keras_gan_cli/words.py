"""The library's messages in the words of the command line."""

import re

# `name`, `name=value` and name=value, as messages write arguments.
_ARGUMENT = re.compile(r"`(\w+)(?:=([^`]+))?`|(?<![\w?&])(\w+)=([^\s=,;]*[^\s=,;.)])")

_QUOTES = "\"'"


def as_typed(message: str, options: set[str]) -> str:
    """Write the arguments that a message names as the options that give them.

    Args:
        message: str, such as "Pass `overwrite=True`."
        options: the options of the command, such as `{"--overwrite"}`. Arguments
            that have no option stay as they are.

    Returns:
        The message, such as "Pass --overwrite."
    """

    def replace(found):
        name, value = found[1] or found[3], found[2] or found[4]
        typed = [f"--{n.replace('_', '-')}" for n in (name, name.removesuffix("s"))]
        option = next((each for each in typed if each in options), None)
        if option is None or value in ("None", "False"):
            return found[0]
        return option if value in (None, "True") else f"{option} {value.strip(_QUOTES)}"

    return _ARGUMENT.sub(replace, message)
