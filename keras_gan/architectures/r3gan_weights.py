"""Parameters of the published R3GAN, under the names of `r3gan` here."""

import re
from collections.abc import Mapping

import numpy as np

_BLOCK = r"MainLayers\.(\d+)\.Layers\.(\d+)\."
_CONV = re.compile(_BLOCK + r"LinearLayer([123])\.Layer\.weight")
_BIAS = re.compile(_BLOCK + r"NonLinearity([12])\.Bias")
_CHANGE_OF_WIDTH = re.compile(_BLOCK + r"LinearLayer\.Layer\.weight")
_BASIS = re.compile(_BLOCK + r"Basis(\.weight)?")
_DENSE = re.compile(_BLOCK + r"LinearLayer\.weight")
_CONSTANT = re.compile(_BLOCK + r"Resampler\.Kernel")


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
    is_generator = "AggregationLayer.Layer.weight" in state
    is_conditional = "EmbeddingLayer.weight" in state
    arrays = {}
    for published, array in state.items():
        if not _CONSTANT.fullmatch(published):
            name = _name(published, is_generator, is_conditional)
            arrays[name] = _laid_out(name, np.asarray(array))
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


def _laid_out(name: str, array: np.ndarray) -> np.ndarray:
    """The array in the layout of the variable of this name."""
    if name == "basis/basis":  # (channels, [1,] height, width)
        array = array.reshape(array.shape[0], *array.shape[-2:])
        return array.transpose(1, 2, 0)
    if array.ndim == 4:  # (out, in, height, width)
        return array.transpose(2, 3, 1, 0)
    return array.T
