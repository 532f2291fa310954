"""`keras-gan evaluate`."""

from pathlib import Path

import click

from keras_gan_cli.metrics import extractor_option, make_metrics, metric_option
from keras_gan_cli.sources import open_whole, preset_of, source_argument
from keras_gan_cli.types import (
    COUNT,
    PATH_OR_NAME,
    UserPath,
    given_data,
    on_error_option,
)


@click.command()
@source_argument
@click.argument("more", nargs=-1, metavar="", type=PATH_OR_NAME)
@click.option(
    "--data",
    type=PATH_OR_NAME,
    metavar="FOLDER|NAME",
    multiple=True,
    help="Real images; of a translator, pairs: --data inputs targets. Default: the "
    "test split of the preset's data set.",
)
@click.option(
    "--split",
    type=click.Choice(["test", "validation", "train"]),
    help="Of a data set, to choose settings by its validation split, for instance. "
    "Default: test.",
)
@extractor_option("Default: the metrics of the preset.")
@metric_option
@click.option(
    "--num-images",
    "-n",
    type=COUNT,
    default=10_000,
    show_default=True,
    help="Number of images or rows to generate.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Seed of the latents.",
)
@click.option(
    "--output",
    "-o",
    type=UserPath(dir_okay=False, path_type=Path),
    help="JSON file. Default: evaluation.json, in the folder of the run if any.",
)
@on_error_option
def evaluate(
    source, more, data, split, extractor, chosen, num_images, seed, output, on_error
):
    """Evaluate a generator against real images; print and write the results.

    SOURCE is a preset, the folder of a run, or a .keras file. A translator is measured
    on pairs of images. Of a run on a table the held-out rows are compared with
    generated ones, and its report is written.
    """
    from keras_gan import files, runs
    from keras_gan.runs import evaluation, neutral

    data = given_data(data, more)
    if split is not None and (isinstance(data, list) or (data and Path(data).is_dir())):
        raise click.UsageError("--split is of a data set; a folder has none.")
    if runs.TableRun.is_one(source):
        if extractor is not None or chosen:
            raise click.UsageError(
                "--extractor and --metric are for images, not for tables."
            )
        if split is not None:
            raise click.UsageError(
                "--split is of a data set of images. A run on a table is compared with "
                "its held-out rows."
            )
        from keras_gan_cli import table_rows

        table_rows.evaluate(source, data, num_images, seed, output)
        return
    gan, run = open_whole(source)
    preset = preset_of(source, run)
    translates = hasattr(gan, "directions")
    if extractor is not None:
        metrics = make_metrics(chosen, extractor)
    elif translates and not (preset and preset.metrics):
        metrics = _metrics_of_pairs(gan.directions)
    elif preset is not None and preset.metrics and not chosen:
        metrics = preset.make_metrics()
    else:
        raise click.UsageError(
            "The metrics need a feature extractor: --extractor fashion_mnist, "
            "for instance."
        )
    neutral.check(preset, metrics)
    find = _pairs if translates else _real_images
    real, description = find(data, split, gan, preset, run, on_error)
    facts = evaluation.measure(metrics, real, gan, num_images, seed, verbose="auto")
    for line in facts["described"]:
        click.echo(line)
    output = output or (run.folder if run else Path()) / "evaluation.json"
    files.write_json(output, {"source": source, "data": description, **facts})
    click.echo(f"Written to {output}")


def _metrics_of_pairs(directions):
    """Return metrics of pairs of images, in all directions of a model."""
    from keras_gan import metrics

    return [
        kind(direction=direction)
        for direction in directions
        for kind in (metrics.L1, metrics.PSNR, metrics.RetrievalAccuracy)
    ]


def _pairs(data, split, gan, preset, run, on_error):
    """Return pairs of images and a description of them."""
    from keras_gan import datasets

    if isinstance(data, list) or (data is not None and Path(data).is_dir()):
        folders = data if isinstance(data, list) else [data]
        size = gan.shape_a[:2]
        size = None if None in size else size
        crop = None if preset is None or size is None else preset.data.get("crop")
        channels = gan.shape_a[2], gan.shape_b[2]
        pairs = datasets.pairs(
            *folders,
            size=size,
            crop=crop,
            channels=channels,
            on_error=on_error,
            shuffle=False,
            drop_remainder=False,
        )
        return pairs, " and ".join(folders)
    if (
        data is None
        and preset is not None
        and preset.dataset in datasets.loading.SOURCES
    ):
        data = preset.dataset
    if data is None:
        raise click.UsageError(
            "The pairs of images are unknown. Name a data set of pairs, or two folders "
            "with pictures of the same names: --data inputs targets."
        )
    split = split or "test"
    return datasets.load(data, split=split), f"{data}, {split} split"


def _real_images(name, split, gan, preset, run, on_error):
    """Return the real images and a description of them."""
    from keras_gan import datasets

    if name is not None and Path(name).is_dir():
        return _pictures(name, gan, preset, on_error), name
    has_splits = name not in datasets.loading.MIXTURES
    if split is not None and not has_splits:
        raise click.UsageError(f"--split is of images; the points of {name} have none.")
    chosen = split or "test"
    if name is not None:
        options = {"split": chosen} if has_splits else {}
        return datasets.load(name, **options), f"{name}, {chosen} split"
    if preset is None or preset.dataset is None:
        raise click.UsageError(
            "The real images are unknown. Name a data set or a folder: --data."
        )
    if split is not None and not preset.has_test_split:
        raise click.UsageError(f"--split: {preset.dataset} has no splits.")
    if preset.dataset not in datasets.loading.SOURCES:
        click.echo(
            f"Evaluating against the training images, {preset.dataset}, which have "
            "no test split: a generator that copies them would score best. --data "
            "names others.",
            err=True,
        )
        return preset.load_data(drop_remainder=False), f"{preset.dataset}, training"
    real = (run or preset).load_data(chosen)
    if split == "validation" and "num_images" not in preset.data:
        click.echo(
            f"{preset.name} trains on the images of the validation split too; the "
            "choice of settings by it asks for `num_images` in the data of a preset.",
            err=True,
        )
    return real, f"{preset.dataset}, {chosen} split"


def _pictures(folder, gan, preset, on_error):
    """Load a folder of images at the generator's size, as for training."""
    from keras_gan import datasets

    *size, channels = gan.image_shape
    crop = "center" if preset is None else preset.data.get("crop", "center")
    return datasets.image_folder(
        folder,
        size,
        crop,
        channels,
        on_error=on_error,
        shuffle=False,
        drop_remainder=False,
    )
