"""A loaded version of a model, and its signatures."""

from __future__ import annotations

import json
import math

import numpy as np

from . import pictures
from .errors import ServingError
from .json_tensors import value_size
from .table_rows import TableRows


class Signature:
    """A function of a model with named inputs and outputs.

    Args:
        model: str, the name of the model.
        definition: a `SignatureDef`.
        function: what TensorFlow loaded for it.
        card: the model card, a dict, or None for a model from elsewhere.
        picture_shape: the shape of decoded `image_bytes`, or None.
    """

    def __init__(self, model, definition, function, card, picture_shape=None):
        self.model = model
        self.function = function
        self.picture_shape = picture_shape
        self.inputs = {name: Info(i) for name, i in sorted(definition.inputs.items())}
        self.outputs = {n: Info(i) for n, i in sorted(definition.outputs.items())}
        self.takes_pictures = bool(picture_shape) and "image_bytes" in self.inputs
        self.ranges, self.may_be_nan = {}, set()
        if card is not None:
            codes = card.get("architecture", {}).get("codes", {})
            self.may_be_nan = {n for n, code in codes.items() if code["any"] == "NaN"}
            ranges = card.get("value_ranges", {})
            self.ranges = {n: ranges[n] for n in self.inputs if n in ranges}
        # In exports of keras_gan rows do not mix. Other models may mix them. Pictures
        # of any size are not joined, as nothing would bound the size of a batch.
        self.is_batched = (
            card is not None
            and bool(self.inputs)
            and all(info.has_rows for info in self.inputs.values())
            and all(info.has_rows for info in self.outputs.values())
            and not (self.takes_pictures and -1 in picture_shape[1:])
        )
        self.row_size = sum(info.row_size() for info in self.outputs.values())

    def __call__(self, inputs: dict) -> dict:
        """Run the function.

        Args:
            inputs: dict from name to array.

        Returns:
            A dict from name to array.

        Raises:
            ServingError: with TensorFlow's message, if it cannot.
        """
        import tensorflow as tf

        tensors = {
            name: tf.constant(value, self.inputs[name].dtype)
            for name, value in inputs.items()
        }
        try:
            outputs = self.function(**tensors)
        except (tf.errors.ResourceExhaustedError, MemoryError) as error:
            raise ServingError(_reason(error), 429) from error
        except (tf.errors.OpError, ValueError) as error:
            raise ServingError(_reason(error)) from error
        return {name: outputs[name].numpy() for name in self.outputs}

    def check(self, inputs: dict):
        """Check that inputs have the shapes and values that the model takes.

        Raises:
            ServingError: if not.
        """
        for name, value in inputs.items():
            expected = self.inputs[name].shape
            if expected is not None and not _fits(value.shape, expected):
                raise ServingError(
                    f"Input {name!r} has the shape {_shape(value.shape)}, and the "
                    f"model takes {_shape(expected)}."
                )
        if self.is_batched and len({len(value) for value in inputs.values()}) > 1:
            sizes = {name: len(value) for name, value in inputs.items()}
            raise ServingError(
                "Batching Run() input tensors must have equal 0th-dimension size. "
                f"Received: {sizes}"
            )
        for name, (lowest, highest) in self.ranges.items():
            value = inputs[name]
            if name in self.may_be_nan:  # for a code that is left to the seed
                value = value[~np.isnan(value)]
            _check_range(name, value, lowest, highest)

    def read_pictures(self, inputs: dict, max_side: int) -> dict:
        """Return inputs whose picture files are of the kind that the model decodes.

        Args:
            inputs: dict from name to array.
            max_side: int, the longest side of a picture for a model of any size.

        Raises:
            ServingError: on a file that is no picture, is damaged or is too large.
        """
        if not self.takes_pictures:
            return inputs
        name = "image_bytes"
        files = pictures.read(name, inputs[name], self.picture_shape, max_side)
        return {**inputs, name: files}


class Info:
    """The type and shape of an input or output; -1 stands for any size."""

    def __init__(self, info):
        from tensorflow import dtypes

        self.dtype = dtypes.as_dtype(info.dtype)
        shape = info.tensor_shape
        self.shape = None if shape.unknown_rank else [d.size for d in shape.dim]

    @property
    def has_rows(self) -> bool:
        """Whether the first axis may have any size."""
        return bool(self.shape) and self.shape[0] == -1

    def row_size(self) -> int:
        """Estimate the bytes of a row as JSON; 0 if they depend on its values."""
        if not self.shape or -1 in self.shape[1:] or self.dtype.name == "string":
            return 0
        return math.prod(self.shape[1:]) * value_size(self.dtype.as_numpy_dtype)

    def describe(self) -> dict:
        """Return the type and the shape as JSON can hold them."""
        return {"dtype": self.dtype.name, "shape": self.shape}


