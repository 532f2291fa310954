"""The messages of TensorFlow Serving that this package reads and writes.

They are declared here as protocol buffers and built by the `protobuf` library.
The requests that warm a model up, the gRPC client, the server and `models.config`
all use them. TensorFlow Serving's own classes come in `tensorflow-serving-api`,
which asks for a whole TensorFlow, even of a client.

Names, numbers and types are those of TensorFlow Serving's `.proto` files, so that
bytes and text are the same. Only the fields in use are declared. The library keeps
unknown fields as they are.
"""

from __future__ import annotations

import numpy as np

try:
    from google.protobuf import (
        any_pb2,
        descriptor_pb2,
        descriptor_pool,
        message_factory,
        wrappers_pb2,
    )
except ImportError as error:
    raise ImportError(
        "TensorFlow Serving's messages need the package 'protobuf'. Install it: "
        '`pip install "keras-gan[serve]"` or `pip install "keras-gan[grpc]"`.'
    ) from error

# message: {field: (number, type)}. "T*" is a repeated T, "{T}" a map from string to
# T. A type is a scalar, a message of this table, or a message of `google.protobuf`.
SCHEMA = {
    # tensorflow/core/framework; `dtype` is an enum there, of the same bytes.
    "Dim": {"size": (1, "int64")},
    "TensorShapeProto": {"dim": (2, "Dim*"), "unknown_rank": (3, "bool")},
    "TensorProto": {
        "dtype": (1, "int32"),
        "tensor_shape": (2, "TensorShapeProto"),
        "tensor_content": (4, "bytes"),
        "float_val": (5, "float*"),
        "double_val": (6, "double*"),
        "int_val": (7, "int32*"),
        "string_val": (8, "bytes*"),
        "int64_val": (10, "int64*"),
        "bool_val": (11, "bool*"),
    },
    # tensorflow/core/protobuf/meta_graph.proto
    "TensorInfo": {"dtype": (2, "int32"), "tensor_shape": (3, "TensorShapeProto")},
    "SignatureDef": {"inputs": (1, "{TensorInfo}"), "outputs": (2, "{TensorInfo}")},
    # tensorflow_serving/apis
    "ModelSpec": {
        "name": (1, "string"),
        "version": (2, "google.protobuf.Int64Value"),
        "signature_name": (3, "string"),
        "version_label": (4, "string"),
    },
    "PredictRequest": {"model_spec": (1, "ModelSpec"), "inputs": (2, "{TensorProto}")},
    "PredictResponse": {
        "outputs": (1, "{TensorProto}"),
        "model_spec": (2, "ModelSpec"),
    },
    "GetModelMetadataRequest": {
        "model_spec": (1, "ModelSpec"),
        "metadata_field": (2, "string*"),
    },
    "GetModelMetadataResponse": {
        "model_spec": (1, "ModelSpec"),
        "metadata": (2, "{google.protobuf.Any}"),
    },
    "SignatureDefMap": {"signature_def": (1, "{SignatureDef}")},
    "PredictLog": {"request": (1, "PredictRequest")},
    "PredictionLog": {"predict_log": (6, "PredictLog")},
    # tensorflow_serving/config/model_server_config.proto
    "Latest": {"num_versions": (1, "uint32")},
    "All": {},
    "Specific": {"versions": (1, "int64*")},
    "ServableVersionPolicy": {
        "latest": (100, "Latest"),
        "all": (101, "All"),
        "specific": (102, "Specific"),
    },
    "ModelConfig": {
        "name": (1, "string"),
        "base_path": (2, "string"),
        "model_platform": (4, "string"),
        "model_version_policy": (7, "ServableVersionPolicy"),
        "version_labels": (8, "{int64}"),
    },
    "ModelConfigList": {"config": (1, "ModelConfig*")},
    "ModelServerConfig": {"model_config_list": (1, "ModelConfigList")},
    # tensorflow_serving/servables/tensorflow/session_bundle_config.proto
    "BatchingParameters": {
        "max_batch_size": (1, "google.protobuf.Int64Value"),
        "batch_timeout_micros": (2, "google.protobuf.Int64Value"),
        "max_enqueued_batches": (3, "google.protobuf.Int64Value"),
        "num_batch_threads": (4, "google.protobuf.Int64Value"),
    },
}

PACKAGE = "tensorflow.serving"

_Field = descriptor_pb2.FieldDescriptorProto


