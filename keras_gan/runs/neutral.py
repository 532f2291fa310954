"""Neutral measures: none over features that the generator learned to please."""

from collections.abc import Sequence

from keras_gan import metrics as metrics_module
from keras_gan.presets import Make, Preset

TAUGHT_BY = {"architectures.projected_discriminator": metrics_module.EfficientNetLite0}


def check(preset: Preset | None, metrics: Sequence | None = None) -> None:
    """Refuse metrics over features that the discriminator sees through.

    A generator learns to please these features, so that a distance over them says
    little about its pictures.

    Args:
        preset: the preset of the training; None if it is not known.
        metrics: list from `keras_gan.metrics`; None for those of the preset.

    Raises:
        ValueError: if one of the metrics looks through the same network.
    """
    if preset is None:
        return
    taught = _teachers(preset)
    metrics = preset.make_metrics() if metrics is None else metrics
    for metric in metrics:
        extractor = getattr(metric, "extractor", None)
        if taught and isinstance(extractor, taught):
            raise ValueError(
                f"{type(metric).__name__} over {type(extractor).__name__} is no "
                f"neutral measure of {preset.name!r}: its discriminator sees through "
                "the same network, and its generator learned to please it. Measure "
                "with another "
                "extractor: InceptionV3, a classifier of these data, or one of "
                "keras.applications."
            )


def _teachers(preset):
    networks = preset.networks
    makes = [networks] if isinstance(networks, Make) else networks.values()
    found = (TAUGHT_BY.get(make.target) for make in makes)
    return tuple(each for each in found if each is not None)
