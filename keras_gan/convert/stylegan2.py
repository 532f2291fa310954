"""Networks of StyleGAN2 and StyleGAN2-ADA, from the state dicts of their authors."""

import re
from collections.abc import Mapping

import keras
import numpy as np

from keras_gan import architectures, backend, checkpoints
from keras_gan.convert.matching import check_names, fill, laid_out

_BLOCK = re.compile(r"(?:synthesis\.)?b(\d+)\.")
_FILTER = re.compile(r".*\bresample_filter")
_PARAMETERS = {"kernel": "weight", "strength": "noise_strength", "noise": "noise_const"}
_FIXED = {
    "mapping/mean/mean": "mapping.w_avg",
    "synthesis/constant/constant": "synthesis.b4.const",
}


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
    state = keras_gan.convert.read_state_dict("stylegan2.npz", part="generator")
    generator = keras_gan.convert.stylegan2_generator(state)
    generator(keras.random.normal((1, 16))).shape  # (1, 32, 32, 3)
    ```

    Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
    arXiv:2006.06676.
    """
    what = "the StyleGAN2 generator"
    needed = _Needed(what, state)
    sizes = _sizes(what, state)
    embeds = "mapping.embed.weight" in state
    w_dim = needed["mapping.w_avg"].shape[0]
    generator = architectures.stylegan2_generator(
        (sizes[-1], sizes[-1], needed[f"synthesis.b{sizes[-1]}.torgb.bias"].size),
        latent_dim=needed["mapping.fc0.weight"].shape[1] - w_dim * embeds,
        num_classes=state["mapping.embed.weight"].shape[1] if embeds else None,
        width=[needed[f"synthesis.b{size}.conv1.bias"].size for size in sizes],
        w_dim=w_dim,
        num_mapping_layers=_count(state, r"mapping\.fc\d+\.weight"),
        synthesis="skip" if "synthesis.b4.torgb.weight" in state else "resnet",
        noise=noise,
        style_mixing=style_mixing,
        clip=clip,
    )
    return _fill(what, generator, state, _generator_name)


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
    state = keras_gan.convert.read_state_dict("stylegan2.npz", part="discriminator")
    discriminator = keras_gan.convert.stylegan2_discriminator(state)
    discriminator(keras.ops.ones((4, 32, 32, 3))).shape  # (4, 1)
    ```

    Karras et al. 2020, arXiv:2006.06676.
    """
    what = "the StyleGAN2 discriminator"
    needed = _Needed(what, state)
    sizes = _sizes(what, state)
    largest = sizes[-1]
    if sizes != [4] and f"b{largest}.skip.weight" not in state:
        raise ValueError(
            "The discriminator has no residual connections, such as "
            f"'b{largest}.skip.weight'. `keras_gan.architectures.stylegan2` makes "
            "residual ones only."
        )
    embeds = "mapping.embed.weight" in state
    widths = [needed["b4.conv.bias"].size]
    widths += [needed[f"b{size}.conv0.bias"].size for size in sizes[1:]]
    first = needed[f"b{largest}.fromrgb.weight"]
    discriminator = architectures.stylegan2_discriminator(
        (largest, largest, first.shape[1]),
        num_classes=state["mapping.embed.weight"].shape[1] if embeds else None,
        width=widths,
        group_size=group_size,
        clip=clip,
    )

    def published_name(name):
        return _discriminator_name(name, largest, embeds)

    return _fill(what, discriminator, state, published_name)


class _Needed:
    """Arrays of a state dict by name; an error names what is missing."""

    def __init__(self, what, state):
        self.what, self.state = what, state

    def __getitem__(self, name):
        check_names(self.what, self.state, [name], self.state)
        return np.asarray(self.state[name])


def _fill(what, network, state, published_name):
    """Put arrays into the variables of a network, all of them or none."""
    published = {
        name.removeprefix("network/"): variable
        for name, variable in checkpoints.named({"network": network}).items()
        if not backend.is_random_state(variable)
    }
    published = {name: published_name(name) for name in published}
    filters = [name for name in state if _FILTER.fullmatch(name)]
    check_names(what, state, list(published.values()), filters)
    for name in filters:
        _check_filter(name, np.asarray(state[name]))
    arrays = {
        name: _as_here(name, np.asarray(state[theirs]))
        for name, theirs in published.items()
    }
    return fill(what, network, arrays, published)


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


def _as_here(name, array):
    """The array in the layout of the variable of this name."""
    if name == "features/kernel":  # (out, channels * 4 * 4)
        array = array.reshape(len(array), -1, 4, 4)
        return array.transpose(2, 3, 1, 0).reshape(-1, len(array))
    if name == "synthesis/constant/constant":
        return array.transpose(1, 2, 0)
    return laid_out(array) if name.endswith("/kernel") else array


def _sizes(what, state):
    """The sizes of images by stage, from 4 to that of the images."""
    sizes = sorted({int(found[1]) for k in state if (found := _BLOCK.match(k))})
    expected = [4 * 2**i for i in range(len(sizes))]
    if sizes != expected or not sizes:
        raise ValueError(
            f"The state dict is not that of {what}: it has stages of the sizes "
            f"{sizes}. Expected {expected or [4, 8, 16]}, each twice the one before."
        )
    return sizes


def _count(state, pattern):
    return sum(re.fullmatch(pattern, name) is not None for name in state)


def _check_filter(name, array):
    taps = np.array([1, 3, 3, 1]) / 8
    if array.shape != (4, 4) or np.abs(array - np.outer(taps, taps)).max() > 1e-6:
        raise ValueError(
            f"{name!r} is not the filter [1, 3, 3, 1] that `stylegan2` resamples with. "
            "Networks with other filters cannot be converted."
        )
