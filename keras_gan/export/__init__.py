"""Export of generators to files that servers, phones and C programs load."""

from keras_gan.export.config import serving_config
from keras_gan.export.loading import SavedTranslator
from keras_gan.export.runtimes import litert, onnx, openvino
from keras_gan.export.writing import saved_model

__all__ = [
    "SavedTranslator",
    "litert",
    "onnx",
    "openvino",
    "saved_model",
    "serving_config",
]
