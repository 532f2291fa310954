"""Whose state dict is it? Each kind of network is known by a few of its names."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np

from keras_gan.convert import r3gan, stylegan2, translators
from keras_gan.convert.reading import parts_of, read_state_dict


@dataclass
class Kind:
    """A kind of published network.

    Args:
        name: str, for errors.
        marks: patterns, each of which one of its names matches.
        make: function of a state dict, and of the settings that it takes, that returns
            the network.
        settings: the names of these settings.
    """

    name: str
    marks: tuple[str, ...]
    make: Callable[..., keras.Model]
    settings: tuple[str, ...] = ()

    def is_that_of(self, state: Mapping[str, np.ndarray]) -> bool:
        """Whether a state dict looks like one of this kind."""
        return all(any(re.match(m, name) for name in state) for m in self.marks)


KINDS = (
    Kind(
        "CycleGAN's generator",
        (r"model\.\d+\.conv_block\.",),
        translators.cyclegan_generator,
        ("size",),
    ),
    Kind(
        "pix2pix's generator",
        (r"model\.model\.",),
        translators.pix2pix_generator,
        ("size",),
    ),
    Kind(
        "a PatchGAN discriminator",
        (r"model\.0\.weight$", r"model\.2\.weight$"),
        translators.patch_discriminator,
        ("size", "condition_channels"),
    ),
    Kind(
        "R3GAN's generator",
        (r"MainLayers\.", r"AggregationLayer\."),
        r3gan.r3gan_generator,
    ),
    Kind(
        "R3GAN's discriminator",
        (r"MainLayers\.", r"ExtractionLayer\."),
        r3gan.r3gan_discriminator,
    ),
    Kind(
        "StyleGAN2's generator",
        (r"synthesis\.b4\.const$",),
        stylegan2.stylegan2_generator,
        ("noise", "style_mixing", "clip"),
    ),
    Kind(
        "StyleGAN2's discriminator",
        (r"b4\.out\.weight$", r"b4\.fc\.weight$"),
        stylegan2.stylegan2_discriminator,
        ("group_size", "clip"),
    ),
)


def convert(
    source: str | os.PathLike | Mapping[str, np.ndarray],
    part: str | None = None,
    **settings,
) -> keras.Model:
    """Return the Keras model of published weights.

    What the weights are is recognised by their names: generators of CycleGAN (ResNets
    of any number of blocks), pix2pix (U-Nets of any depth), R3GAN and StyleGAN2-ADA,
    and their discriminators. Widths and channels are read off the arrays.

    Args:
        source: the file, `.pth`, `.pt`, `.safetensors` or `.npz`; or a state dict, from
            names to arrays. See `read_state_dict`.
        part: str, which network of a file that holds several, such as `"G_ema"`.
        **settings: those of the function for this kind of network: `size`, where it
            takes images of any size, `condition_channels`, `noise`, ...

    Returns:
        A `keras.Model`.

    Raises:
        ValueError: if the weights are of no known kind, or arrays are missing, unknown
            or of other shapes; they are named.
        ImportError: if the library that reads the file is not installed.

    Example:

    ```python
    network = keras_gan.convert.convert("cyclegan.npz", part="generator")
    network.save("horse_to_zebra.keras")
    ```
    """
    where = ""
    if isinstance(source, Mapping):
        state = source
    else:
        state, where = read_state_dict(source, part), f" of {str(source)!r}"
    for kind in KINDS:
        if kind.is_that_of(state):
            return kind.make(state, **_wanted(kind, settings))
    if len(parts_of(state)) > 1:
        raise ValueError(
            f"The weights{where} are those of several networks. Say which one: "
            f"`part={'` or `part='.join(map(repr, parts_of(state)))}`."
        )
    names = ", ".join(list(state)[:4])
    raise ValueError(
        f"The weights{where} are of no known network. Known are "
        f"{', '.join(kind.name for kind in KINDS)}. Received the names {names}, ..."
    )


def _wanted(kind, settings):
    given = {name: value for name, value in settings.items() if value is not None}
    unknown = sorted(set(given) - set(kind.settings))
    if unknown:
        known = f"It has: {', '.join(kind.settings)}." if kind.settings else ""
        raise ValueError(
            f"The weights are those of {kind.name}, which has no setting "
            f"{', '.join(unknown)}. {known or 'It has none.'}"
        )
    return given
