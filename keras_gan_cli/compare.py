"""`keras-gan compare`."""

from pathlib import Path

import click

from keras_gan_cli.metrics import extractor_option, make_metrics, metric_option


@click.command()
@click.argument("real", type=click.Path(exists=True, file_okay=False))
@click.argument("fake", type=click.Path(exists=True, file_okay=False))
@extractor_option("Required.")
@metric_option
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a JSON file.",
)
def compare(real, fake, extractor, chosen, output):
    """Compare the images in the folder FAKE with those in REAL."""
    from keras_gan import files, metrics

    if extractor is None:
        raise click.UsageError(
            "The metrics need a feature extractor: --extractor fashion_mnist, "
            "for instance."
        )
    chosen_metrics = make_metrics(chosen, extractor)
    results = metrics.compare(real, fake, chosen_metrics)
    described = [metric.describe() for metric in chosen_metrics]
    for line in described:
        click.echo(line)
    if output is not None:
        values = {name: float(value) for name, value in results.items()}
        facts = {"real": real, "fake": fake, "metrics": values, "described": described}
        files.write_json(output, facts)
