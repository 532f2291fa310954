"""Which metrics, over which extractor."""

import click

CLASSIFIERS = {
    "mnist": "MNISTClassifier",
    "fashion_mnist": "FashionMNISTClassifier",
    "emoji": "EmojiClassifier",
    "inception": "InceptionV3",
    "pixels": "RawSamples",
}
KNOWN = f"{', '.join(CLASSIFIERS)}, or a model of keras.applications, as MobileNetV2"
METRICS = ("FrechetDistance", "KernelDistance", "PrecisionRecall", "DensityCoverage")

metric_option = click.option(
    "--metric",
    "chosen",
    type=click.Choice(METRICS, case_sensitive=False),
    multiple=True,
    help="May be given several times. By default FrechetDistance, PrecisionRecall.",
)


def extractor_option(help):
    """`--extractor`, with what it means here."""
    return click.option("--extractor", metavar="NAME", help=f"{KNOWN}. {help}")


def make_metrics(chosen, extractor):
    """Metrics over one extractor.

    Args:
        chosen: tuple of str from `METRICS`; empty for the usual two.
        extractor: str, from `CLASSIFIERS` or the name of a Keras application.
    """
    from keras_gan import metrics

    if extractor in CLASSIFIERS:
        made = getattr(metrics, CLASSIFIERS[extractor])()
    else:
        try:
            made = metrics.Application(extractor)
        except ValueError:
            raise click.BadParameter(
                f"{extractor!r} is none of {KNOWN}.", param_hint="--extractor"
            ) from None
    names = chosen or ("FrechetDistance", "PrecisionRecall")
    return [getattr(metrics, name)(made) for name in names]
