"""Names for variables that mean the same in every process.

Keras numbers layers as a process builds them, so that the same network may hold
`dense_1` today and `dense_7` tomorrow. Here the numbers go, and variables that
would then share a name are told apart by their order.
"""

import re
from collections import Counter

import keras

_NUMBER = re.compile(r"_\d+(?=[_/]|$)")


def named(groups):
    """Give every variable a name that lasts.

    Args:
        groups: dict from a group's name to its Keras variables. A variable that
            is in several groups belongs to the first.

    Returns:
        A dict from names, such as `generator/sequential/dense/kernel~2`, to the
        variables.
    """
    variables, seen, counts = {}, set(), Counter()
    for group, members in groups.items():
        for variable in members:
            if id(variable) in seen:
                continue
            seen.add(id(variable))
            name = f"{group}/{_NUMBER.sub('', variable.path)}"
            counts[name] += 1
            number = counts[name]
            variables[name if number == 1 else f"{name}~{number}"] = variable
    return variables


def arrays_of(variables):
    """The values of named variables as NumPy arrays.

    `bfloat16`, which NumPy's files do not know, becomes float32, which holds
    every value of it.
    """
    arrays = {n: keras.ops.convert_to_numpy(v) for n, v in variables.items()}
    return {
        name: array.astype("float32") if array.dtype.name == "bfloat16" else array
        for name, array in arrays.items()
    }


def assign(variables, arrays, path):
    """Put arrays into the variables of the same names: all of them, or none.

    Args as for `check`, which is called first.
    """
    check(variables, arrays, path)
    for name, variable in variables.items():
        variable.assign(arrays[name].astype(variable.dtype))


def check(variables, arrays, path):
    """See that arrays are those of these variables.

    Args:
        variables: dict from names to Keras variables.
        arrays: dict from names to arrays.
        path: where the arrays come from, for the error.

    Raises:
        ValueError: if a variable lacks its array, an array its variable, or their
            shapes differ.
    """
    missing = [name for name in variables if name not in arrays]
    unknown = [name for name in arrays if name not in variables]
    shapes = [
        f"{name} {arrays[name].shape} for {tuple(variable.shape)}"
        for name, variable in variables.items()
        if name in arrays and arrays[name].shape != tuple(variable.shape)
    ]
    faults = {
        "it lacks": missing,
        "it holds, and the model lacks,": unknown,
        "shapes differ:": shapes,
    }
    if any(faults.values()):
        said = "; ".join(f"{what} {_few(who)}" for what, who in faults.items() if who)
        raise ValueError(
            f"The checkpoint {str(path)!r} is of another model: {said}. Build and "
            "compile the model as it was when the checkpoint was written (the same "
            "networks, optimizers and `ema`), or use another folder."
        )


def _few(names, most=4):
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
