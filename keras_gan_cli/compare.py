"""`keras-gan compare`."""

from pathlib import Path

import click

from keras_gan_cli.measures import extractor_option, make_metrics, metric_option


@click.command()
@click.argument("real", type=click.Path(exists=True, file_okay=False))
@click.argument("fake", type=click.Path(exists=True, file_okay=False))
@extractor_option("Needed.")
@metric_option
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A JSON file to write too.",
)
def compare(real, fake, extractor, chosen, output):
    """Measure the pictures of the folder FAKE against those of REAL."""
    from keras_gan import files, metrics

    if extractor is None:
        raise click.UsageError(
            "What the images are measured by must be said: --extractor fashion_mnist, "
            "for instance."
        )
    measures = make_metrics(chosen, extractor)
    results = metrics.compare(real, fake, measures)
    described = [metric.describe() for metric in measures]
    for line in described:
        click.echo(line)
    if output is not None:
        values = {name: float(value) for name, value in results.items()}
        facts = {"real": real, "fake": fake, "metrics": values, "described": described}
        files.write_json(output, facts)
