"""Requests that a server answers to itself before it answers to anyone else.

TensorFlow Serving reads them from `assets.extra/tf_serving_warmup_requests`, a
file of `PredictionLog` messages. The messages' Python classes come in a package
that asks for another build of TensorFlow, and four nested fields do not need it.
"""

import numpy as np

FILE = "tf_serving_warmup_requests"


# The side of the pictures in requests to a model that takes any size.
SIDE = 64


def write(signatures, folder):
    """Write one request for every signature.

    Args:
        signatures: dict of concrete functions.
        folder: the `pathlib.Path` of `assets.extra`.
    """
    import tensorflow as tf

    specs = {
        name: function.structured_input_signature[1]
        for name, function in signatures.items()
    }
    with tf.io.TFRecordWriter(str(folder / FILE)) as records:
        for name, inputs in specs.items():
            rows = {key: _row(spec, specs) for key, spec in inputs.items()}
            records.write(_prediction_log(name, rows))


def _row(spec, specs):
    """One row of zeros, or of a black PNG of the size that the model takes."""
    import tensorflow as tf

    if spec.dtype != tf.string:
        shape = [1, *(size or SIDE for size in spec.shape[1:])]
        return np.zeros(shape, spec.dtype.as_numpy_dtype)
    black = _row(specs["serving_default"]["images"], specs).astype("uint8")
    return tf.io.encode_png(black).numpy()


def _prediction_log(signature_name, inputs):
    import tensorflow as tf

    request = _field(1, _field(3, signature_name.encode()))  # model_spec
    for name, value in inputs.items():
        tensor = tf.make_tensor_proto(value).SerializeToString()
        request += _field(2, _field(1, name.encode()) + _field(2, tensor))
    return _field(6, _field(1, request))  # predict_log.request


def _field(number, payload):
    """A length-delimited field in the wire format of protocol buffers."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])
