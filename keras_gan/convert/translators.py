"""The published networks of CycleGAN and pix2pix, under the names that they have here.

The published networks are PyTorch modules whose layers have numbers. Biases before a
normalisation without parameters are left out: the normalisation takes them away again.
"""

import re
from collections.abc import Mapping

import keras
import numpy as np

from keras_gan import architectures
from keras_gan.architectures.patch_discriminator import FIELDS
from keras_gan.convert.matching import check_names, fill, laid_out

State = Mapping[str, np.ndarray]
Size = tuple[int | None, int | None]
ANY_SIZE = (None, None)


class _Names:
    """The published names of a network's parameters, and those that they have here.

    Args:
        normalization: `"batch"`, with parameters, or `"instance"`, without.
    """

    def __init__(self, normalization: str):
        self.normalization = normalization
        self.own = {}  # from published names
        self.left_out = []

    def conv(self, published: str, own: str, bias: str = "kept") -> None:
        """Add a convolution, whose bias is `"kept"`, `"left out"` or `"none"`."""
        self.own[f"{published}.weight"] = f"{own}/kernel"
        if bias == "kept":
            self.own[f"{published}.bias"] = f"{own}/bias"
        elif bias == "left out":
            self.left_out.append(f"{published}.bias")

    def norm(self, published: str, own: str) -> None:
        """Add a normalisation."""
        parameters = {"weight": "gamma", "bias": "beta"}
        parameters |= {"running_mean": "moving_mean", "running_var": "moving_variance"}
        self.left_out.append(f"{published}.num_batches_tracked")
        for theirs, ours in parameters.items():
            if self.normalization == "batch":
                self.own[f"{published}.{theirs}"] = f"{own}/{ours}"
            elif theirs.startswith("running"):  # of PyTorch 0.3, and of no use
                self.left_out.append(f"{published}.{theirs}")

    def normalized(self, conv: str, norm: str, own_conv: str, own_norm: str) -> None:
        """Add a convolution and the normalisation after it."""
        self.conv(
            conv, own_conv, "none" if self.normalization == "batch" else "left out"
        )
        self.norm(norm, own_norm)

    def check(self, what: str, state: State) -> None:
        """Check the names of a state dict."""
        check_names(what, state, list(self.own), self.left_out)

    def fill(self, what: str, network: keras.Model, state: State) -> keras.Model:
        """Put the arrays of a state dict into a network, and return it."""
        arrays = {own: laid_out(state[theirs]) for theirs, own in self.own.items()}
        return fill(what, network, arrays, {own: n for n, own in self.own.items()})


def cyclegan_generator(state: State, size: Size = ANY_SIZE) -> keras.Model:
    """Return CycleGAN's published generator, a ResNet, as a `resnet_translator`.

    Its number of blocks, width, channels and normalisation are read off the arrays.

    Args:
        state: dict from published names, such as `model.10.conv_block.1.weight`, to
            arrays; see `read_state_dict`.
        size: `(height, width)` of the images; None for any, multiples of 4.

    Returns:
        A `keras.Model` from images to images, in [-1, 1].

    Raises:
        ValueError: if arrays are missing, unknown or of other shapes; they are named.

    Example:

    ```python
    state = keras_gan.convert.read_state_dict("cyclegan.npz", part="generator")
    network = keras_gan.convert.cyclegan_generator(state)
    network(keras.ops.ones((1, 64, 48, 3))).shape  # (1, 64, 48, 3)
    ```

    Zhu et al. 2017, "Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks", arXiv:1703.10593.
    """
    blocks = _numbers(r"model\.(\d+)\.conv_block\.", state)
    num_blocks = max(max(blocks, default=0) - 9, 1)
    what = f"CycleGAN's generator of {num_blocks} blocks"
    normalization = "batch" if "model.2.weight" in state else "instance"
    second = state.get("model.10.conv_block.6.weight")
    has_dropout = second is not None and second.ndim == 4
    names = _Names(normalization)
    names.normalized("model.1", "model.2", "from_images", "from_images_norm")
    for i in (1, 2):
        published = f"model.{3 * i + 1}", f"model.{3 * i + 2}"
        names.normalized(*published, f"down_{i}_conv", f"down_{i}_norm")
    for i in range(1, num_blocks + 1):
        block = f"model.{9 + i}.conv_block"
        for conv, place in ((1, 1), (2, 6 if has_dropout else 5)):
            published = f"{block}.{place}", f"{block}.{place + 1}"
            own = f"block_{i}_conv_{conv}", f"block_{i}_norm_{conv}"
            names.normalized(*published, *own)
    for i in (1, 2):
        place = num_blocks + 7 + 3 * i
        published = f"model.{place}", f"model.{place + 1}"
        names.normalized(*published, f"up_{i}_conv", f"up_{i}_norm")
    last = f"model.{num_blocks + 17}"
    names.conv(last, "to_images")
    names.check(what, state)

    width, channels = state["model.1.weight"].shape[:2]
    network = architectures.resnet_translator(
        (*size, channels),
        out_channels=len(state[f"{last}.weight"]),
        num_blocks=num_blocks,
        width=width,
        normalization=normalization,
        dropout=0.5 if has_dropout else 0.0,
    )
    return names.fill(what, network, state)


