"""StyleGAN2: a mapping network, a modulated synthesis network, a residual critic."""

from collections.abc import Sequence

import keras

from keras_gan.architectures.stylegan2_discriminator import stylegan2_discriminator
from keras_gan.architectures.stylegan2_generator import stylegan2_generator


def stylegan2(
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
    group_size: int = 4,
    clip: float | None = None,
    output_activation: str = "linear",
) -> tuple[keras.Model, keras.Model]:
    """The networks of StyleGAN2 and StyleGAN2-ADA.

    The generator is a `StyleGenerator`. A mapping network of dense layers turns the
    latents z into w. The synthesis network starts from a learned constant, and w acts
    on every convolution: its kernel is modulated by a linear map of w. Each stage is
    twice as large as the one before. Noise with a learned strength is added after each
    convolution.

    The discriminator is a residual network that ends in the standard deviation over
    groups of the batch. With classes, its logit is the inner product of its features
    with a mapped label (Miyato and Koyama 2018, arXiv:1802.05637).

    All weights have an equalised learning rate. Train with `losses.NonSaturating`, a
    lazy `penalties.R1`, `penalties.PathLength` and an `EMA` with a ramp:
    `keras_gan.presets` has complete settings, such as `stylegan2_emoji_64`.

    The published networks have `width=64` for images of 256 and of 512 pixels, and
    `width=32` for 1024. They have 8 mapping layers, or 2 in the configurations that
    StyleGAN2-ADA chooses by itself.

    Args:
        image_shape: `(height, width, channels)`. Both sides are halved while they are
            even and at least 8, and the smallest stage has what is left: 4 x 4 for
            64 x 64, 7 x 7 for 28 x 28, 8 x 6 for 64 x 48.
        latent_dim: int, the length of one latent vector.
        num_classes: int, for networks that take a class label too.
        width: int, the channels of the largest stage; they double at every smaller
            stage, up to `max_width`. Or ints, the channels of every stage from the
            smallest to the largest; then there are as many stages.
        max_width: int, the most channels of a stage.
        w_dim: int, the length of w.
        num_mapping_layers: int, the dense layers of the mapping network.
        synthesis: `"skip"`, where every stage adds to the image; or `"resnet"`, with
            residual stages and one output.
        noise: `"constant"`, `"random"` or `"none"`: the noise at inference; see
            `keras_gan.layers.NoiseInjection`.
        style_mixing: float, the probability that a batch of training is mixed.
        group_size: int, of the standard deviation over the batch.
        clip: float, the largest absolute value of activations, 256 as published, for
            half precision; None for no limit.
        output_activation: `"linear"`, as published, clipped to [-1, 1] at inference; or
            `"tanh"`, for images whose background is exactly black or white.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Raises:
        ValueError: if these do not go together.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.stylegan2(
        (32, 32, 3), latent_dim=64, w_dim=64, width=16, max_width=64
    )
    gan = keras_gan.GAN(generator, discriminator)
    gan.compile(
        discriminator_penalties=[keras_gan.penalties.R1(1.0, interval=16)],
        generator_penalties=[keras_gan.penalties.PathLength(interval=4)],
        ema=keras_gan.EMA(10_000, ramp_up=0.05),
    )
    ```

    Karras et al. 2019, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958; Karras et al. 2020, "Training Generative Adversarial Networks
    with Limited Data", arXiv:2006.06676.
    """
    return (
        stylegan2_generator(
            image_shape,
            latent_dim,
            num_classes,
            width,
            max_width,
            w_dim,
            num_mapping_layers,
            synthesis,
            noise,
            style_mixing,
            clip,
            output_activation,
        ),
        stylegan2_discriminator(
            image_shape, num_classes, width, max_width, group_size, clip
        ),
    )
