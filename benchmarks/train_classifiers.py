"""Train the classifiers of `keras_gan.metrics`.

    python benchmarks/train_classifiers.py mnist
    python benchmarks/train_classifiers.py fashion_mnist
    python benchmarks/train_classifiers.py emoji

Each takes some minutes on two cores. Writes
`keras_gan/metrics/features/NAME.npz` (float16) and, beside it, a JSON
file with the test accuracy of exactly those stored weights, their checksum and
the versions that made them. Nothing is selected on the test images: the schedule is
fixed and the last weights are kept.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import platform
import time

from keras_gan import datasets
from keras_gan.metrics.features import classifier_networks, classifiers
from keras_gan.pixels import from_uint8, to_uint8
from keras_gan.pretrained.fold import fold_batch_norm

import keras
import numpy as np
from keras import layers

FOLDER = os.path.dirname(classifiers.__file__)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """The settings of one data set.

    Args:
        epochs: int, through all training images.
        mirrored: bool, whether a mirrored image keeps its class.
        shift: int, by how many pixels images are moved at most.
        ground: int, the byte that fills the border of a moved image.
        network: function that builds the network, of `classifier_networks`.
        styles: names of the styles to learn from; the first one is tested.
    """

    epochs: int
    mirrored: bool
    shift: int = 2
    ground: int = 0
    network: object = classifier_networks.grey
    styles: tuple = (None,)


RECIPES = {
    "mnist": Recipe(epochs=8, mirrored=False),
    "fashion_mnist": Recipe(epochs=14, mirrored=True),
    "emoji": Recipe(
        epochs=12,
        mirrored=True,
        shift=5,
        ground=255,
        network=classifier_networks.colour,
        styles=("google", "twitter"),
    ),
}


def normalised(width, name, strides=1):
    """The training form of one convolution: its batch normalisation is apart."""

    def block(x):
        x = layers.Conv2D(width, 3, strides, padding="same", use_bias=False, name=name)(
            x
        )
        x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
        return layers.ReLU()(x)

    return block


def load(name, split, styles=(None,)):
    """Return images, uint8 `(n, height, width, channels)`, and labels of a split."""
    options = {"labels": True, "shuffle": False, "drop_remainder": False}
    images, labels = [], []
    for style in styles:
        chosen = options if style is None else options | {"style": style}
        for batch, truth in getattr(datasets, name)(split=split, **chosen):
            images.append(to_uint8(batch))
            labels.append(np.asarray(truth))
    return np.concatenate(images), np.concatenate(labels)


class Augmented(keras.utils.PyDataset):
    """Batches of moved images, mirrored where that keeps the class."""

    def __init__(self, images, labels, batch_size, recipe, seed):
        super().__init__()
        self.size = images.shape[1]
        border = (recipe.shift, recipe.shift)
        self.images = np.pad(
            images, ((0, 0), border, border, (0, 0)), constant_values=recipe.ground
        )
        self.labels, self.batch_size, self.recipe = labels, batch_size, recipe
        self.random = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return len(self.labels) // self.batch_size

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.labels))

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        offsets = self.random.integers(
            0, 2 * self.recipe.shift + 1, size=(len(chosen), 2)
        )
        images = np.stack(
            [
                self.images[i, y : y + self.size, x : x + self.size]
                for i, (y, x) in zip(chosen, offsets, strict=True)
            ]
        )
        if self.recipe.mirrored:
            mirrored = self.random.random(len(chosen)) < 0.5
            images[mirrored] = images[mirrored, :, ::-1]
        return from_uint8(images), self.labels[chosen]


def stored_weights(model):
    """Fold every batch normalisation and round all weights to float16."""
    weights = {}
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            norm = model.get_layer(f"{layer.name}_norm")
            kernel, bias = fold_batch_norm(
                np.asarray(layer.kernel),
                mean=np.asarray(norm.moving_mean),
                variance=np.asarray(norm.moving_variance),
                beta=np.asarray(norm.beta),
                gamma=np.asarray(norm.gamma),
                epsilon=norm.epsilon,
            )
        elif isinstance(layer, layers.Dense):
            kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
        else:
            continue
        weights[f"{layer.name}/kernel"] = kernel.astype("float16")
        weights[f"{layer.name}/bias"] = bias.astype("float16")
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", choices=RECIPES)
    parser.add_argument("--epochs", type=int, help="default: the recipe's")
    parser.add_argument("--folder", default=FOLDER)
    arguments = parser.parse_args()
    name = arguments.dataset
    recipe = RECIPES[name]
    epochs = arguments.epochs or recipe.epochs

    keras.utils.set_random_seed(0)
    train = load(name, "train", recipe.styles)
    test = load(name, "test", recipe.styles[:1])
    data = Augmented(*train, batch_size=128, recipe=recipe, seed=0)
    model = recipe.network(block=normalised, dropout=0.3)
    schedule = keras.optimizers.schedules.CosineDecay(
        1e-4,
        decay_steps=int(0.9 * epochs * len(data)),
        warmup_target=3e-3,
        warmup_steps=int(0.1 * epochs * len(data)),
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=1e-2),
        loss={
            "features": None,
            "logits": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        },
    )
    start = time.time()
    model.fit(data, epochs=epochs, verbose=2)
    minutes = (time.time() - start) / 60

    path = os.path.join(arguments.folder, f"{name}.npz")
    np.savez_compressed(path, **stored_weights(model))
    stored = recipe.network()
    classifier_networks.load_weights(stored, path)
    logits = stored.predict(from_uint8(test[0]), verbose=0)["logits"]
    accuracy = float(np.mean(np.argmax(logits, axis=1) == test[1]))
    with open(path, "rb") as file:
        checksum = hashlib.sha256(file.read()).hexdigest()
    report = {
        "dataset": name,
        "test_accuracy": round(accuracy, 4),
        "test_images": len(test[1]),
        "sha256": checksum,
        "bytes": os.path.getsize(path),
        "epochs": epochs,
        "minutes": round(minutes, 1),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    with open(path.replace(".npz", ".json"), "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