def pix2pix_generator(state: State, size: Size = ANY_SIZE) -> keras.Model:
    """Return pix2pix's published generator, a U-Net, as a `unet`.

    Its depth, width, channels and normalisation are read off the arrays.

    Args:
        state: dict from published names, such as `model.model.1.model.1.weight`, to
            arrays; see `read_state_dict`.
        size: `(height, width)` of the images; None for any, multiples of `2**depth`.

    Returns:
        A `keras.Model` from images to images, in [-1, 1].

    Raises:
        ValueError: if arrays are missing, unknown or of other shapes; they are named.

    Example:

    ```python
    state = keras_gan.convert.read_state_dict("pix2pix.npz", part="generator")
    network = keras_gan.convert.pix2pix_generator(state, size=(64, 64))
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """
    block, depth = "model.model.1", 2
    blocks = [block]
    while any(name.startswith(f"{block}.model.3.model.") for name in state):
        block, depth = f"{block}.model.3", depth + 1
        blocks.append(block)
    what = f"pix2pix's U-Net of {depth} halvings"
    is_batch = f"{blocks[-1]}.model.4.weight" in state
    names = _Names("batch" if is_batch else "instance")
    bare = "none" if is_batch else "kept"
    names.conv("model.model.0", "down_1_conv", bare)
    for level, block in enumerate(blocks, start=2):
        down, up = (f"{block}.model.{i}" for i in (1, 3 if level == depth else 5))
        up_norm = f"{block}.model.{4 if level == depth else 6}"
        own = f"down_{level}_conv", f"down_{level}_norm"
        if level == depth:
            names.conv(down, own[0], bare)
        else:
            names.normalized(down, f"{block}.model.2", *own)
        names.normalized(up, up_norm, f"up_{level}_conv", f"up_{level}_norm")
    names.conv("model.model.3", "to_images")
    names.check(what, state)

    width, channels = state["model.model.0.weight"].shape[:2]
    network = architectures.unet(
        (*size, channels),
        out_channels=state["model.model.3.weight"].shape[1],
        width=width,
        depth=depth,
        normalization=names.normalization,
    )
    return names.fill(what, network, state)


def patch_discriminator(
    state: State, size: Size = ANY_SIZE, condition_channels: int | None = None
) -> keras.Model:
    """Return the published discriminator of CycleGAN or pix2pix, a PatchGAN.

    Its field, width and normalisation are read off the arrays.

    Args:
        state: dict from published names, such as `model.0.weight`, to arrays; see
            `read_state_dict`.
        size: `(height, width)` of the images; None for any.
        condition_channels: int, how many of its channels are those of the images that
            were translated, which pix2pix's discriminator sees first; 0 for none. By
            default 0 of up to 3 channels, and 3 of 6.

    Returns:
        A `keras.Model` from images, or from `[condition, images]`, to logits
        `(batch, rows, columns, 1)`.

    Raises:
        ValueError: if arrays are missing, unknown or of other shapes; they are named.
            If the number of channels does not tell what they are.

    Example:

    ```python
    state = keras_gan.convert.read_state_dict("cyclegan.npz", part="discriminator")
    network = keras_gan.convert.patch_discriminator(state)
    network(keras.ops.ones((1, 64, 48, 3))).shape  # (1, 6, 4, 1)
    ```

    Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial
    Networks", arXiv:1611.07004.
    """
    places = _numbers(r"model\.(\d+)\.", state)
    num_halvings = max((max(places, default=0) - 2) // 3, 1)
    fields = {halvings: field for field, halvings in FIELDS.items()}
    if num_halvings not in fields:
        raise ValueError(
            f"The state dict has {num_halvings} convolutions between the first and the "
            f"last. Expected one of {list(fields)}, of a PatchGAN."
        )
    what = f"a PatchGAN with a field of {fields[num_halvings]}"
    names = _Names("batch" if "model.3.weight" in state else "instance")
    names.conv("model.0", "block_1_conv")
    for i in range(num_halvings):
        published = f"model.{2 + 3 * i}", f"model.{3 + 3 * i}"
        names.normalized(*published, f"block_{i + 2}_conv", f"block_{i + 2}_norm")
    names.conv(f"model.{2 + 3 * num_halvings}", "logits")
    names.check(what, state)

    width, channels = state["model.0.weight"].shape[:2]
    given = _condition_channels(channels, condition_channels)
    network = architectures.patch_discriminator(
        (*size, channels - given),
        field=fields[num_halvings],
        width=width,
        condition=(*size, given) if given else None,
        normalization=names.normalization,
    )
    return names.fill(what, network, state)


def _condition_channels(channels: int, given: int | None) -> int:
    if given is None and (channels <= 3 or channels == 6):
        given = 3 if channels == 6 else 0
    if given is None or not 0 <= given < channels:
        raise ValueError(
            f"The discriminator takes {channels} channels. Pass `condition_channels`, "
            "how many of them are those of the images that were translated: 3 of 6 for "
            "colour to colour, 1 of 4 for grey to colour, 0 where it sees one image "
            f"alone. Received: {given}"
        )
    return given


def _numbers(pattern: str, state: State) -> list[int]:
    """Return the numbers that a pattern finds at the start of names."""
    found = (re.match(pattern, name) for name in state)
    return sorted({int(match[1]) for match in found if match})
