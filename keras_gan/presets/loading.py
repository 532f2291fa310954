"""Samplers from presets, by name or from a folder."""

import os
from pathlib import Path

from keras_gan.presets import folder, weights
from keras_gan.presets.preset import Preset
from keras_gan.presets.registry import get
from keras_gan.sampler import Sampler


def from_preset(
    preset: str | os.PathLike | Preset, load_weights: bool = True
) -> Sampler:
    """Return a generator to sample from.

    Only the generator is built: no discriminator and no optimizer. To train on, use
    `keras_gan.GAN.from_preset`.

    Args:
        preset: the name of a preset, such as `"dcgan_fashion_mnist"` (see
            `keras_gan.presets.names`), a `Preset`, or a folder that
            `gan.save_to_preset` wrote.
        load_weights: bool, whether to load the trained weights.

    Returns:
        A `keras_gan.Sampler`.

    Raises:
        ValueError: on an unknown name, and on a preset whose trained weights are
            not at hand; `KERAS_GAN_HOME` may name a folder with `savedmodels/`.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_fashion_mnist")
    images = sampler.generate(16, seed=0)
    ```
    """
    if folder.is_one(preset):
        return folder.read_sampler(preset, load_weights)
    preset = preset if isinstance(preset, Preset) else get(preset)
    trained = find_trained(preset) if load_weights else None
    sampler = preset.make_sampler()
    if load_weights:
        weights.read(sampler.network, trained)
    return sampler


def find_trained(preset: Preset) -> Path:
    """Return the folder of a preset's trained generator.

    Raises:
        ValueError: if there is none.
    """
    trained = preset.trained
    if trained is None:
        paths = [str(path / "savedmodels") for path in weights.search_paths()]
        raise ValueError(
            f"There are no trained weights of {preset.name!r} in {' or '.join(paths)}. "
            f"Train it with `keras-gan train {preset.name}`, or name the folder that "
            "holds `savedmodels` in the environment variable KERAS_GAN_HOME."
        )
    return trained
