"""Tensors as JSON, with the rules and the messages of TensorFlow Serving."""

from __future__ import annotations

import base64
import json

import numpy as np
import orjson

from .errors import ServingError
from .json_arrays import is_base64, shown, to_array

SEARCHED = 4096  # rows, for the one that is wrong


def parse(body: bytes) -> dict:
    """Parse a request's body; `NaN` and `Infinity` are numbers here.

    Raises:
        ServingError: if it is no JSON object.
    """
    if not body:
        raise ServingError("JSON Parse error: The document is empty")
    try:
        request = json.loads(body)
    except json.JSONDecodeError as error:
        raise ServingError(
            f"JSON Parse error: Invalid value. at offset: {error.pos}"
        ) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ServingError(f"JSON Parse error: Invalid value. {error}") from error
    if not isinstance(request, dict):
        raise ServingError(f"JSON Value: {shown(request)} Is not object")
    return request


def signature_name(request: dict) -> str:
    """Return the name of the requested signature; empty for the default."""
    name = request.get("signature_name", "")
    if not isinstance(name, str):
        raise ServingError(
            f"JSON Value: {shown(request)} not formatted correctly. 'signature_name' "
            "key must be a string value."
        )
    return name


def read_inputs(request: dict, infos: dict) -> tuple[dict, bool]:
    """Read the input tensors of a `:predict` request.

    Args:
        request: dict, with `instances` (rows) or `inputs` (columns).
        infos: dict from the name of an input to its type and shape.

    Returns:
        `inputs, is_row`: a dict from name to array, and the form of the request.

    Raises:
        ServingError: if the request does not fit.
    """
    if "instances" in request and "inputs" in request:
        raise ServingError(
            f"JSON Value: {shown(request)} Not formatted correctly expecting only one "
            "of 'inputs' or 'instances' keys to exist "
        )
    if "instances" in request:
        return _read_rows(request, infos), True
    if "inputs" in request:
        return _read_columns(request["inputs"], infos), False
    raise ServingError("Missing 'inputs' or 'instances' key")


def write_outputs(outputs: dict, is_row: bool) -> bytes:
    """Write the body of the answer to a `:predict` request.

    Args:
        outputs: dict from name to array.
        is_row: bool, the form of the request.

    Returns:
        bytes.
    """
    values = {name: _jsonable(name, array) for name, array in outputs.items()}
    if not is_row:
        alone = len(values) == 1
        return dump({"outputs": next(iter(values.values())) if alone else values})
    for name, array in outputs.items():
        if array.ndim == 0:
            raise ServingError(f"Tensor name: {name} has no shape information ")
    if len(values) == 1:
        return dump({"predictions": next(iter(values.values()))})
    sizes = {len(array) for array in outputs.values()}
    if len(sizes) > 1:
        raise ServingError(
            f"Tensor name: {name} has inconsistent batch size: {max(sizes)} "
            f"expecting: {min(sizes)}"
        )
    names = list(values)
    rows = zip(*values.values(), strict=True)
    return dump({"predictions": [dict(zip(names, r, strict=True)) for r in rows]})


def dump(value) -> bytes:
    """Write JSON, with float32 in its shortest form and `NaN` as a word."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)
    except TypeError:  # the marker of `_jsonable`, or a type that orjson lacks
        return json.dumps(value, default=_plain).encode()


def text_size(array: np.ndarray) -> int:
    """Estimate the bytes of an array as JSON."""
    if array.dtype == object:
        return sum(16 + len(value) * 4 // 3 for value in array.flat)
    return array.size * value_size(array.dtype)


def value_size(dtype) -> int:
    """Estimate the bytes of one number as JSON, with its comma."""
    return 4 + 2 * np.dtype(dtype).itemsize


class _NotFinite:
    """A marker of arrays that orjson must not write, as it writes NaN as null."""

    def __init__(self, array):
        self.array = array


def _plain(value):
    return value.array.tolist() if isinstance(value, _NotFinite) else value.tolist()


def _jsonable(name, array):
    if array.dtype == object:
        return _texts(array.tolist(), name.endswith("_bytes"))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return [_NotFinite(a) for a in array] if array.ndim else _NotFinite(array)
    return np.ascontiguousarray(array) if array.ndim else array.item()


def _texts(value, is_binary):
    if isinstance(value, list):
        return [_texts(item, is_binary) for item in value]
    if is_binary:
        return {"b64": base64.b64encode(value).decode()}
    return value.decode(errors="replace")


def _read_rows(request, infos):
    rows = request["instances"]
    if not isinstance(rows, list):
        raise ServingError(
            f"JSON Value: {shown(request)} Excepting 'instances' to be an list/array"
        )
    if not rows:
        raise ServingError(
            f"JSON Value: {shown(request)} No values in 'instances' array"
        )
    named = _is_object(rows[0])
    if not named and len(infos) != 1:
        raise ServingError(
            "instances is a plain list, but expecting list of objects as multiple "
            "input tensors required as per tensorinfo_map"
        )
    for index, row in enumerate(rows):
        if _is_object(row) != named:
            wanted, got = ("object", "list") if named else ("value/list", "object")
            raise ServingError(
                f"Expecting {wanted} but got {got} at item {index} of input list"
            )
    if not named:
        (name,) = infos
        return {name: _read_column(rows, infos[name].dtype)}
    for index, row in enumerate(rows):
        _check_keys(index, row, infos)
    return {
        name: _read_column([row[name] for row in rows], i.dtype, f" key: {name}")
        for name, i in infos.items()
    }


def _check_keys(index, row, infos):
    for name in row:
        if name not in infos:
            raise ServingError(
                f"Failed to process element: {index} key: {name} of 'instances' list. "
                "Error: INVALID_ARGUMENT: JSON object: does not have named input: "
                f"{name}"
            )
    if row.keys() != infos.keys():
        raise ServingError(
            f"Failed to process element: {index} of 'instances' list. JSON object: "
            f"{shown(row)} keys must be equal to: {','.join(infos)}"
        )


def _read_column(values, dtype, key=""):
    """Read one input of all rows; an error names the first row that is wrong."""
    try:
        return to_array(values, dtype)
    except ServingError:
        _find_wrong_row(values[:SEARCHED], dtype, key)
        raise


def _find_wrong_row(values, dtype, key):
    shape = None
    for index, value in enumerate(values):
        place = f"Failed to process element: {index}{key} of 'instances' list. "
        try:
            array = to_array(value, dtype)
        except ServingError as error:
            raise ServingError(f"{place}Error: INVALID_ARGUMENT: {error}") from error
        if shape is not None and array.shape != shape:
            raise ServingError(
                f"{place}Error: INVALID_ARGUMENT: Expecting shape {_sizes(shape)} but "
                f"got: {_sizes(array.shape)}"
            )
        shape = array.shape


def _read_columns(columns, infos):
    if not _is_object(columns):
        if len(infos) != 1:
            raise ServingError(
                "inputs is a plain value/list, but expecting an object as multiple "
                "input tensors required as per tensorinfo_map"
            )
        (name,) = infos
        return {name: to_array(columns, infos[name].dtype)}
    for name in infos:
        if name not in columns:
            raise ServingError(f"Missing named input: {name} in 'inputs' object.")
    return {name: to_array(columns[name], i.dtype) for name, i in infos.items()}


def _is_object(value):
    return isinstance(value, dict) and not is_base64(value)


def _sizes(shape):
    return "[" + ",".join(map(str, shape)) + "]"
