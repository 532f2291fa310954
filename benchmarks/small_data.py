"""Little data: what augmentation is worth on 3,400 emoji of 64 x 64 pixels.

    python benchmarks/small_data.py --precision bf16
    python benchmarks/small_data.py --images 100000
    python benchmarks/small_data.py --precision bf16 --ship savedmodels

Trains `r3gan_emoji_64` with its augmentation and without, on equally many images from
equal seeds. Then 10,000 generated images of each are held against the training images,
as is usual where data are few (Karras et al. 2020, arXiv:2006.06676), and against the
test images, a tenth of the glyphs, which no training saw: too few for a distance that
means much alone, but a generator that has learned the training images by heart is
farther from them than from its own. The features are those of a small classifier of
Unicode's ten categories, trained here first, on the training images of two styles; so
the distances are to be compared with each other only.

`nearest.png` shows the generated images that are most like a training image, each
beside it. Runs are kept in `--output`; one that was stopped goes on. `--ship` writes
the generator of the preset, if it was trained as long as the preset says, to where
`keras_gan.from_preset` finds it.
"""

from pathlib import Path

import click
import keras
import numpy as np
from keras import layers
from tables import gallery, markdown, runs
from tables.kept import Kept

from keras_gan import datasets, metrics, plotting, presets

PRESET = presets.get("r3gan_emoji_64")
VARIANTS = {"augmented": PRESET.augment, "not augmented": None}


@click.command(help=__doc__.replace("\n\n    ", "\n\n\b\n    "))
@click.option("--images", "num_images", type=int, default=PRESET.num_images)
@click.option("--precision", type=click.Choice(["float32", "bf16"]), default="float32")
@click.option("--variant", "variants", multiple=True, type=click.Choice([*VARIANTS]))
@click.option("--seed", default=0, show_default=True)
@click.option("--num-evaluated", default=10_000, show_default=True)
@click.option("--epochs", default=12, show_default=True, help="Of the classifier.")
@click.option("--output", default="runs/small_data", show_default=True, type=Path)
@click.option("--ship", type=Path, help="A folder for the generator of the preset.")
def main(num_images, precision, variants, seed, num_evaluated, epochs, output, ship):
    kept, rows = Kept(output), []
    extractor = classifier(output / "classifier.keras", epochs)
    real = kept.result("held-out", lambda: held_out(extractor))
    rows.append(("the test images", "", f"{real['train']:.2f}", "", "", ""))
    for variant in variants or VARIANTS:
        preset = PRESET.adapted(augment=VARIANTS[variant], num_images=num_images)
        folder = output / f"{variant}-{seed}-{num_images}".replace(" ", "_")
        run = runs.trained(folder, preset, seed, precision)
        found = kept.result(
            folder.name, lambda r=run: judge(r, extractor, num_evaluated)
        )
        print(variant, found, flush=True)
        if ship is not None and preset == PRESET:
            distance = metrics.FrechetDistance(extractor)
            runs.ship(folder, ship, [distance], load("train")[0])
            gallery.write(ship)
        rows.append(
            (
                variant,
                f"{num_images:,}",
                f"{found['train']:.2f}",
                f"{found['test']:.2f}",
                f"{found['authenticity']:.2f}",
                f"{found['copies']:.0%}",
            )
        )
    heads = ("", "images", "to training images", "to test images", "authentic")
    text = markdown.table((*heads, "copies"), rows)
    (output / "small_data.md").write_text(text + "\n")
    print(text)


def load(split, style="google"):
    """Images and their categories, as bytes."""
    data = datasets.emoji(style, split, labels=True, shuffle=False, batch_size=1)
    return data.as_uint8().arrays()


def classifier(path, epochs):
    """The features of a classifier of categories, trained if there is none yet."""
    if not path.exists():
        keras.utils.set_random_seed(0)
        styles = [load("train", style) for style in ("google", "twitter")]
        images, labels = map(np.concatenate, zip(*styles, strict=True))
        model = network(num_classes=int(labels.max()) + 1)
        rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(images) // 64)
        model.compile(
            keras.optimizers.AdamW(rate, weight_decay=1e-2),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )
        model.fit(images / np.float32(255), labels, 64, epochs, verbose=2)
        test, truth = load("test")
        accuracy = model.evaluate(test / np.float32(255), truth, verbose=0)[1]
        print(f"the classifier is right about {accuracy:.1%} of the test images")
        path.parent.mkdir(parents=True, exist_ok=True)
        model.save(path)
    model = keras.saving.load_model(path)
    features = keras.Model(model.inputs, model.get_layer("features").output)
    return metrics.ModelExtractor(features, "emoji-categories", preprocessing=to_unit)


def to_unit(pixels):
    """Bytes in [0, 1]."""
    return pixels / 255.0


def network(num_classes):
    """Convolutions with strides, on images that are mirrored, moved and tinted."""
    x = images = keras.Input((64, 64, 3))
    for augmentation in (
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
    ):
        x = augmentation(x)
    for filters in (32, 64, 128, 128):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D(name="features")(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(images, layers.Dense(num_classes)(x))


def judge(run, extractor, num_evaluated):
    """Distances to both splits, and the nearest training images, with a picture."""
    gan = run.restore()
    train, test = load("train")[0], load("test")[0]

    def measured(metric, images, num_images):
        found = metrics.measure([metric], images, gan, num_images, seed=0, verbose=0)
        return {name.split("/")[-1]: float(value) for name, value in found.items()}

    distances = [
        measured(metrics.FrechetDistance(extractor), images, num_evaluated)
        for images in (train, test)
    ]
    neighbours = metrics.NearestNeighbours(extractor)
    likeness = measured(neighbours, train, min(1_000, num_evaluated))
    pairs = neighbours.pairs(32)
    pairs = pairs.reshape(-1, *pairs.shape[2:])
    plotting.image_grid(pairs, num_columns=16, path=run.folder / "nearest.png")
    plotting.image_grid(gan.generate(100, seed=0), path=run.folder / "grid.png")
    train, test = (found["frechet_distance"] for found in distances)
    return {"train": train, "test": test, **likeness}


def held_out(extractor):
    """How far the test images are from the training images."""
    measures = [metrics.FrechetDistance(extractor)]
    result = metrics.compare(load("train")[0], load("test")[0], measures, verbose=0)
    return {"train": float(result["frechet_distance"])}


if __name__ == "__main__":
    main()
