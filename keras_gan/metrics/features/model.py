"""Custom Keras models as extractors."""

from collections.abc import Callable

import keras
import numpy as np

from keras_gan._typing import Config, Tensor
from keras_gan.metrics.features.extractor import NetworkExtractor
from keras_gan.pretrained import resize


@keras.saving.register_keras_serializable(package="keras_gan")
class ModelExtractor(NetworkExtractor):
    """Features from a custom Keras model.

    Args:
        model: a `keras.Model` from images to features `(batch, num_features)`, or
            to a dict with `"features"` and, optionally, `"logits"`. Spatial axes of
            the features are averaged.
        name: string, printed with every distance.
        preprocessing: None for `x / 127.5 - 1`, or a function from pixels in
            [0, 255] to the model's input, written with `keras.ops` to run on
            every backend. To save it, register it with
            `keras.saving.register_keras_serializable`.
        size: int, the height and width to which images are resized first, with
            antialiasing; or None.
        expected_fingerprint: string, the fingerprint of the weights that must be used,
            or None. Other weights raise an error.

    The weights are not saved with a metric. A loaded metric checks that it gets the
    same weights.

    ```python
    import keras
    from keras_gan.metrics import FrechetDistance, ModelExtractor

    images = keras.Input((32, 32, 3))
    x = keras.layers.Conv2D(16, 3, strides=2, activation="relu")(images)
    model = keras.Model(images, keras.layers.GlobalAveragePooling2D()(x))
    metric = FrechetDistance(ModelExtractor(model, name="my-convolution"))
    ```
    """

    def __init__(
        self,
        model: keras.Model,
        name: str,
        preprocessing: Callable[[Tensor], Tensor] | None = None,
        size: int | None = None,
        expected_fingerprint: str | None = None,
    ) -> None:
        super().__init__(name)
        self.model = model
        self.function = preprocessing
        self.size = size
        self.expected_fingerprint = expected_fingerprint
        described = getattr(preprocessing, "__name__", repr(preprocessing))
        self.preprocessing = f"{described}, size {size}"

    def build_trunk(self) -> keras.Model:
        inputs = keras.Input(self.model.input_shape[1:])
        outputs = self.model(inputs)
        if not isinstance(outputs, dict):
            outputs = {"features": outputs}
        features = outputs["features"]
        if len(features.shape) > 2:
            axes = tuple(range(1, len(features.shape) - 1))
            features = keras.ops.mean(features, axis=axes)
        return keras.Model(inputs, {**outputs, "features": features})

    def preprocess(self, pixels: Tensor) -> Tensor:
        images = pixels
        if self.size is not None:
            images = resize.resize(images, self.size)
        if self.model.input_shape[-1] == 3:
            images = resize.to_rgb(images)
        if self.function is None:
            return images / 127.5 - 1.0
        return self.function(images)

    @property
    def fingerprint(self) -> str:
        self._fingerprint = None  # the model may have been trained since
        return super().fingerprint

    def embed(self, pixels: np.ndarray, batch_size: int = 128) -> dict[str, np.ndarray]:
        if self.expected_fingerprint not in (None, self.fingerprint):
            raise ValueError(
                f"The model of the extractor {self.name!r} does not have the weights "
                "that the metric was saved with, which are not part of the file. "
                "Build the metric again with the trained extractor and compile with "
                "it: `gan.compile(..., metrics=[...])`."
            )
        self.expected_fingerprint = None
        return super().embed(pixels, batch_size)

    def get_config(self) -> Config:
        function = self.function
        return {
            "model": keras.saving.serialize_keras_object(self.model),
            "name": self.name,
            "preprocessing": function and keras.saving.serialize_keras_object(function),
            "size": self.size,
            "expected_fingerprint": self.expected_fingerprint or self.fingerprint,
        }

    @classmethod
    def from_config(cls, config: Config) -> "ModelExtractor":
        restored = dict(config)
        for key in ("model", "preprocessing"):
            restored[key] = keras.saving.deserialize_keras_object(config[key])
        return cls(**restored)
