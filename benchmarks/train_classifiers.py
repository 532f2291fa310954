"""Train the classifiers that `keras_gan.metrics` ships.

    python benchmarks/train_classifiers.py mnist
    python benchmarks/train_classifiers.py fashion_mnist

Each takes some minutes on two cores. Writes
`keras_gan/metrics/features/NAME.npz` (float16) and, beside it, a JSON
file with the test accuracy of exactly those stored weights, their checksum and
the versions that made them. The test images choose nothing: the schedule is
fixed and the last weights are kept.
"""

import argparse
import hashlib
import json
import os
import platform
import time

import keras
import numpy as np
from keras import layers

from keras_gan import datasets
from keras_gan.metrics.features import classifiers
from keras_gan.metrics.features.fold import fold_batch_norm
from keras_gan.pixels import from_uint8, to_uint8

FOLDER = os.path.dirname(classifiers.__file__)
FLIPPED = {"mnist": False, "fashion_mnist": True}
EPOCHS = {"mnist": 8, "fashion_mnist": 14}


def normalised(width, name):
    """The training form of one convolution: its batch normalisation is apart."""

    def block(x):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=name)(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
        return layers.ReLU()(x)

    return block


def load(name, split):
    """All images of a split, uint8 `(n, 28, 28, 1)`, and their labels."""
    options = {"labels": True, "shuffle": False, "drop_remainder": False}
    batches = getattr(datasets, name)(split, **options)
    images, labels = zip(*batches, strict=True)
    images = np.concatenate([to_uint8(batch) for batch in images])
    return images, np.concatenate([np.asarray(batch) for batch in labels])


class Augmented(keras.utils.PyDataset):
    """Batches shifted by up to two pixels, and mirrored where that keeps the class."""

    def __init__(self, images, labels, batch_size, flipped, seed):
        super().__init__()
        self.images = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)))
        self.labels, self.batch_size, self.flipped = labels, batch_size, flipped
        self.random = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return len(self.labels) // self.batch_size

    def on_epoch_end(self):
        self.order = self.random.permutation(len(self.labels))

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        offsets = self.random.integers(0, 5, size=(len(chosen), 2))
        images = np.stack(
            [
                self.images[i, y : y + 28, x : x + 28]
                for i, (y, x) in zip(chosen, offsets, strict=True)
            ]
        )
        if self.flipped:
            mirrored = self.random.random(len(chosen)) < 0.5
            images[mirrored] = images[mirrored, :, ::-1]
        return from_uint8(images), self.labels[chosen]


def shipped_weights(model):
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
    parser.add_argument("dataset", choices=FLIPPED)
    parser.add_argument("--epochs", type=int, help="default: 8 and 14")
    parser.add_argument("--folder", default=FOLDER)
    arguments = parser.parse_args()
    name = arguments.dataset
    epochs = arguments.epochs or EPOCHS[name]

    keras.utils.set_random_seed(0)
    train, test = load(name, "train"), load(name, "test")
    data = Augmented(*train, batch_size=128, flipped=FLIPPED[name], seed=0)
    model = classifiers.network(block=normalised, dropout=0.3)
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
    np.savez_compressed(path, **shipped_weights(model))
    shipped = classifiers.network()
    classifiers.load_weights(shipped, path)
    logits = shipped.predict(from_uint8(test[0]), verbose=0)["logits"]
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
