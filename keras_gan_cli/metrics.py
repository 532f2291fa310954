"""Options for metrics and their feature extractor."""

import click

CLASSIFIERS = {
    "mnist": "MNISTClassifier",
    "fashion_mnist": "FashionMNISTClassifier",
    "emoji": "EmojiClassifier",
    "efficientnet": "EfficientNetLite0",
    "inception": "InceptionV3",
    "pixels": "RawSamples",
}
KNOWN = (
    f"{', '.join(CLASSIFIERS)}, or a model of keras.applications such as MobileNetV2"
)
METRICS = ("FrechetDistance", "KernelDistance", "PrecisionRecall", "DensityCoverage")

metric_option = click.option(
    "--metric",
    "chosen",
    type=click.Choice(METRICS, case_sensitive=False),
    multiple=True,
    help="Metric; can be repeated. Default: FrechetDistance and PrecisionRecall.",
)


def extractor_option(note: str):
    """Return the option `--extractor`.

    Args:
        note: str, what the help adds.
    """
    return click.option(
        "--extractor", metavar="NAME", help=f"Feature extractor: {KNOWN}. {note}"
    )


def make_metrics(chosen: tuple[str, ...], extractor: str) -> list:
    """Return metrics that use one extractor.

    Args:
        chosen: tuple of str from `METRICS`; empty for the default two.
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
