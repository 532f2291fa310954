"""Networks of StyleGAN2 and StyleGAN2-ADA, from the state dicts of their authors."""

import re
from collections.abc import Mapping

import keras
import numpy as np

from keras_gan import architectures, backend, checkpoints

_BLOCK = re.compile(r"(?:synthesis\.)?b(\d+)\.")
_FILTER = re.compile(r".*\bresample_filter")
_PARAMETERS = {"kernel": "weight", "strength": "noise_strength", "noise": "noise_const"}
_FIXED = {
    "mapping/mean/mean": "mapping.w_avg",
    "synthesis/constant/constant": "synthesis.b4.const",
}


def is_stylegan2_generator(state: Mapping[str, np.ndarray]) -> bool:
    """Whether a state dict is that of a StyleGAN2 generator.

    Args:
        state: dict from names to arrays.
    """
    return "synthesis.b4.const" in state


def is_stylegan2_discriminator(state: Mapping[str, np.ndarray]) -> bool:
    """Whether a state dict is that of a StyleGAN2 discriminator.

    Args:
        state: dict from names to arrays.
    """
    return "b4.out.weight" in state and "b4.fc.weight" in state


def stylegan2_generator(
    state: Mapping[str, np.ndarray],
    noise: str = "constant",
    style_mixing: float = 0.9,
    clip: float | None = None,
) -> keras.Model:
    """Return a generator with the weights of a published StyleGAN2(-ADA) generator.

    Sizes, widths, mapping layers, classes and the kind of synthesis are read off the
    arrays. The generator's moving average, `G_ema` in the authors' files, has the same
    names, and is the one to generate with.

    Args:
        state: dict from the names of the state dict, such as
            `synthesis.b4.conv1.weight`, to arrays.
        noise: `"constant"`, `"random"` or `"none"`, the noise at inference.
        style_mixing: float, the probability of style mixing in further training.
        clip: float, the largest absolute value of activations, 256 in networks that
            were trained in half precision; None for no limit.

    Returns:
        A `keras_gan.architectures.StyleGenerator`.

    Raises:
        ValueError: if arrays are missing, unknown or of another shape, or the networks
            are of a kind that `keras_gan.architectures.stylegan2` does not make.

    Example:

    ```python
    state = dict(np.load("tests/fixtures/stylegan2_skip.npz"))
    state = {k[10:]: v for k, v in state.items() if k.startswith("generator/")}
    generator = keras_gan.convert.stylegan2_generator(state)
    generator(keras.random.normal((1, 16))).shape  # (1, 32, 32, 3)
    ```

    Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
    arXiv:2006.06676.
    """
    if not is_stylegan2_generator(state):
        raise ValueError(_not_one("generator", "synthesis.b4.const", state))
    sizes = _sizes(state)
    embeds = "mapping.embed.weight" in state
    num_mapping_layers = _count(state, r"mapping\.fc\d+\.weight")
    w_dim = _of(state, "mapping.w_avg").shape[0]
    generator = architectures.stylegan2_generator(
        (sizes[-1], sizes[-1], _of(state, f"synthesis.b{sizes[-1]}.torgb.bias").size),
        latent_dim=_of(state, "mapping.fc0.weight").shape[1] - w_dim * embeds,
        num_classes=state["mapping.embed.weight"].shape[1] if embeds else None,
        width=[len(_of(state, f"synthesis.b{s}.conv1.bias")) for s in sizes],
        w_dim=w_dim,
        num_mapping_layers=num_mapping_layers,
        synthesis="skip" if "synthesis.b4.torgb.weight" in state else "resnet",
        noise=noise,
        style_mixing=style_mixing,
        clip=clip,
    )
    _fill(generator, state, _generator_name)
    return generator


def stylegan2_discriminator(
    state: Mapping[str, np.ndarray], group_size: int = 4, clip: float | None = None
) -> keras.Model:
    """Return a discriminator with the weights of a published StyleGAN2(-ADA) one.

    Args:
        state: dict from the names of the state dict, such as `b4.conv.weight`, to
            arrays.
        group_size: int, how many images the standard deviation is taken over, which
            the arrays do not tell: 4, or 8 in the paper's configurations for 256 and
            512 pixels.
        clip: float, the largest absolute value of activations; None for no limit.

    Returns:
        A `keras.Model`.

    Raises:
        ValueError: as `stylegan2_generator`.

    Example:

    ```python
    state = dict(np.load("tests/fixtures/stylegan2_skip.npz"))
    state = {k[14:]: v for k, v in state.items() if k.startswith("discriminator/")}
    discriminator = keras_gan.convert.stylegan2_discriminator(state)
    discriminator(keras.ops.ones((4, 32, 32, 3))).shape  # (4, 1)
    ```

    Karras et al. 2020, arXiv:2006.06676.
    """
    if not is_stylegan2_discriminator(state):
        raise ValueError(_not_one("discriminator", "b4.out.weight", state))
    sizes = _sizes(state)
    largest = sizes[-1]
    if sizes != [4] and f"b{largest}.skip.weight" not in state:
        raise ValueError(
            "The discriminator has no residual connections, such as "
            f"'b{largest}.skip.weight'. `keras_gan.architectures.stylegan2` makes "
            "residual ones only."
        )
    embeds = "mapping.embed.weight" in state
    widths = [len(_of(state, "b4.conv.bias"))]
    widths += [len(_of(state, f"b{size}.conv0.bias")) for size in sizes[1:]]
    first = _of(state, f"b{largest}.fromrgb.weight")
    discriminator = architectures.stylegan2_discriminator(
        (largest, largest, first.shape[1]),
        num_classes=state["mapping.embed.weight"].shape[1] if embeds else None,
        width=widths,
        group_size=group_size,
        clip=clip,
    )
    _fill(discriminator, state, lambda name: _discriminator_name(name, largest, embeds))
    return discriminator


