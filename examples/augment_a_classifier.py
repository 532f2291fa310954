"""Does a GAN help a classifier that has few labels? Six ways, on Fashion-MNIST.

    python examples/augment_a_classifier.py --labels 20

All of them know the same few labels of each class, and are compared on test images:

- `classical`: a convolutional network, with shifts, flips, zooms and erased parts;
- `generated`: the same, and half of each batch from a conditional GAN that was trained
  on the same labelled images;
- `pseudo_labels`: the same as `classical`, and half of each batch from 50,000 images
  without labels, with the classes that `classical` is sure of;
- `discriminator`: that of a `SemiSupervisedGAN`, which learns from the images without
  labels too;
- `two_classifiers`: the mean of what `classical` and `pseudo_labels` say;
- `semi_supervised`: the mean of what `pseudo_labels` and `discriminator` say.

The first two know no more than the labelled images; the others have all images. Two
networks err less than one, so compare the last two with each other.

Writes into `runs/augment_a_classifier`:
    generated.png    pictures of the conditional GAN, one class a row
    accuracy.json    the share of test images whose class is named right
"""

import argparse
import json
from pathlib import Path

import keras_gan
from keras_gan import architectures, datasets, models

import keras
import numpy as np
from keras import layers

SURE = 0.95


def new_classifier(width):
    """A convolutional network, which changes its images in training."""
    blocks = []
    for filters in (width, 2 * width, 4 * width):
        blocks += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
        ]
    classifier = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomFlip("horizontal"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant", fill_value=-1.0),
            layers.RandomZoom(0.1, fill_mode="constant", fill_value=-1.0),
            layers.RandomErasing(
                0.5, scale=(0.02, 0.2), fill_value=-1.0, value_range=(-1, 1)
            ),
            *blocks,
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-3, args.epochs * args.steps_per_epoch
    )
    classifier.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return classifier


class Mixed(datasets.SeededDataset):
    """Batches of labelled images, and of others with labels that they were given."""

    def __init__(self, *parts):
        super().__init__(steps_per_epoch=args.steps_per_epoch)
        self.parts = parts
        self.share = args.batch_size // len(parts)

    def batch(self, step):
        rows = [
            self.rng(step, i).integers(len(labels), size=self.share)
            for i, (_, labels) in enumerate(self.parts)
        ]
        drawn = zip(self.parts, rows, strict=True)
        images, labels = zip(
            *((images[r], labels[r]) for (images, labels), r in drawn), strict=True
        )
        images = np.concatenate(images).astype("float32") / 127.5 - 1
        return images, np.concatenate(labels)


def trained(*parts):
    """Train a new classifier on images and labels, equally many of each part."""
    classifier = new_classifier(args.width)
    classifier.fit(Mixed(*parts), epochs=args.epochs, verbose=2)
    return classifier


def generated(labelled, num_images=5_000):
    """Return images of a conditional GAN that has seen labelled images alone."""
    networks = architectures.dcgan((28, 28, 1), 64, num_classes=10, width=args.width)
    gan = keras_gan.GAN(*networks, num_classes=10, seed=0)
    gan.compile(
        discriminator_penalties=[keras_gan.penalties.R1(0.1)],
        augment=keras_gan.augment.DiffAugment(["translation", "cutout"]),
        ema=keras_gan.EMA(half_life=10_000),
    )
    gan.fit(Mixed(labelled), epochs=args.epochs, verbose=2)
    rows = gan.generate(100, seed=1, labels=np.repeat(np.arange(10), 10))
    path = args.output / "generated.png"
    keras_gan.plotting.image_grid(rows, num_columns=10, path=path)
    labels = np.arange(num_images) % 10
    images = gan.generate(num_images, seed=0, labels=labels)
    return keras_gan.plotting.to_uint8(images), labels


def semi_supervised(images, few):
    """Return a GAN whose discriminator has learned from few labels and all images."""
    generator, discriminator = architectures.dcgan((28, 28, 1), 64, width=args.width)
    discriminator = architectures.semi_supervised_discriminator(discriminator, 10)
    gan = models.SemiSupervisedGAN(generator, discriminator, seed=0)
    steps = args.epochs * args.steps_per_epoch
    rate = keras.optimizers.schedules.CosineDecay(1e-3, steps)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        augment=keras_gan.augment.DiffAugment(["translation"]),
        class_weight=5.0,
        loss_weight=1.0,
    )
    data = datasets.PartlyLabelled(
        images, few, batch_size=args.batch_size, augment="horizontal_flip"
    )
    steps = min(args.steps_per_epoch, len(data))
    gan.fit(data, epochs=args.epochs, steps_per_epoch=steps, verbose=2)
    return gan


def sure_labels(images, given):
    """Return the images whose class is sure, at least a tenth, and these classes."""
    sureness = given.max(axis=1)
    sure = sureness >= min(SURE, np.quantile(sureness, 0.9))
    return images[sure], given[sure].argmax(axis=1)


def probabilities(classifier, images):
    """Return those of the classes, of images of uint8."""
    logits = classifier.predict(images.astype("float32") / 127.5 - 1, verbose=0)
    return keras.ops.convert_to_numpy(keras.ops.softmax(logits))


def main():
    keras.config.set_dtype_policy(args.precision)
    keras.utils.set_random_seed(args.seed)
    args.output.mkdir(parents=True, exist_ok=True)
    train = datasets.fashion_mnist("train", labels=True)
    test = datasets.fashion_mnist("test", labels=True)
    few = datasets.hide_labels(train.labels, args.labels, seed=args.seed)
    known = few >= 0
    labelled = train.images[known], few[known]
    others = train.images[~known]

    classical = trained(labelled)
    with_generated = trained(labelled, generated(labelled))
    pseudo = trained(labelled, sure_labels(others, probabilities(classical, others)))
    gan = semi_supervised(train.images, few)
    said = {
        "classical": probabilities(classical, test.images),
        "generated": probabilities(with_generated, test.images),
        "pseudo_labels": probabilities(pseudo, test.images),
        "discriminator": gan.classify(test.images),
    }
    said["two_classifiers"] = said["classical"] + said["pseudo_labels"]
    said["semi_supervised"] = said["pseudo_labels"] + said["discriminator"]
    found = {
        name: float(np.mean(each.argmax(axis=1) == test.labels))
        for name, each in said.items()
    }
    (args.output / "accuracy.json").write_text(json.dumps(found, indent=2))
    for name, share in found.items():
        print(f"{name:16} {share:.1%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=int, default=20, help="of each class")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of labels")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--steps-per-epoch", type=int, default=150)
    parser.add_argument("--width", type=int, default=32, help="channels")
    parser.add_argument("--batch-size", type=int, default=128)
    policies = ("float32", "mixed_bfloat16", "mixed_float16")
    parser.add_argument("--precision", choices=policies, default="float32")
    default = Path("runs/augment_a_classifier")
    parser.add_argument("--output", type=Path, default=default)
    args = parser.parse_args()
    main()