def _file() -> descriptor_pb2.FileDescriptorProto:
    """Declare the messages of `SCHEMA`."""
    file = descriptor_pb2.FileDescriptorProto(
        name="keras_gan/serving.proto",
        package=PACKAGE,
        syntax="proto3",
        dependency=[m.DESCRIPTOR.name for m in (any_pb2, wrappers_pb2)],
    )
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            if kind.startswith("{"):
                _add_map(message, field, number, kind.strip("{}"))
            else:
                _add_field(message, field, number, kind)
    return file


def _add_field(message, name, number, kind):
    label = _Field.LABEL_REPEATED if kind.endswith("*") else _Field.LABEL_OPTIONAL
    kind = kind.rstrip("*")
    field = message.field.add(name=name, number=number, label=label)
    if kind in SCHEMA:
        kind = f"{PACKAGE}.{kind}"
    if "." in kind:
        field.type, field.type_name = _Field.TYPE_MESSAGE, f".{kind}"
    else:
        field.type = getattr(_Field, f"TYPE_{kind.upper()}")
    return field


def _add_map(message, name, number, kind):
    """Add a map, which is a repeated entry of key and value on the wire."""
    entry = message.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
    entry.options.map_entry = True
    _add_field(entry, "key", 1, "string")
    _add_field(entry, "value", 2, kind)
    field = message.field.add(name=name, number=number, label=_Field.LABEL_REPEATED)
    field.type = _Field.TYPE_MESSAGE
    field.type_name = f".{PACKAGE}.{message.name}.{entry.name}"


def _classes() -> dict[str, type]:
    # A pool of its own: the official classes may be loaded beside these.
    pool = descriptor_pool.DescriptorPool()
    for module in (any_pb2, wrappers_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(_file().SerializeToString())
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{PACKAGE}.{name}")
        )
        for name in SCHEMA
    }


_CLASSES = _classes()
TensorProto = _CLASSES["TensorProto"]
PredictRequest = _CLASSES["PredictRequest"]
PredictResponse = _CLASSES["PredictResponse"]
GetModelMetadataRequest = _CLASSES["GetModelMetadataRequest"]
GetModelMetadataResponse = _CLASSES["GetModelMetadataResponse"]
SignatureDefMap = _CLASSES["SignatureDefMap"]
PredictionLog = _CLASSES["PredictionLog"]
ModelConfig = _CLASSES["ModelConfig"]
ModelServerConfig = _CLASSES["ModelServerConfig"]
BatchingParameters = _CLASSES["BatchingParameters"]

# DataType of TensorFlow: number -> NumPy's dtype, and the field for single values.
DTYPES = {
    1: ("float32", "float_val"),
    2: ("float64", "double_val"),
    3: ("int32", "int_val"),
    7: (object, "string_val"),
    9: ("int64", "int64_val"),
    10: ("bool", "bool_val"),
}
NUMBERS = {np.dtype(dtype): number for number, (dtype, _) in DTYPES.items()}


def to_tensor(array: np.ndarray) -> TensorProto:
    """Convert an array to a `TensorProto`.

    Args:
        array: array of float32, float64, int32, int64, bool, str, or of bytes as
            objects.
    """
    array = np.asarray(array)
    if array.dtype.kind in "SU":
        array = array.astype(object)
    tensor = TensorProto(dtype=NUMBERS[array.dtype])
    for size in array.shape:
        tensor.tensor_shape.dim.add(size=size)
    if array.dtype == object:
        values = array.reshape(-1).tolist()
        tensor.string_val.extend(
            value.encode() if isinstance(value, str) else value for value in values
        )
    else:
        tensor.tensor_content = np.ascontiguousarray(array).tobytes()
    return tensor


def to_array(tensor: TensorProto) -> np.ndarray:
    """Convert a `TensorProto` to an array; strings become objects of bytes."""
    dtype, field = DTYPES[tensor.dtype]
    shape = [dim.size for dim in tensor.tensor_shape.dim]
    if tensor.tensor_content:
        return np.frombuffer(tensor.tensor_content, dtype).reshape(shape).copy()
    values = list(getattr(tensor, field))
    size = int(np.prod(shape))
    if values and len(values) < size:  # the last value stands for the rest
        values += values[-1:] * (size - len(values))
    flat = np.zeros(size, dtype)
    flat[: len(values)] = values
    return flat.reshape(shape)
