import keras
import numpy as np
from keras import layers


def _convolution(width, name):
    return layers.Conv2D(width, 3, padding="same", activation="relu", name=name)


def network(block=_convolution, dropout=0.0):
    images = x = keras.Input((28, 28, 1), name="pixels")
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    x = block(32, name="conv1")(x)  # (B, 28, 28, 32)
    x = layers.MaxPooling2D()(x)
    x = block(64, name="conv2")(x)  # (B, 14, 14, 64)
    x = block(64, name="conv3")(x)
    x = layers.MaxPooling2D()(x)
    x = block(128, name="conv4")(x)  # (B, 7, 7, 128)
    x = block(128, name="conv5")(x)
    features = layers.GlobalAveragePooling2D(name="features")(x)  # (B, 128)
    logits = layers.Dense(10, name="logits")(layers.Dropout(dropout)(features))
    return keras.Model(images, {"features": features, "logits": logits})


def load_weights(model, path):
    with np.load(path) as weights:
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(
                    [
                        weights[f"{layer.name}/{part}"].astype("float32")
                        for part in ("kernel", "bias")
                    ]
                )
