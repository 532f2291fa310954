"""Arrays into the variables of a network, all of them or none."""

from collections.abc import Mapping, Sequence

import keras
import numpy as np

from keras_gan import checkpoints

MOST = 6  # names in an error


def laid_out(array: np.ndarray) -> np.ndarray:
    """Return a parameter of PyTorch in the layout of Keras.

    Kernels (out, in, height, width) become (height, width, in, out), those of
    transposed convolutions (in, out, height, width) become (height, width, out, in),
    and matrices (out, in) become (in, out).
    """
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    return array.T


def check_names(
    what: str,
    state: Mapping[str, np.ndarray],
    expected: Sequence[str],
    left_out: Sequence[str] = (),
) -> None:
    """Check that a state dict has the parameters of a network, and no others.

    Args:
        what: str, the network, for the error.
        state: dict from published names to arrays.
        expected: the names that it must have.
        left_out: the names that it may have.

    Raises:
        ValueError: if a name is missing or unknown.
    """
    known = {*expected, *left_out}
    missing = [name for name in expected if name not in state]
    unknown = [name for name in state if name not in known]
    faults = []
    if missing:
        faults.append(f"it lacks {_few(missing)}")
    if unknown:
        faults.append(f"it holds, and {what} has not, {_few(unknown)}")
    _raise(what, faults)


def fill(
    what: str,
    network: keras.Model,
    arrays: Mapping[str, np.ndarray],
    published: Mapping[str, str],
) -> keras.Model:
    """Put arrays into the variables of a network, and return it.

    Args:
        what: str, the network, for the error.
        network: a built `keras.Model`.
        arrays: dict from names of its variables, such as `block_1_conv/kernel`, to
            arrays in Keras' layout.
        published: dict from these names to those of the authors, for the error.

    Raises:
        ValueError: if a variable lacks its array, an array its variable, or if shapes
            differ.
    """
    variables = {
        name.removeprefix("network/"): variable
        for name, variable in checkpoints.named({"network": network}).items()
        if any(variable is weight for weight in network.weights)
    }
    missing = [name for name in variables if name not in arrays]
    unknown = [name for name in arrays if name not in variables]
    shapes = [
        f"{published.get(name, name)} {tuple(arrays[name].shape)} for "
        f"{tuple(variable.shape)}, in Keras' layout,"
        for name, variable in variables.items()
        if name in arrays and tuple(arrays[name].shape) != tuple(variable.shape)
    ]
    faults = []
    if missing:
        faults.append(f"it lacks {_few([published.get(n, n) for n in missing])}")
    if unknown:
        names = [published.get(n, n) for n in unknown]
        faults.append(f"it holds, and {what} has not, {_few(names)}")
    if shapes:
        faults.append(f"shapes differ: {_few(shapes)}")
    _raise(what, faults)
    for name, variable in variables.items():
        variable.assign(arrays[name].astype("float32"))
    return network


def _raise(what, faults):
    if faults:
        raise ValueError(
            f"The state dict is not that of {what}: {'; '.join(faults)}. Get the whole "
            "file from where it was made, or convert it with the settings that it was "
            "trained with."
        )


def _few(names):
    rest = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + rest
