"""Samplers from presets, by name or from a folder."""

import os
from pathlib import Path

from keras_gan.presets import folder, weights
from keras_gan.presets.preset import Preset
from keras_gan.presets.registry import get
from keras_gan.sampler import Sampler


def from_preset(
    preset: str | os.PathLike | Preset,
    load_weights: bool = True,
    direction: str | None = None,
) -> Sampler:
    """Return a generator to sample from.

    Only the generator is built: no discriminator and no optimizer. To train on, use
    `keras_gan.GAN.from_preset`.

    Args:
        preset: the name of a preset, such as `"dcgan_fashion_mnist"` (see
            `keras_gan.presets.names`), a `Preset`, or where `gan.save_to_preset` wrote
            a model: a folder, or `"hf://user/name"` on the hub.
        load_weights: bool, whether to load the trained weights.
        direction: str, such as `"b_to_a"`, of a model that translates in two; None
            for the first.

    Returns:
        A `keras_gan.Sampler`.

    Raises:
        ValueError: on an unknown name or direction, and on a preset whose trained
            weights are not at hand; `KERAS_GAN_HOME` may name a folder with
            `savedmodels/`.
        ConnectionError: if the hub cannot be reached, and its cache has no copy.

    Example:

    ```python
    sampler = keras_gan.from_preset("dcgan_fashion_mnist")
    images = sampler.generate(16, seed=0)
    ```
    """
    if folder.is_one(preset):
        preset = folder.find(preset, whole=direction is not None)
        return folder.read_sampler(preset, load_weights, direction)
    preset = preset if isinstance(preset, Preset) else get(preset)
    trained = find_trained(preset, direction) if load_weights else None
    sampler = preset.make_sampler(direction, is_finished=load_weights)
    if load_weights:
        weights.read(sampler.network, trained)
        sampler.latent_directions = folder.read_directions(trained / "assets.extra")
    return sampler


def find_trained(preset: Preset, direction: str | None = None) -> Path:
    """Return the folder of a preset's trained generator.

    Args:
        preset: the `Preset`.
        direction: str, of a model that has some; None for the first.

    Raises:
        ValueError: if there is none.
    """
    name = preset.trained_name(direction)
    trained = weights.find(name)
    if trained is None:
        paths = [str(path / "savedmodels") for path in weights.search_paths()]
        raise ValueError(
            f"There are no trained weights of {name!r} in {' or '.join(paths)}. "
            f"Train it with `keras-gan train {preset.name}`, or name the folder that "
            "holds `savedmodels` in the environment variable KERAS_GAN_HOME."
        )
    return trained
