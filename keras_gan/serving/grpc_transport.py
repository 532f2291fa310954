"""TensorFlow Serving's PredictionService, from the side of the client."""

import json

import numpy as np

from . import protos
from .errors import ServingError

SERVICE = "/tensorflow.serving.PredictionService"

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

STATUSES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


class GrpcTransport:
    """Calls a model's signatures over gRPC.

    Args:
        parts: the `urllib.parse.SplitResult` of the model's address.
        version: int, or None for the latest.
        timeout: float, seconds.
        retries: int.
    """

    def __init__(self, parts, version, timeout, retries):
        try:
            import grpc
        except ImportError as error:
            raise ImportError(
                "gRPC needs the package 'grpcio'. Install it: "
                '`pip install "keras-gan[grpc]"`, or use the REST API: http://...'
            ) from error
        self.name = parts.path.strip("/")
        if not self.name:
            raise ValueError(
                "The address must name the model: grpc://host:8500/NAME. Received: "
                f"{parts.geturl()}"
            )
        policy = {
            "maxAttempts": min(retries + 1, 5),  # gRPC takes no more
            "initialBackoff": "0.2s",
            "maxBackoff": "5s",
            "backoffMultiplier": 2,
            "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
        }
        service = {"name": [{}]} | ({"retryPolicy": policy} if retries else {})
        options = [
            ("grpc.max_receive_message_length", -1),  # 4 MB are few pictures
            ("grpc.max_send_message_length", -1),
            ("grpc.service_config", json.dumps({"methodConfig": [service]})),
        ]
        if parts.scheme == "grpcs":
            credentials = grpc.ssl_channel_credentials()
            channel = grpc.secure_channel(parts.netloc, credentials, options)
        else:
            channel = grpc.insecure_channel(parts.netloc, options)
        self.channel = channel
        self._predict = channel.unary_unary(
            f"{SERVICE}/Predict",
            request_serializer=protos.PredictRequest.SerializeToString,
            response_deserializer=protos.PredictResponse.FromString,
        )
        self._metadata = channel.unary_unary(
            f"{SERVICE}/GetModelMetadata",
            request_serializer=protos.MetadataRequest.SerializeToString,
            response_deserializer=protos.MetadataResponse.FromString,
        )
        self.version, self.timeout = version, timeout
        self._input_names = None

    def predict(self, inputs, signature_name):
        request = protos.PredictRequest()
        self._address(request.model_spec)
        request.model_spec.signature_name = signature_name
        for name, value in inputs.items():
            request.inputs.add(key=name, value=to_tensor(np.asarray(value)))
        answer = self._call(self._predict, request)
        return {entry.key: to_array(entry.value) for entry in answer.outputs}

    def input_names(self, signature_name):
        if self._input_names is None:
            request = protos.MetadataRequest(metadata_field=["signature_def"])
            self._address(request.model_spec)
            answer = self._call(self._metadata, request)
            packed = {entry.key: entry.value for entry in answer.metadata}
            signatures = protos.SignatureMap.FromString(packed["signature_def"].value)
            self._input_names = {
                entry.key: {item.key for item in entry.value.inputs}
                for entry in signatures.signature_def
            }
        if signature_name not in self._input_names:
            raise ServingError(
                f"The model {self.name} has no signature {signature_name!r}, but "
                f"{sorted(self._input_names)}."
            )
        return self._input_names[signature_name]

    def _address(self, spec):
        spec.name = self.name
        if self.version is not None:
            spec.version.value = self.version

    def _call(self, function, request):
        import grpc

        try:
            return function(request, timeout=self.timeout)
        except grpc.RpcError as error:
            code = error.code().name
            raise ServingError(
                f"{self.name} answered {code}: {error.details()}",
                STATUSES.get(code, 500),
            ) from error


def to_tensor(array):
    """An array as a `TensorProto`."""
    if array.dtype.kind in "SU":
        array = array.astype(object)
    tensor = protos.Tensor(dtype=NUMBERS[array.dtype])
    for size in array.shape:
        tensor.tensor_shape.dim.add(size=size)
    if array.dtype == object:
        tensor.string_val.extend(array.reshape(-1).tolist())
    else:
        tensor.tensor_content = np.ascontiguousarray(array).tobytes()
    return tensor


def to_array(tensor):
    """A `TensorProto` as an array."""
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
