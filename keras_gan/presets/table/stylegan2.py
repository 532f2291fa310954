"""StyleGAN2 with adaptive augmentation: small ones, and the published settings."""

from keras_gan.presets.preset import Preset
from keras_gan.presets.specs import CosineRamp, Make
from keras_gan.presets.table.recipes import adam, metrics_over

UNTRAINED = "untrained here: needs a GPU, and a folder of pictures as `--data`"
DIFFERENCES = (
    "The settings are the authors', but for these: a lazy penalty is part of the step "
    "that it falls into and not a step of its own, and the precision is that of the "
    "run, where the authors compute the largest stages in float16."
)

# Narrow, with the two mapping layers of StyleGAN2-ADA's automatic settings.
SMALL = {"latent_dim": 64, "w_dim": 128, "width": 32, "max_width": 128}
SMALL |= {"num_mapping_layers": 2}
# On a ground of one colour, and without noise, which short training takes for texture.
FLAT = {"output_activation": "tanh", "noise": "none"}

# Those of the paper for images of 256 and 512 pixels.
PUBLISHED = {"latent_dim": 512, "w_dim": 512, "width": 64, "max_width": 512}
PUBLISHED |= {"num_mapping_layers": 8, "group_size": 8, "clip": 256.0}
PAPER = {"interpolation": "wavelet"}  # of adaptive augmentation


def lazy_adam(rate, interval, beta_2=0.99):
    """Adam, slowed down as published for a penalty at every `interval`-th update.

    With the penalty an optimizer has (k + 1) / k updates where it had one.
    """
    share = interval / (interval + 1)
    settings = {"learning_rate": rate * share, "beta_1": 0.0, "beta_2": beta_2**share}
    return Make("keras.optimizers.Adam", {**settings, "epsilon": 1e-8})


def path_length():
    """The published penalty on path length: lazy, and of half the batch."""
    settings = {"weight": 2.0, "interval": 4, "decay": 0.01, "batch_shrink": 2}
    return Make("penalties.PathLength", settings)


def style_compile(gamma, half_life, ramp_up=None, rate=2.5e-3, **augment):
    """The arguments of `compile`; `gamma` is the weight of R1."""
    return {
        "discriminator_optimizer": lazy_adam(rate, 16),
        "generator_optimizer": lazy_adam(rate, 4),
        "loss": "non_saturating",
        "discriminator_penalties": (
            Make("penalties.R1", {"weight": gamma, "interval": 16}),
        ),
        "generator_penalties": (path_length(),),
        "augment": Make("augment.AdaptiveAugment", augment),
        "ema": Make("optimizers.EMA", {"half_life": half_life, "ramp_up": ramp_up}),
    }


def short_compile(weight, half_life, generator_rate, discriminator_rate, **further):
    """The arguments of `compile` for ten thousand updates, where the paper has 400,000.

    The published rates hardly move weights of an equalised rate in so few updates, and
    a discriminator with a lazy penalty wins meanwhile.
    """
    return {
        "discriminator_optimizer": adam(discriminator_rate),
        "generator_optimizer": adam(generator_rate),
        "loss": "relativistic_pairing",
        "discriminator_penalties": (
            Make("penalties.R1", {"weight": weight}),
            Make("penalties.R2", {"weight": weight}),
        ),
        "share_fakes": True,
        "ema": Make("optimizers.EMA", {"half_life": half_life, "ramp_up": 0.05}),
        **further,
    }


def _networks(image_shape, settings):
    shape = {} if image_shape is None else {"image_shape": image_shape}
    return Make("architectures.stylegan2", {**shape, **settings})


PRESETS = (
    Preset(
        "stylegan2",
        "StyleGAN2-ADA: a style for every layer, adaptive augmentation.",
        _networks(None, {**SMALL, "latent_dim": 512, "w_dim": 512, "max_width": 256}),
        style_compile(gamma=1.0, half_life=10_000, ramp_up=0.05),
        batch_size=32,
    ),
    Preset(
        "stylegan2_emoji_64",
        "A narrow StyleGAN2-ADA on 3,400 colour drawings.",
        _networks((64, 64, 3), SMALL | FLAT | {"width": 16, "max_width": 64}),
        short_compile(
            CosineRamp(1.0, 0.1),
            half_life=20_000,
            generator_rate=0.01,
            discriminator_rate=0.0025,
            augment=Make("augment.AdaptiveAugment", {"ramp_images": 100_000}),
        ),
        dataset="emoji",
        batch_size=32,
        num_images=80_000,
        metrics=metrics_over("EmojiClassifier", "FrechetDistance"),
    ),
    Preset(
        "stylegan2_fashion_mnist",
        "A narrow StyleGAN2 on clothes.",
        _networks((28, 28, 1), SMALL | FLAT),
        short_compile(
            0.1, half_life=20_000, generator_rate=0.02, discriminator_rate=0.005
        ),
        dataset="fashion_mnist",
        batch_size=32,
        num_images=160_000,
        metrics=metrics_over(
            "FashionMNISTClassifier", "FrechetDistance", "PrecisionRecall"
        ),
    ),
    Preset(
        "stylegan2_ffhq_256",
        "StyleGAN2-ADA for faces of 256 x 256, with its published settings.",
        _networks((256, 256, 3), PUBLISHED),
        style_compile(gamma=1.0, half_life=20_000, **PAPER),
        dataset="ffhq",
        data={"size": (256, 256), "augment": "horizontal_flip"},
        batch_size=64,
        num_images=25_000_000,
        note=f"{UNTRAINED}. {DIFFERENCES}",
    ),
    Preset(
        "stylegan2_afhq_512",
        "StyleGAN2-ADA for animal faces of 512 x 512, with its published settings.",
        _networks((512, 512, 3), PUBLISHED),
        style_compile(gamma=0.5, half_life=20_000, **PAPER),
        dataset="afhq",
        data={"size": (512, 512), "augment": "horizontal_flip"},
        batch_size=64,
        num_images=25_000_000,
        note=f"{UNTRAINED}. {DIFFERENCES}",
    ),
)
