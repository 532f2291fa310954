"""The few messages of TensorFlow Serving that are needed here.

Their Python classes come in `tensorflow-serving-api`, which asks for a whole
TensorFlow, even of a client. On the wire a message is its fields' numbers and
types, and these are written down here: for the gRPC client, for the requests
that warm a model up, and for `models.config`.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# message: {field: (number, type)}; "*" marks a repeated field. A map is a repeated
# entry of key and value. Fields that are left out here are skipped when read.
SCHEMA = {
    "Dim": {"size": (1, "int64")},
    "Shape": {"dim": (2, "Dim*"), "unknown_rank": (3, "bool")},
    "Tensor": {
        "dtype": (1, "int32"),
        "tensor_shape": (2, "Shape"),
        "tensor_content": (4, "bytes"),
        "float_val": (5, "float*"),
        "double_val": (6, "double*"),
        "int_val": (7, "int32*"),
        "string_val": (8, "bytes*"),
        "int64_val": (10, "int64*"),
        "bool_val": (11, "bool*"),
    },
    "Int64": {"value": (1, "int64")},
    "ModelSpec": {
        "name": (1, "string"),
        "version": (2, "Int64"),
        "signature_name": (3, "string"),
        "version_label": (4, "string"),
    },
    "NamedTensor": {"key": (1, "string"), "value": (2, "Tensor")},
    "PredictRequest": {"model_spec": (1, "ModelSpec"), "inputs": (2, "NamedTensor*")},
    "PredictResponse": {"outputs": (1, "NamedTensor*"), "model_spec": (2, "ModelSpec")},
    "MetadataRequest": {
        "model_spec": (1, "ModelSpec"),
        "metadata_field": (2, "string*"),
    },
    "MetadataResponse": {"metadata": (2, "NamedAny*")},
    "NamedAny": {"key": (1, "string"), "value": (2, "Any")},
    "Any": {"type_url": (1, "string"), "value": (2, "bytes")},
    "SignatureMap": {"signature_def": (1, "NamedSignature*")},
    "NamedSignature": {"key": (1, "string"), "value": (2, "Signature")},
    "Signature": {"inputs": (1, "NamedInput*")},
    "NamedInput": {"key": (1, "string")},
    "PredictLog": {"request": (1, "PredictRequest")},
    "PredictionLog": {"predict_log": (6, "PredictLog")},
    "Latest": {"num_versions": (1, "uint32")},
    "All": {},
    "Specific": {"versions": (1, "int64*")},
    "VersionPolicy": {
        "latest": (100, "Latest"),
        "all": (101, "All"),
        "specific": (102, "Specific"),
    },
    "VersionLabel": {"key": (1, "string"), "value": (2, "int64")},
    "ModelConfig": {
        "name": (1, "string"),
        "base_path": (2, "string"),
        "model_platform": (4, "string"),
        "model_version_policy": (7, "VersionPolicy"),
        "version_labels": (8, "VersionLabel*"),
    },
    "ModelConfigList": {"config": (1, "ModelConfig*")},
    "ModelServerConfig": {"model_config_list": (1, "ModelConfigList")},
}

_Field = descriptor_pb2.FieldDescriptorProto


def _classes():
    file = descriptor_pb2.FileDescriptorProto(
        name="keras_gan/serving.proto", package="keras_gan.serving", syntax="proto3"
    )
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            repeated, kind = kind.endswith("*"), kind.rstrip("*")
            label = _Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL
            added = message.field.add(name=field, number=number, label=label)
            if kind in SCHEMA:
                added.type = _Field.TYPE_MESSAGE
                added.type_name = f".keras_gan.serving.{kind}"
            else:
                added.type = getattr(_Field, f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()  # of its own: no clash with the official
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"keras_gan.serving.{name}")
        )
        for name in SCHEMA
    }


_CLASSES = _classes()
Tensor = _CLASSES["Tensor"]
PredictRequest = _CLASSES["PredictRequest"]
PredictResponse = _CLASSES["PredictResponse"]
MetadataRequest = _CLASSES["MetadataRequest"]
MetadataResponse = _CLASSES["MetadataResponse"]
SignatureMap = _CLASSES["SignatureMap"]
PredictionLog = _CLASSES["PredictionLog"]
ModelServerConfig = _CLASSES["ModelServerConfig"]