class Servable:
    """A version of a model, loaded and warmed up.

    Args:
        path: the `pathlib.Path` of the version's folder.
        name: str, the name of the model.

    Raises:
        ServingError: if it cannot be loaded.
    """

    def __init__(self, path, name: str):
        import tensorflow as tf
        from tensorflow.core.protobuf import saved_model_pb2

        card = path / "assets.extra" / "model_card.json"
        self.card = json.loads(card.read_text()) if card.is_file() else None
        proto = saved_model_pb2.SavedModel()
        proto.ParseFromString((path / "saved_model.pb").read_bytes())
        graphs = [g for g in proto.meta_graphs if "serve" in g.meta_info_def.tags]
        if not graphs:
            raise ServingError(f"{path} has no graph with the tag 'serve'.")
        self.definitions = {
            k: graphs[0].signature_def[k] for k in graphs[0].signature_def
        }
        described = (self.card or {}).get("table")
        self.table = None if described is None else TableRows(described)
        self.model = tf.saved_model.load(str(path), tags=["serve"])
        shape = self._picture_shape()
        self.signatures = {
            key: Signature(name, self.definitions[key], function, self.card, shape)
            for key, function in self.model.signatures.items()
        }
        self._warm_up(path / "assets.extra" / "tf_serving_warmup_requests")

    def signature(self, name: str) -> Signature:
        """Return a signature; an empty name is `serving_default`.

        Raises:
            ServingError: if there is none of this name.
        """
        name = name or "serving_default"
        if name not in self.signatures:
            raise ServingError(
                f'Serving signature name: "{name}" not found in signature def'
            )
        return self.signatures[name]

    def table_rows(self) -> TableRows:
        """Return what decodes the rows of the model.

        Raises:
            ServingError: if the model makes no tables.
        """
        if self.table is None:
            raise ServingError(
                "The model makes no rows of a table. Ask for its signatures with "
                "`:predict`."
            )
        return self.table

    def translator(self) -> Signature:
        """Return the signature that turns one picture file into another.

        Raises:
            ServingError: if the model does not translate pictures.
        """
        signature = self.signatures.get("png")
        is_one = signature is not None and list(signature.inputs) == ["image_bytes"]
        if not (is_one and signature.takes_pictures):
            raise ServingError(
                "The model does not translate pictures. Ask for its signatures with "
                "`:predict`."
            )
        return signature

    def _picture_shape(self):
        """Return the shape of the images that an export of keras_gan takes."""
        default = self.definitions.get("serving_default")
        if self.card is None or default is None or "images" not in default.inputs:
            return None
        return Info(default.inputs["images"]).shape

    def _warm_up(self, records):
        import tensorflow as tf

        from .protos import PredictionLog

        if not records.is_file():
            return
        for record in tf.data.TFRecordDataset(str(records)):
            log = PredictionLog.FromString(record.numpy())
            request = log.predict_log.request
            inputs = {
                name: tf.make_ndarray(_tensor_proto(value))
                for name, value in request.inputs.items()
            }
            self.signature(request.model_spec.signature_name)(inputs)


def _tensor_proto(message):
    """Return TensorFlow's own message, which knows more types than `protos`."""
    from tensorflow.core.framework import tensor_pb2

    return tensor_pb2.TensorProto.FromString(message.SerializeToString())


def _check_range(name, value, lowest, highest):
    if not np.isfinite(value).all():
        raise ServingError(f"Input {name!r} holds NaN or infinity.")
    low = -np.inf if lowest is None else lowest
    high = np.inf if highest is None else highest
    wrong = value[(value < low) | (value > high)]
    if wrong.size:
        bounds = f"at least {lowest}" if highest is None else f"{lowest} to {highest}"
        raise ServingError(
            f"Input {name!r} must be {bounds}. Received: {wrong.flat[0].item()}"
        )


def _fits(shape, expected):
    return len(shape) == len(expected) and all(
        b in (-1, a) for a, b in zip(shape, expected, strict=True)
    )


def _shape(sizes):
    return "[" + ",".join(str(size) for size in sizes) + "]"


def _reason(error):
    """Return TensorFlow's message without the stack of the exporting program."""
    message = getattr(error, "message", None) or str(error)
    lines = [line for line in message.splitlines() if line.strip()]
    skipped = ("Graph execution error", "Detected at node", "<stack traces")
    lines = [line for line in lines if not line.startswith(skipped)]
    return "\n".join(lines[:4]) or type(error).__name__
