"""Translators from SavedModels, to be used in Python on any backend."""

from __future__ import annotations

import json
import os

import numpy as np

from keras_gan.conditions import Image
from keras_gan.export.translation import translate
from keras_gan.serving.locate import locate
from keras_gan.validation import arguments


class SavedTranslator:
    """A translator that was exported as a SavedModel.

    TensorFlow loads and runs it, whatever the backend of Keras.

    Args:
        path: the folder of a model, whose latest version is taken, or of a version.

    Raises:
        ValueError: if there is no SavedModel, or one that translates no images.
        ImportError: without TensorFlow.

    Example:

    ```python
    layer = keras.layers.Conv2D(3, 7, padding="same", activation="tanh")
    network = keras.Sequential([keras.Input((None, None, 3)), layer])
    keras_gan.export.saved_model(network, "savedmodels/mine")
    translator = keras_gan.export.SavedTranslator("savedmodels/mine")
    translator.translate(np.zeros((150, 100, 3), "uint8")).shape  # (150, 100, 3)
    ```
    """

    def __init__(self, path: str | os.PathLike):
        tf = _tensorflow()
        sources = locate(path)
        if len(sources) > 1:
            names = ", ".join(source.name for source in sources)
            raise ValueError(
                f"{str(path)!r} holds several models: {names}. Name the folder of one."
            )
        self.name = sources[0].name
        folder = sources[0].wanted().popitem()[1]
        self._model = tf.saved_model.load(str(folder))  # it holds the weights
        self._function = self._model.signatures.get("serving_default")
        self.condition = Image(self._shape(path))
        self._multiple = _size_multiple(folder)

    def translate(self, images, batch_size: int = 16) -> np.ndarray:
        """Translate images; see `keras_gan.Sampler.translate`.

        Args:
            images: array `(num_images, height, width, channels)`, or one image
                `(height, width, channels)`; float32 in [-1, 1], or uint8.
            batch_size: int, how many to compute at a time.

        Returns:
            A float32 array, in [-1, 1], of as many images; a single one for one.

        Raises:
            ValueError: on images that the model does not take.
        """
        batch_size = arguments.integer("batch_size", batch_size)

        def run(images):
            images = self.condition.complete(images, len(images))
            starts = range(0, len(images), batch_size)
            parts = [self._run(images[start : start + batch_size]) for start in starts]
            return np.concatenate(parts)

        return translate(images, self.condition, self._multiple, run)

    def _run(self, images):
        tf = _tensorflow()
        return self._function(images=tf.constant(images))["images"].numpy()

    def _shape(self, path):
        """Return the shape of the images that the model takes."""
        function = self._function
        taken = {} if function is None else function.structured_input_signature[1]
        made = {} if function is None else function.structured_outputs
        if list(taken) != ["images"] or list(made) != ["images"]:
            raise ValueError(
                f"The SavedModel in {str(path)!r} does not translate: it takes "
                f"{sorted(taken)} and makes {sorted(made)}. Expected one that takes "
                "images and makes images, as `gan.export` writes of a translator."
            )
        return tuple(taken["images"].shape)[1:]


def _tensorflow():
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(
            "A SavedModel needs TensorFlow, whatever backend Keras has, and it is not "
            'installed. Install it: `pip install "keras-gan[cpu]"`.'
        ) from error
    return tf


def _size_multiple(folder):
    """Return what the model card says of sizes; 1 for a model without one."""
    path = folder / "assets.extra" / "model_card.json"
    if not path.is_file():
        return 1
    architecture = json.loads(path.read_text(encoding="utf-8")).get("architecture", {})
    return int(architecture.get("size_multiple", 1))
