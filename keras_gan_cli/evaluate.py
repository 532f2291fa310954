"""`keras-gan evaluate`."""

from pathlib import Path

import click

from keras_gan_cli.measures import extractor_option, make_metrics, metric_option
from keras_gan_cli.sources import open_source, preset_of, source_argument
from keras_gan_cli.types import COUNT


@click.command()
@source_argument
@click.option(
    "--data",
    metavar="FOLDER|NAME",
    help="The real images: by default the test split of the preset's data set.",
)
@extractor_option("By default the metrics are the preset's.")
@metric_option
@click.option("--num-images", "-n", type=COUNT, default=10_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The JSON file: by default evaluation.json, in the run's folder if it is one.",
)
def evaluate(source, data, extractor, chosen, num_images, seed, output):
    """Measure SOURCE, a preset, the folder of a run, or a .keras file, against
    real images; print the results and write them as JSON.
    """
    from keras_gan import files
    from keras_gan.runs import evaluation

    gan, run = open_source(source)
    preset = preset_of(source, run)
    if extractor is not None:
        measures = make_metrics(chosen, extractor)
    elif preset is not None and preset.metrics and not chosen:
        measures = preset.make_metrics()
    else:
        raise click.UsageError(
            "What the images are measured by must be said: --extractor fashion_mnist, "
            "for instance."
        )
    real, called = _real_images(data, gan, preset, run)
    facts = evaluation.measure(measures, real, gan, num_images, seed, verbose="auto")
    for line in facts["described"]:
        click.echo(line)
    output = output or (run.folder if run else Path()) / "evaluation.json"
    files.write_json(output, {"source": source, "data": called, **facts})
    click.echo(f"Written to {output}")


def _real_images(name, gan, preset, run):
    """The real images, and what they are."""
    from keras_gan import datasets

    if name is not None and Path(name).is_dir():
        return _pictures(name, gan, preset), name
    if name is not None:
        options = {} if name in ("ring", "grid") else {"split": "test"}
        return datasets.load(name, **options), f"{name}, test split"
    if preset is None or preset.dataset is None:
        raise click.UsageError(
            "Which images to compare with? Name a data set or a folder: --data."
        )
    if preset.dataset not in datasets.loading.SOURCES:
        click.echo(
            f"Measured against the training images, {preset.dataset}, for they have "
            "no test split: a copy of them would do best. --data names others.",
            err=True,
        )
        return preset.load_data(drop_remainder=False), f"{preset.dataset}, training"
    real = run.load_data("test") if run else preset.load_data("test")
    return real, f"{preset.dataset}, test split"


def _pictures(folder, gan, preset):
    """A folder of pictures, brought to the generator's size as those for training."""
    from keras_gan import datasets

    *size, channels = gan.image_shape
    crop = "center" if preset is None else preset.data.get("crop", "center")
    return datasets.image_folder(
        folder, size, crop, channels, shuffle=False, drop_remainder=False
    )
