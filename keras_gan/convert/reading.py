"""State dicts from files: arrays by name, read without running what is in the file."""

import os
import pickle
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keras_gan import array_files
from keras_gan.files import DamagedFile
from keras_gan.paths import expand

AGAIN = "Get the file again from where it was made."
TORCH_SUFFIXES = (".pth", ".pt", ".ckpt", ".bin")


def read_state_dict(
    path: str | os.PathLike, part: str | None = None
) -> dict[str, np.ndarray]:
    """Read the parameters of a network, by the names that its authors gave them.

    `.npz` is read by NumPy, `.safetensors` by the library of that name (`pip install
    "keras-gan[convert]"`), and `.pth`, `.pt`, `.ckpt` and `.bin` by PyTorch, with
    `weights_only=True`: a file that holds Python objects beside tensors could run code
    while it is read, and is refused.

    Args:
        path: the file.
        part: str, which network of a file that holds several: the key of a nested dict
            (`"state_dict"`, `"G_ema"`), or what stands before the first slash or dot
            of the names. A part that is the only one need not be named.

    Returns:
        A dict from names to arrays. `module.` before all names, which PyTorch writes
        for several GPUs, is left out.

    Raises:
        ValueError: if there is no such file, its kind is not known, it holds no arrays
            or not this part.
        DamagedFile: if the file is not whole, or holds Python objects.
        ImportError: if the library that reads it is not installed.

    Example:

    ```python
    np.savez("weights.npz", **{"generator/kernel": np.zeros((3, 4))})
    keras_gan.convert.read_state_dict("weights.npz").keys()  # dict_keys(['kernel'])
    ```
    """
    path = expand(path)
    if not path.is_file():
        raise ValueError(f"There is no file {str(path)!r}.")
    if path.suffix == ".npz":
        held = array_files.read(path, mend=AGAIN)
    elif path.suffix == ".safetensors":
        held = _read_safetensors(path)
    elif path.suffix in TORCH_SUFFIXES:
        held = _read_torch(path)
    else:
        kinds = ", ".join((".npz", ".safetensors", *TORCH_SUFFIXES))
        raise ValueError(
            f"{str(path)!r} is of no known kind. Expected a name that ends in {kinds}."
        )
    arrays = dict(_arrays_in(held))
    if not arrays:
        raise ValueError(f"{str(path)!r} holds no arrays, so no parameters.")
    return _without("module.", select(arrays, part, path))


def select(
    arrays: Mapping[str, np.ndarray], part: str | None, path: str | os.PathLike
) -> dict[str, np.ndarray]:
    """Return the arrays of one part, by their names within it.

    Args:
        arrays: dict from names to arrays.
        part: str, or None for the only part.
        path: the file, for the error.

    Raises:
        ValueError: if there is no such part.
    """
    if part is None:
        only = parts_of(arrays)
        return _without(f"{only[0]}/", arrays) if len(only) == 1 else dict(arrays)
    for mark in "/.":
        prefix = f"{part}{mark}"
        chosen = {
            name.removeprefix(prefix): array
            for name, array in arrays.items()
            if name.startswith(prefix)
        }
        if chosen:
            return chosen
    parts = parts_of(arrays) or sorted({name.split(".")[0] for name in arrays})
    raise ValueError(f"{str(path)!r} has no part {part!r}. It has: {', '.join(parts)}.")


def parts_of(arrays: Mapping[str, np.ndarray]) -> list[str]:
    """Return what stands before the first slash of the names, if all have one."""
    firsts = dict.fromkeys(name.partition("/")[0] for name in arrays)
    return list(firsts) if all("/" in name for name in arrays) else []


def _arrays_in(held: Any, place: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Go through nested dicts: names, with slashes between the keys, and arrays."""
    for key, value in held.items():
        if isinstance(value, Mapping):
            yield from _arrays_in(value, f"{place}{key}/")
        elif isinstance(value, np.ndarray):
            yield f"{place}{key}", value
        elif hasattr(value, "detach"):  # a tensor
            value = value.detach().cpu()
            is_half = value.is_floating_point() and value.element_size() < 4
            yield f"{place}{key}", (value.float() if is_half else value).numpy()


def _without(prefix, arrays):
    """Take a prefix away from all names, if all have it."""
    if not all(name.startswith(prefix) for name in arrays):
        return dict(arrays)
    return {name.removeprefix(prefix): array for name, array in arrays.items()}


def _read_safetensors(path: Path) -> dict[str, np.ndarray]:
    try:
        from safetensors import SafetensorError, numpy
    except ImportError as error:
        raise ImportError(
            f"The library `safetensors` reads {str(path)!r}, and is not installed: "
            '`pip install "keras-gan[convert]"`.'
        ) from error
    try:
        return numpy.load_file(path)
    except SafetensorError as error:
        found = f"it is not a whole file of tensors ({error})"
        raise DamagedFile(path, found, AGAIN) from error
    except (TypeError, KeyError) as error:  # a type that NumPy does not know
        raise ValueError(
            f"{str(path)!r} holds tensors of a type that NumPy does not know: {error}. "
            "Save them as float32: `tensor.float()`."
        ) from error


def _read_torch(path: Path) -> Mapping[str, Any]:
    try:
        import torch
    except ImportError as error:
        raise ImportError(
            f"PyTorch reads {str(path)!r}, and is not installed: `pip install torch`. "
            "Or turn it into a file of arrays where PyTorch is: `numpy.savez("
            "'weights.npz', **{k: v.cpu().numpy() for k, v in state_dict.items()})`."
        ) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # of pickles that it refuses
            held = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        said = str(error).strip().splitlines()[0][:200]
        raise DamagedFile(
            path,
            f"it is not a file of tensors alone ({said})",
            "Python objects could run code when they are read, and are not. Where you "
            "trust the file, save what it is for: `torch.save(model.state_dict(), "
            "path)`.",
        ) from error
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError) as error:
        said = str(error).strip().splitlines()[0][:200] if str(error) else "it ends"
        raise DamagedFile(path, f"PyTorch cannot read it ({said})", AGAIN) from error
    if not isinstance(held, Mapping):
        raise ValueError(
            f"{str(path)!r} holds a {type(held).__name__}. Expected a state dict, as "
            "`torch.save(model.state_dict(), path)` writes it."
        )
    return held