def _fill(network, state, published_name):
    """Put arrays into the variables of a network, all of them or none."""
    variables = {
        name: variable
        for name, variable in checkpoints.named({"": network}).items()
        if not backend.is_random_state(variable)
    }
    names = {name: published_name(name.removeprefix("/")) for name in variables}
    arrays = {name: array for name, array in state.items() if not _is_filter(name)}
    missing = sorted(set(names.values()) - set(arrays) - {None})
    unknown = sorted(set(arrays) - set(names.values()))
    faults = {"it lacks": missing, "it holds, and the network lacks,": unknown}
    found = {}
    for name, published in names.items():
        if published in arrays:
            found[name] = array = _laid_out(name, np.asarray(arrays[published]))
            if array.shape != tuple(variables[name].shape):
                faults.setdefault("shapes do not fit:", []).append(published)
    if any(faults.values()):
        said = "; ".join(f"{what} {_few(who)}" for what, who in faults.items() if who)
        raise ValueError(f"The state dict is of another {network.name}: {said}.")
    for name, array in found.items():
        variables[name].assign(array)
    for name in state:
        if _is_filter(name):
            _check_filter(name, np.asarray(state[name]))


def _generator_name(name):
    """The published name of a variable of the generator; None for random states."""
    if name in _FIXED:
        return _FIXED[name]
    *_, layer, parameter = name.split("/")
    parameter = _PARAMETERS.get(parameter, parameter)
    if found := re.fullmatch(r"stage_(\d+)_conv_(\d)(_style|_noise)?", layer):
        part = f"conv{int(found[2]) - 1}" + ".affine" * (found[3] == "_style")
    elif found := re.fullmatch(r"stage_(\d+)_to_images(_style)?", layer):
        part = "torgb" + ".affine" * bool(found[2])
    elif found := re.fullmatch(r"stage_(\d+)_skip", layer):
        part = "skip"
    else:
        return _mapping_name(layer, parameter)
    return f"synthesis.b{4 * 2 ** (int(found[1]) - 1)}.{part}.{parameter}"


def _discriminator_name(name, largest, embeds):
    """The published name of a variable of the discriminator."""
    layer, parameter = name.split("/")
    parameter = _PARAMETERS.get(parameter, parameter)
    if found := re.fullmatch(r"stage_(\d+)_(conv_(\d)|skip|conv)", layer):
        part = f"conv{int(found[3]) - 1}" if found[3] else found[2]
        return f"b{largest // 2 ** (int(found[1]) - 1)}.{part}.{parameter}"
    fixed = {
        "from_images": f"b{largest}.fromrgb",
        "features": "b4.fc",
        "projection" if embeds else "logits": "b4.out",
    }
    if layer in fixed:
        return f"{fixed[layer]}.{parameter}"
    return _mapping_name(layer, parameter)


def _mapping_name(layer, parameter):
    if layer == "label_embedding":
        return f"mapping.embed.{parameter}"
    if found := re.fullmatch(r"mapping_(\d+)", layer):
        return f"mapping.fc{int(found[1]) - 1}.{parameter}"
    return None


def _laid_out(name, array):
    """The array in the layout of the variable of this name."""
    if name.endswith("features/kernel"):  # from (channels, height, width) flattened
        side = 4
        array = array.reshape(len(array), -1, side, side)
        return array.transpose(2, 3, 1, 0).reshape(-1, len(array))
    if name.endswith("constant/constant"):
        return array.transpose(1, 2, 0)
    if name.endswith("/kernel"):
        return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T
    return array


def _sizes(state):
    """The sizes of images by stage, from 4 to that of the images."""
    sizes = sorted({int(found[1]) for k in state if (found := _BLOCK.match(k))})
    expected = [4 * 2**i for i in range(len(sizes))]
    if sizes != expected:
        raise ValueError(
            f"The state dict has stages of the sizes {sizes}. Expected {expected}, "
            "each twice the one before."
        )
    return sizes


def _count(state, pattern):
    return sum(re.fullmatch(pattern, name) is not None for name in state)


def _of(state, name):
    if name not in state:
        raise ValueError(f"The state dict lacks {name!r}.")
    return np.asarray(state[name])


def _is_filter(name):
    return _FILTER.fullmatch(name) is not None


def _check_filter(name, array):
    taps = np.array([1, 3, 3, 1]) / 8
    if array.shape != (4, 4) or np.abs(array - np.outer(taps, taps)).max() > 1e-6:
        raise ValueError(
            f"{name!r} is not the filter [1, 3, 3, 1] that `stylegan2` resamples with. "
            "Networks with other filters cannot be converted."
        )


def _not_one(network, name, state):
    return (
        f"The state dict is not that of a StyleGAN2 {network}: it has no {name!r}. "
        f"It has: {_few(sorted(state))}. Pass the state dict of one network, such as "
        "`G_ema.state_dict()`."
    )


def _few(names, most=4):
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + rest
