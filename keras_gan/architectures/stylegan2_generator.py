"""The generator of StyleGAN2: a mapping network and a synthesis network."""

from collections.abc import Sequence

import keras
from keras import layers, ops

from keras_gan.architectures import heads
from keras_gan.architectures.style_generator import StyleGenerator
from keras_gan.architectures.stylegan2_stages import (
    ROOT_2,
    activate,
    embed_label,
    mapping_layers,
    plan,
)
from keras_gan.layers import (
    BilinearUpsample,
    EqualizedConv2D,
    EqualizedDense,
    LearnedConstant,
    ModulatedConv2D,
    NoiseInjection,
    PixelNormalization,
    RunningMean,
)
from keras_gan.validation import arguments


def stylegan2_generator(
    image_shape: Sequence[int] = (64, 64, 3),
    latent_dim: int = 512,
    num_classes: int | None = None,
    width: int | Sequence[int] = 64,
    max_width: int = 512,
    w_dim: int = 512,
    num_mapping_layers: int = 8,
    synthesis: str = "skip",
    noise: str = "constant",
    style_mixing: float = 0.9,
    clip: float | None = None,
    output_activation: str = "linear",
) -> keras.Model:
    """The generator of `stylegan2`: latents to images, by way of w.

    Args:
        image_shape: `(height, width, channels)`, as in `stylegan2`.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for a network that takes a class label too.
        width: int, or ints from the smallest stage to the largest.
        max_width: int, the most channels of a stage.
        w_dim: int, the length of w.
        num_mapping_layers: int, the dense layers of the mapping network.
        synthesis: `"skip"` or `"resnet"`.
        noise: `"constant"`, `"random"` or `"none"`, the noise at inference.
        style_mixing: float, the probability that a batch of training is mixed.
        clip: float, the largest absolute value of activations; None for no limit.
        output_activation: `"linear"`, clipped to [-1, 1] at inference, or `"tanh"`.

    Returns:
        A `StyleGenerator` from latents `(batch, latent_dim)`, or from
        `[latents, labels]`, to images `(batch, height, width, channels)`.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    generator = keras_gan.architectures.stylegan2_generator((16, 16, 3), width=8)
    generator(keras.random.normal((4, 512))).shape  # (4, 16, 16, 3)
    ```

    Karras et al. 2019, arXiv:1912.04958.
    """
    return StyleGenerator(
        _mapping(latent_dim, num_classes, w_dim, num_mapping_layers),
        _synthesis(
            image_shape,
            width,
            max_width,
            w_dim,
            synthesis,
            noise,
            clip,
            output_activation,
        ),
        style_mixing,
    )


def _mapping(latent_dim, num_classes, w_dim, num_layers):
    latent_dim = arguments.integer("latent_dim", latent_dim)
    num_classes = arguments.num_classes(num_classes)
    w_dim = arguments.integer("w_dim", w_dim)
    num_layers = arguments.integer("num_mapping_layers", num_layers)

    latents = keras.Input((latent_dim,), name="latents")
    labels = None if num_classes is None else heads.label_input()
    x = PixelNormalization(dtype="float32", name="latents_normalization")(latents)
    if labels is not None:
        x = heads.concatenate_label(x, embed_label(labels, num_classes, w_dim))
    w = mapping_layers(x, w_dim, num_layers)
    w = RunningMean(dtype="float32", name="mean")(w)
    return keras.Model(heads.inputs(latents, labels), w, name="mapping")


def _synthesis(
    image_shape, width, max_width, w_dim, kind, noise, clip, output_activation
):
    arguments.one_of("synthesis", kind, ("skip", "resnet"))
    (*_, channels), widths, base = plan(image_shape, width, max_width)
    num_ws = 2 * len(widths)
    inputs = keras.Input((num_ws, w_dim), name="w")
    w = ops.unstack(inputs, num_ws, axis=1)  # (batch, w_dim) for each layer

    def styled(x, i, filters, name, gain=1.0, upsample=False):
        style = _style(w[i], x.shape[-1], name)
        x = ModulatedConv2D(filters, 3, upsample=upsample, name=name)([x, style])
        x = NoiseInjection(noise, name=f"{name}_noise")(x)
        return activate(x, name, gain, clip)

    def images_of(x, i, name):
        style = _style(w[i], x.shape[-1], name)
        layer = ModulatedConv2D(
            channels, 1, demodulate=False, dtype="float32", name=name
        )
        return layer([x, style])

    x = LearnedConstant(*base, widths[0], name="constant")(w[0])
    x = styled(x, 0, widths[0], "stage_1_conv_2")
    images = images_of(x, 1, "stage_1_to_images") if kind == "skip" else None
    for stage, filters in enumerate(widths[1:], start=1):
        name, i = f"stage_{stage + 1}", 2 * stage - 1
        before = x
        x = styled(x, i, filters, f"{name}_conv_1", upsample=True)
        if kind == "skip":
            x = styled(x, i + 1, filters, f"{name}_conv_2")
            images = BilinearUpsample(dtype="float32", name=f"{name}_upsample")(images)
            new = images_of(x, i + 2, f"{name}_to_images")
            images = layers.Add(dtype="float32", name=f"{name}_images")([images, new])
        else:
            x = styled(x, i + 1, filters, f"{name}_conv_2", gain=1 / ROOT_2)
            skip = EqualizedConv2D(
                filters, 1, gain=1 / ROOT_2, use_bias=False, name=f"{name}_skip"
            )
            before = BilinearUpsample(name=f"{name}_upsample")(skip(before))
            x = layers.Add(name=f"{name}_add")([before, x])
    if kind == "resnet":
        images = images_of(x, num_ws - 1, f"stage_{len(widths)}_to_images")
    images = heads.output_range(output_activation)(images)
    return keras.Model(inputs, images, name="synthesis")


def _style(w, channels, name):
    """Return the scales of the channels of one convolution, which start near 1."""
    affine = EqualizedDense(
        channels, bias_initializer="ones", dtype="float32", name=f"{name}_style"
    )
    return affine(w)
