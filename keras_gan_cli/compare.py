"""`keras-gan compare`."""

from pathlib import Path

import click

from keras_gan_cli.metrics import extractor_option, make_metrics, metric_option
from keras_gan_cli.types import UserPath, on_error_option


@click.command()
@click.argument("real", type=UserPath(exists=True, file_okay=False))
@click.argument("fake", type=UserPath(exists=True, file_okay=False))
@extractor_option("Required.")
@metric_option
@click.option(
    "--output",
    "-o",
    type=UserPath(dir_okay=False, path_type=Path),
    help="Also write a JSON file.",
)
@on_error_option
def compare(real, fake, extractor, chosen, output, on_error):
    """Compare the images in the folder FAKE with those in REAL."""
    from keras_gan import files, metrics

    if extractor is None:
        raise click.UsageError(
            "The metrics need a feature extractor: --extractor fashion_mnist, "
            "for instance."
        )
    chosen_metrics = make_metrics(chosen, extractor)
    results = metrics.compare(real, fake, chosen_metrics, on_error=on_error)
    described = [metric.describe() for metric in chosen_metrics]
    for line in described:
        click.echo(line)
    if output is not None:
        values = {name: float(value) for name, value in results.items()}
        facts = {"real": real, "fake": fake, "metrics": values, "described": described}
        files.write_json(output, facts)
