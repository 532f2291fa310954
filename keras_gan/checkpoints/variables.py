"""Names for variables that mean the same in every process.

Keras numbers layers without a name as a process builds them, so that the same network
may hold `dense_1` today and `dense_7` tomorrow. `named` takes these numbers away, and
keeps those that somebody chose, such as `block_2_conv_1`. Variables that would then
share a name are told apart by their order.

The rule: a layer's number is Keras' own where the rest of the name is, or ends with,
the automatic name of the layer's class: `dense_3` of a `Dense`, `forward_lstm_3` of
an `LSTM`. Only the layers know their classes, so `named` walks the layers of a
network. A path such as `dense_3/kernel` does not say.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import keras
import numpy as np

from keras_gan import array_files

# The name of a variable that holds the digest of weights which no file of the model
# holds: see `keras_gan.layers.projected_features`.
FINGERPRINT = "fingerprint"

_NUMBER = re.compile(r"_\d+(?=[_/]|$)")


def named(groups: Mapping[str, object]) -> dict[str, keras.Variable]:
    """Give every variable a name that does not depend on the process.

    Args:
        groups: dict from a group's name to its members: a network or a list of
            networks; anything else that has `variables`, such as an optimizer; or a
            list of variables. A variable that is in several groups belongs to the
            first. Networks come before their optimizers, whose variables are named
            after the weights that they belong to. In a list of variables that belong
            to no network of an earlier group, all numbers go, for nothing tells
            which of them somebody chose.

    Returns:
        A dict from names, such as `generator/block_1_conv/kernel`, to the variables.
        The second variable of a name gets `~2` at its end.

    Example:

    ```python
    generator = keras_gan.architectures.dcgan_generator(width=4)
    variables = keras_gan.checkpoints.named({"generator": generator})
    variables["generator/base_dense/kernel"].shape  # (128, 392)
    ```
    """
    variables, counts, slots = {}, Counter(), {}
    seen = set()
    for group, members in groups.items():
        for variable, name in _members(members, slots):
            if id(variable) in seen:
                continue
            seen.add(id(variable))
            name = f"{group}/{name}"
            counts[name] += 1
            number = counts[name]
            variables[name if number == 1 else f"{name}~{number}"] = variable
    return variables


def _members(members: object, slots: dict) -> Iterator[tuple[keras.Variable, str]]:
    """Go through a group: every variable with its name in the group.

    Args:
        members: as in `named`.
        slots: dict from the paths of the networks' variables, as optimizers write
            them, to their names. It grows here.
    """
    if isinstance(members, keras.Layer):
        yield from _of_network(members, "", slots)
    elif hasattr(members, "variables"):
        yield from _of_paths(members.variables, slots)
    else:
        members = list(members)
        several = sum(isinstance(member, keras.Layer) for member in members) > 1
        for member in members:
            if isinstance(member, keras.Layer):
                prefix = f"{_name_of(member)}/" if several else ""
                yield from _of_network(member, prefix, slots)
            elif hasattr(member, "variables"):
                yield from _of_paths(member.variables, slots)
            else:
                yield from _of_paths([member], slots)


def _of_network(
    network: keras.Layer, prefix: str, slots: dict
) -> Iterator[tuple[keras.Variable, str]]:
    names = _within(network, prefix)
    for variable in network.variables:
        if id(variable) in names:
            name = names[id(variable)]
            slots.setdefault(_flat(variable.path), _flat(name))
            yield variable, name
        else:  # what a model holds beside its layers: metrics, optimizers
            yield from _of_paths([variable], slots)


def _within(layer: keras.Layer, prefix: str) -> dict[int, str]:
    """Names by `id` of the variables of a layer and of all layers in it."""
    names = {
        id(variable): prefix + variable.name
        for variable in (*layer._trainable_variables, *layer._non_trainable_variables)
    }
    for part in layer._flatten_layers(include_self=False, recursive=False):
        within = f"{prefix}{_name_of(part)}/"
        for variable, name in _within(part, within).items():
            names.setdefault(variable, name)
        for variable in part.variables:  # states of random generators
            names.setdefault(id(variable), within + variable.name)
    return names


def _of_paths(
    variables: Iterable[keras.Variable], slots: dict
) -> Iterator[tuple[keras.Variable, str]]:
    for variable in variables:
        *places, last = variable.path.split("/")
        stripped = _NUMBER.sub("", last)
        for end in _ends(last):
            if last[:end] in slots:  # an optimizer's: dense_3_kernel_momentum
                stripped = slots[last[:end]] + last[end:]
                break
        yield (
            variable,
            "/".join([*(_NUMBER.sub("", place) for place in places), stripped]),
        )


def _ends(name: str) -> list[int]:
    """Where an underscore ends the first part of a name, the longest part first."""
    return [i for i in reversed(range(len(name))) if name[i] == "_"]


def _flat(path: str) -> str:
    return path.replace("/", "_")


def _name_of(layer: keras.Layer) -> str:
    """The name of a layer, without a number that Keras gave."""
    automatic = _snake_case(type(layer).__name__)
    numbered = re.fullmatch(rf"((?:.*_)?{re.escape(automatic)})_\d+", layer.name)
    return numbered[1] if numbered else layer.name


def _snake_case(class_name: str) -> str:
    """The name that Keras gives to the first layer of a class."""
    name = re.sub(r"\W+", "", class_name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def arrays_of(variables: Mapping[str, keras.Variable]) -> dict[str, np.ndarray]:
    """Copy the values of named variables into NumPy arrays.

    `bfloat16`, which NumPy's files do not know, becomes float32, which holds
    every value of it.
    """
    arrays = {n: keras.ops.convert_to_numpy(v) for n, v in variables.items()}
    return {
        name: array.astype("float32") if array.dtype.name == "bfloat16" else array
        for name, array in arrays.items()
    }


def assign(
    variables: Mapping[str, keras.Variable],
    arrays: Mapping[str, np.ndarray],
    path: str | Path,
) -> None:
    """Put arrays into the variables of the same names: all of them, or none.

    Args as for `check`, which is called first.
    """
    check(variables, arrays, path)
    _check_fingerprints(variables, arrays, path)
    for name, variable in variables.items():
        variable.assign(arrays[name].astype(variable.dtype))


def _check_fingerprints(variables, arrays, path):
    """Check that frozen weights, which are read from elsewhere, are the same ones."""
    for name, variable in variables.items():
        is_one = name.rpartition("/")[2] == FINGERPRINT
        if is_one and not np.array_equal(
            keras.ops.convert_to_numpy(variable), arrays[name]
        ):
            raise ValueError(
                f"The checkpoint {str(path)!r} is of a network that saw through other "
                f"pretrained weights: {name.rpartition('/')[0]!r} has another digest. "
                "Build the model with the file of weights that it was trained with."
            )


def assign_file(
    variables: Mapping[str, keras.Variable], path: str | Path, mend: str
) -> None:
    """Put the arrays of an `.npz` file into the variables of the same names.

    Names and shapes are compared before anything is unpacked.

    Args:
        variables: dict from names to Keras variables.
        path: the file.
        mend: str, a sentence for the error about a damaged file.

    Raises:
        ValueError: as `check` raises, or if the file is damaged.
    """
    check_headers = functools.partial(check, variables, path=path)
    arrays = array_files.read(path, check_headers, mend)
    assign(variables, arrays, path)


def check(
    variables: Mapping[str, keras.Variable],
    arrays: Mapping[str, np.ndarray | array_files.Header],
    path: str | Path,
) -> None:
    """Check that arrays belong to these variables.

    Args:
        variables: dict from names to Keras variables.
        arrays: dict from names to arrays, or to anything with their `shape`s.
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


def _few(names: list[str], most: int = 4) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
