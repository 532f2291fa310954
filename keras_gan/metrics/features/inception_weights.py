"""Load the weights of the 2015 Inception network."""

import os
import tarfile
import zlib
from collections.abc import Callable

import keras
import numpy as np

from keras_gan._typing import PathLike
from keras_gan.datasets.downloads import fetch, keras_home
from keras_gan.files import check_unpacked
from keras_gan.metrics.features.graphdef import constants
from keras_gan.paths import expand
from keras_gan.pretrained.fold import fold_batch_norm

TORCH_PORT_URL = (
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
    "pt_inception-2015-12-05-6726825d.pth"
)
TORCH_PORT_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
GRAPH_URL = (
    "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz"
)
GRAPH_NAME = "classify_image_graph_def.pb"
HOW_TO_GET = (
    "Fetch one of the two by hand and pass its path, as "
    "`InceptionV3('pt_inception-2015-12-05-6726825d.pth')`: the torch port from "
    f"{TORCH_PORT_URL}, or the original TensorFlow graph from {GRAPH_URL}. Without "
    "them use another extractor, such as `MNISTClassifier()` or "
    "`Application('MobileNetV2')`; a distance over it is no FID."
)

# The torch port renames the graph's blocks and towers.
BLOCKS = {
    "conv": "Conv2d_1a_3x3",
    "conv_1": "Conv2d_2a_3x3",
    "conv_2": "Conv2d_2b_3x3",
    "conv_3": "Conv2d_3b_1x1",
    "conv_4": "Conv2d_4a_3x3",
    "mixed": "Mixed_5b",
    "mixed_1": "Mixed_5c",
    "mixed_2": "Mixed_5d",
    "mixed_3": "Mixed_6a",
    "mixed_4": "Mixed_6b",
    "mixed_5": "Mixed_6c",
    "mixed_6": "Mixed_6d",
    "mixed_7": "Mixed_6e",
    "mixed_8": "Mixed_7a",
    "mixed_9": "Mixed_7b",
    "mixed_10": "Mixed_7c",
}
TOWERS = {
    "Mixed_5": {"tower": "branch5x5", "tower_1": "branch3x3dbl"},
    "Mixed_6a": {"tower": "branch3x3dbl"},
    "Mixed_6": {"tower": "branch7x7", "tower_1": "branch7x7dbl"},
    "Mixed_7a": {"tower": "branch3x3", "tower_1": "branch7x7x3"},
    "Mixed_7": {"tower": "branch3x3", "tower_1": "branch3x3dbl"},
}


def read(path: PathLike | None = None) -> Callable[[str], list[np.ndarray]]:
    """Read the weights from a file, or download the torch port.

    Args:
        path: string, a `.pb`, `.tgz` or `.pth` file, or None.

    Returns:
        A function from the name of a layer to its list of arrays.
    """
    path = _download() if path is None else os.fspath(expand(path))
    if not os.path.exists(path):
        raise ValueError(f"There is no file {path!r}. {HOW_TO_GET}")
    if path.endswith((".pth", ".pt")):
        return _from_torch_port(path)
    if path.endswith((".tgz", ".tar.gz")):
        return _from_graph(_packed_graph(path), path)
    with open(path, "rb") as file:
        return _from_graph(file.read(), path)


def assign(network: keras.Model, weights: Callable[[str], list[np.ndarray]]) -> None:
    """Set the weights of every layer of the network."""
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(weights(layer.name))


def torch_name(name: str) -> str:
    """Return the name of a convolution in the torch port, from its graph name.

    `"mixed_9-tower_1-mixed-conv_1"` is `"Mixed_7b.branch3x3dbl_3b"` there.
    """
    block, *path = name.split("-")
    block = BLOCKS[block]
    if not path:
        return block
    if len(path) == 1:
        return f"{block}.branch3x3" if block == "Mixed_6a" else f"{block}.branch1x1"
    tower, *middle, last = path
    if tower == "tower_2":
        return f"{block}.branch_pool"
    branch = TOWERS.get(block, TOWERS[block[:7]])[tower]
    step = int(last.partition("_")[2] or 0)
    if middle:  # the two halves of a forked convolution
        fork = 2 if tower == "tower" else 3
        return f"{block}.{branch}_{fork}{'ab'[step]}"
    return f"{block}.{branch}_{step + 1}"


def _download():
    try:
        folder = keras_home() / "keras_gan"
        folder.mkdir(parents=True, exist_ok=True)
        return os.fspath(fetch(TORCH_PORT_URL, TORCH_PORT_SHA256, folder))
    except OSError as error:
        raise ValueError(
            "The weights of the 2015 Inception network could not be downloaded "
            f"({error}). {HOW_TO_GET}"
        ) from error


def _packed_graph(path):
    try:
        with tarfile.open(path) as archive:
            member = archive.getmember(GRAPH_NAME)
            check_unpacked(path, member.size, os.path.getsize(path))
            return archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, KeyError, zlib.error) as error:
        raise ValueError(
            f"{path!r} does not hold the 2015 Inception network ({error}). {HOW_TO_GET}"
        ) from error


def _from_graph(data, path):
    def weights(name):
        if name == "softmax":
            return [graph["softmax/weights"]]
        if name == "softmax_bias":
            return [graph["softmax/biases"]]
        node = name.replace("-", "/")
        norm = {
            part: graph[f"{node}/batchnorm/{part}"]
            for part in ("moving_mean", "moving_variance", "beta", "gamma")
        }
        return fold_batch_norm(
            graph[f"{node}/conv2d_params"],
            mean=norm["moving_mean"],
            variance=norm["moving_variance"],
            beta=norm["beta"],
            gamma=norm["gamma"],
        )

    graph = constants(data)
    _require("softmax/weights" in graph, path)
    return weights


def _from_torch_port(path):
    try:
        import torch
    except ImportError as error:
        raise ValueError(
            f"Reading {path!r} needs torch: `pip install torch`. The original "
            f"TensorFlow graph, from {GRAPH_URL}, needs no other package."
        ) from error

    def array(key):
        return state[key].numpy()

    def weights(name):
        if name == "softmax":
            return [array("fc.weight").T]
        if name == "softmax_bias":
            return [array("fc.bias")]
        prefix = torch_name(name)
        return fold_batch_norm(
            np.transpose(array(f"{prefix}.conv.weight"), (2, 3, 1, 0)),
            mean=array(f"{prefix}.bn.running_mean"),
            variance=array(f"{prefix}.bn.running_var"),
            beta=array(f"{prefix}.bn.bias"),
            gamma=array(f"{prefix}.bn.weight"),
        )

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever its parsers raise
        raise ValueError(
            f"{path!r} is no file of weights that torch reads ({error}). {HOW_TO_GET}"
        ) from error
    _require("fc.weight" in state, path)
    return weights


def _require(found, path):
    if not found:
        raise ValueError(
            f"{path!r} does not hold the 2015 Inception network. {HOW_TO_GET}"
        )
