"""Requests that a server answers to itself before it answers to anyone else.

TensorFlow Serving reads them from `assets.extra/tf_serving_warmup_requests`, a
file of `PredictionLog` messages.
"""

from __future__ import annotations

import pathlib

import numpy as np

FILE = "tf_serving_warmup_requests"

# The side of the pictures in requests to a model that takes any size.
SIDE = 64


def write(signatures: dict, folder: pathlib.Path):
    """Write one request for every signature.

    Args:
        signatures: dict of concrete functions.
        folder: the `pathlib.Path` of `assets.extra`.
    """
    import tensorflow as tf

    from keras_gan.serving import protos  # loads protobuf

    specs = {name: _inputs(function) for name, function in signatures.items()}
    with tf.io.TFRecordWriter(str(folder / FILE)) as records:
        for name, inputs in specs.items():
            log = protos.PredictionLog()
            request = log.predict_log.request
            request.model_spec.signature_name = name
            for key, spec in inputs.items():
                row = protos.to_tensor(_row(spec, specs["serving_default"]))
                request.inputs[key].CopyFrom(row)
            records.write(log.SerializeToString(deterministic=True))


def _inputs(function):
    """Return the specs of a function's inputs by name, however they are passed."""
    import tensorflow as tf

    specs = tf.nest.flatten(function.structured_input_signature)
    return {spec.name: spec for spec in specs}


def _row(spec, default_inputs):
    """Return one row of zeros, or a black PNG file of the size that the model takes."""
    import tensorflow as tf

    if spec.dtype != tf.string:
        shape = [1, *(size or SIDE for size in spec.shape[1:])]
        return np.zeros(shape, spec.dtype.as_numpy_dtype)
    black = _row(default_inputs["images"], default_inputs).astype("uint8")
    return tf.io.encode_png(black).numpy()
