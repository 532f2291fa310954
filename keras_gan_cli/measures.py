"""Which metrics, over which extractor."""

import click

CLASSIFIERS = {
    "mnist": "MNISTClassifier",
    "fashion_mnist": "FashionMNISTClassifier",
    "emoji": "EmojiClassifier",
    "inception": "InceptionV3",
    "pixels": "RawSamples",
}
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
    known = ", ".join(CLASSIFIERS)
    return click.option(
        "--extractor",
        metavar="NAME",
        help=f"{known}, or a model of keras.applications such as MobileNetV2. {help}",
    )


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
        made = metrics.Application(extractor)
    names = chosen or ("FrechetDistance", "PrecisionRecall")
    return [getattr(metrics, name)(made) for name in names]
