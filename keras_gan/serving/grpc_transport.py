"""Client of TensorFlow Serving's PredictionService over gRPC."""

from __future__ import annotations

import json

from . import protos
from .errors import ServingError

SERVICE = "/tensorflow.serving.PredictionService"

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
    """A gRPC connection to one model.

    Args:
        parts: the `urllib.parse.SplitResult` of the model's address.
        version: int, or None for the latest.
        timeout: float, seconds.
        retries: int.
    """

    def __init__(self, parts, version: int | None, timeout: float, retries: int):
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
            (
                "grpc.max_receive_message_length",
                -1,
            ),  # the default of 4 MB holds few images
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
            request_serializer=protos.GetModelMetadataRequest.SerializeToString,
            response_deserializer=protos.GetModelMetadataResponse.FromString,
        )
        self.version, self.timeout = version, timeout
        self._input_names = None

    def predict(self, inputs: dict, signature_name: str) -> dict:
        """Call a signature: arrays by name in, arrays by name out."""
        request = protos.PredictRequest()
        self._address(request.model_spec)
        request.model_spec.signature_name = signature_name
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(protos.to_tensor(value))
        answer = self._call(self._predict, request)
        return {name: protos.to_array(value) for name, value in answer.outputs.items()}

    def input_names(self, signature_name: str) -> dict[str, tuple[bool, tuple]]:
        """Return a signature's inputs: whether each is float, and a row's shape."""
        if self._input_names is None:
            request = protos.GetModelMetadataRequest(metadata_field=["signature_def"])
            self._address(request.model_spec)
            answer = self._call(self._metadata, request)
            packed = answer.metadata["signature_def"].value
            signatures = protos.SignatureDefMap.FromString(packed).signature_def
            self._input_names = {
                name: {k: _described(info) for k, info in signature.inputs.items()}
                for name, signature in signatures.items()
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


def _described(info):
    """Return whether an input is float32, and the shape of a row."""
    sizes = [dim.size for dim in info.tensor_shape.dim]
    return protos.DTYPES.get(info.dtype, ("",))[0] == "float32", tuple(sizes[1:])
