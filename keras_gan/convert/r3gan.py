"""Parameters of the published R3GAN, under the names of `r3gan` here."""

import re
from collections.abc import Mapping

import keras
import numpy as np

from keras_gan import architectures, checkpoints
from keras_gan.convert.matching import fill, laid_out

_BLOCK = r"MainLayers\.(\d+)\.Layers\.(\d+)\."
_CONV = re.compile(_BLOCK + r"LinearLayer([123])\.Layer\.weight")
_BIAS = re.compile(_BLOCK + r"NonLinearity([12])\.Bias")
_CHANGE_OF_WIDTH = re.compile(_BLOCK + r"LinearLayer\.Layer\.weight")
_BASIS = re.compile(_BLOCK + r"Basis(\.weight)?")
_DENSE = re.compile(_BLOCK + r"LinearLayer\.weight")
_OWN_BLOCK = re.compile(r"stage_(\d+)_block_(\d+)_conv_([123])/(kernel|bias)")
_CONSTANT = re.compile(_BLOCK + r"Resampler\.Kernel")


def r3gan_generator(state: Mapping[str, np.ndarray]) -> keras.Model:
    """Return the published R3GAN's generator, with its weights.

    Widths, blocks, groups and classes are read off the arrays.

    Args:
        state: dict from published names, such as `AggregationLayer.Layer.weight`, to
            arrays; see `read_state_dict`.

    Returns:
        A `keras.Model` from latents, or `[latents, labels]`, to images.

    Raises:
        ValueError: if arrays are missing, unknown or of other shapes; they are named.

    Example:

    ```python
    state = keras_gan.convert.read_state_dict("r3gan.npz", part="generator")
    network = keras_gan.convert.r3gan_generator(state)
    ```

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN Baseline",
    arXiv:2501.05441.
    """
    what = "the R3GAN generator"
    widths, blocks, group_size = _stages(what, state)
    embedding = state.get("EmbeddingLayer.weight")
    dense = _needed(what, state, "MainLayers.0.Layers.0.LinearLayer.weight")
    basis = _needed(what, state, "MainLayers.0.Layers.0.Basis")
    channels = _needed(what, state, "AggregationLayer.Layer.weight").shape[0]
    network = architectures.r3gan_generator(
        (*_image_size(basis, widths), channels),
        latent_dim=dense.shape[1] - (0 if embedding is None else embedding.shape[0]),
        num_classes=None if embedding is None else embedding.shape[1],
        width=widths,
        num_blocks=blocks,
        group_size=group_size,
    )
    return _fill(what, network, state)


def r3gan_discriminator(state: Mapping[str, np.ndarray]) -> keras.Model:
    """Return the published R3GAN's discriminator, with its weights.

    Args:
        state: dict from published names, such as `ExtractionLayer.Layer.weight`, to
            arrays; see `read_state_dict`.

    Returns:
        A `keras.Model` from images, or `[images, labels]`, to logits `(batch, 1)`.

    Raises:
        ValueError: if arrays are missing, unknown or of other shapes; they are named.

    Example:

    ```python
    state = keras_gan.convert.read_state_dict("r3gan.npz", part="discriminator")
    network = keras_gan.convert.r3gan_discriminator(state)
    ```

    Huang et al. 2024, arXiv:2501.05441.
    """
    what = "the R3GAN discriminator"
    widths, blocks, group_size = _stages(what, state)
    embedding = state.get("EmbeddingLayer.weight")
    last = f"MainLayers.{len(widths) - 1}.Layers.{blocks[-1]}.Basis.weight"
    basis = _needed(what, state, last)
    channels = _needed(what, state, "ExtractionLayer.Layer.weight").shape[1]
    network = architectures.r3gan_discriminator(
        (*_image_size(basis, widths), channels),
        num_classes=None if embedding is None else embedding.shape[1],
        width=widths[::-1],
        num_blocks=blocks[::-1],
        group_size=group_size,
    )
    return _fill(what, network, state)


