"""Read constants from a TensorFlow graph file, without TensorFlow.

A frozen graph is a protocol buffer. It is read as data and not run, and the fields of
constants are parsed faster than TensorFlow is imported.
Field numbers are those of `graph.proto`, `node_def.proto`, `attr_value.proto`,
`tensor.proto` and `tensor_shape.proto`.
"""

import numpy as np

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FLOAT32 = 1  # DataType.DT_FLOAT


def constants(data: bytes) -> dict[str, np.ndarray]:
    """Return all float32 constants of a serialised `GraphDef`.

    Args:
        data: bytes.

    Returns:
        dict from node name to array.
    """
    found = {}
    for node in _fields(memoryview(data)).get(1, []):
        fields = _fields(node)
        if bytes(fields[2][0]) != b"Const":
            continue
        attributes = (_fields(entry) for entry in fields.get(5, []))
        values = {bytes(entry[1][0]): entry[2][0] for entry in attributes}
        tensor = _fields(_fields(values[b"value"])[8][0])
        if tensor[1][0] == FLOAT32:
            found[bytes(fields[1][0]).decode()] = _tensor(tensor)
    return found


def _tensor(fields):
    dimensions = _fields(fields[2][0]).get(2, []) if 2 in fields else []
    shape = [_fields(dimension).get(1, [0])[0] for dimension in dimensions]
    if 4 in fields:
        return np.frombuffer(fields[4][0], "<f4").reshape(shape)
    values = np.concatenate([np.frombuffer(part, "<f4") for part in fields[5]])
    if values.size == 1:
        return np.full(shape, values[0])
    return values.reshape(shape)


def _fields(data):
    """Return the raw values of one message: a dict from field number to list."""
    fields, position = {}, 0
    while position < len(data):
        key, position = _varint(data, position)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, position = _varint(data, position)
        else:
            if kind == BYTES:
                length, position = _varint(data, position)
            elif kind in (FIXED32, FIXED64):
                length = 4 if kind == FIXED32 else 8
            else:
                raise ValueError(f"This is not a protocol buffer: wire type {kind}.")
            if position + length > len(data):
                raise ValueError("The protocol buffer ends in the middle of a field.")
            value, position = data[position : position + length], position + length
        fields.setdefault(number, []).append(value)
    return fields


def _varint(data, position):
    value, shift = 0, 0
    while True:
        if position >= len(data):
            raise ValueError("The protocol buffer ends in the middle of a number.")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