def _stages(what, state):
    """Return the widths and the numbers of blocks in the file's order, and the groups.

    Raises:
        ValueError: if a stage has no block.
    """
    widths, blocks, group_size = {}, {}, None
    for name, array in state.items():
        found = _CONV.fullmatch(name)
        if found and found[3] == "1" and array.ndim == 4:
            stage = int(found[1])
            widths[stage] = array.shape[1]
            blocks[stage] = blocks.get(stage, 0) + 1
        elif found and found[3] == "2" and array.ndim == 4:
            group_size = array.shape[1]
    stages = range(max(widths, default=0) + 1)
    for stage in stages:
        if stage not in widths:
            place = f"MainLayers.{stage}.Layers.1.LinearLayer1.Layer.weight"
            raise ValueError(f"The state dict is not that of {what}: it lacks {place}.")
    if group_size is None:
        place = "MainLayers.0.Layers.1.LinearLayer2.Layer.weight"
        raise ValueError(f"The state dict is not that of {what}: it lacks {place}.")
    return [widths[i] for i in stages], [blocks[i] for i in stages], group_size


def _needed(what, state, name):
    if state.get(name) is None:
        raise ValueError(f"The state dict is not that of {what}: it lacks {name}.")
    return state[name]


def _image_size(basis, widths):
    factor = 2 ** (len(widths) - 1)
    return [side * factor for side in basis.shape[-2:]]


def _fill(what, network, state):
    arrays = from_published(state)
    own = [name.removeprefix("n/") for name in checkpoints.named({"n": network})]
    named = {name: _published(name, _kind(state)[0]) for name in own}
    named |= {_name(n, *_kind(state)): n for n in state if not _CONSTANT.fullmatch(n)}
    return fill(what, network, arrays, named)


def _published(name, is_generator):
    """The authors' name of a parameter of a block, as errors show it."""
    found = _OWN_BLOCK.fullmatch(name)
    if found is None:
        return name
    stage, block, conv = map(int, found.groups()[:3])
    place = block if is_generator else block - 1
    last = {"kernel": "LinearLayer{}.Layer.weight", "bias": "NonLinearity{}.Bias"}
    return f"MainLayers.{stage - 1}.Layers.{place}." + last[found[4]].format(conv)


def _kind(state):
    """Return whether a state dict is a generator's, and whether it is conditional."""
    return "AggregationLayer.Layer.weight" in state, "EmbeddingLayer.weight" in state


def from_published(state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Name and lay out the parameters of a published R3GAN network as `r3gan` does.

    The published networks are PyTorch modules: images are (channels, height, width),
    kernels (out, in, height, width), and a label comes in as a one-hot vector through
    a linear layer, whose columns are the rows of an embedding. The map is linear, so
    that it converts gradients as well as parameters.

    Args:
        state: dict from the names of the published state dict to arrays, of a
            generator or of a discriminator. Filters of the resampling layers, which
            are constants, are left out.

    Returns:
        A dict from names of variables, such as `stage_1_block_2_conv_1/kernel`, to
        arrays of their shapes.

    Raises:
        ValueError: if a name is none of the published ones.

    Huang et al. 2024, "The GAN is dead; long live the GAN! A Modern GAN Baseline",
    arXiv:2501.05441.
    """
    arrays = {}
    for published, array in state.items():
        if not _CONSTANT.fullmatch(published):
            name = _name(published, *_kind(state))
            arrays[name] = _as_here(name, np.asarray(array))
    return arrays


def _name(published: str, is_generator: bool, is_conditional: bool) -> str:
    """The name of a variable here, from that of a published parameter."""
    if published == "AggregationLayer.Layer.weight":
        return "to_images/kernel"
    if published == "ExtractionLayer.Layer.weight":
        return "from_images/kernel"
    if published == "EmbeddingLayer.weight":
        layer = "label_embedding" if is_generator else "label_projection"
        return f"{layer}/embeddings"
    if _BASIS.fullmatch(published):
        return "basis/basis"
    if _DENSE.fullmatch(published):
        last = "features" if is_conditional else "logits"
        return f"{'base_dense' if is_generator else last}/kernel"
    if found := _CHANGE_OF_WIDTH.fullmatch(published):
        return f"stage_{int(found[1]) + 1}_linear/kernel"
    for pattern, weight in ((_CONV, "kernel"), (_BIAS, "bias")):
        if found := pattern.fullmatch(published):
            stage, place, conv = map(int, found.groups())
            # A stage of the generator begins with its change of size.
            block = place if is_generator else place + 1
            return f"stage_{stage + 1}_block_{block}_conv_{conv}/{weight}"
    raise ValueError(f"The published R3GAN has no parameter {published!r}.")


def _as_here(name: str, array: np.ndarray) -> np.ndarray:
    """The array in the layout of the variable of this name."""
    if name == "basis/basis":  # (channels, [1,] height, width)
        array = array.reshape(array.shape[0], *array.shape[-2:])
        return array.transpose(1, 2, 0)
    return laid_out(array)
