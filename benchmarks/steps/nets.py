"""The networks that every program trains, as plain data.

`keras_nets.py` and `torch_nets.py` build them, and `flops.py` counts their
multiply-adds from the same description.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Nets:
    """A convolutional pair; all kernels are 5 x 5 with "same" padding.

    Args:
        image_shape: `(height, width, channels)`.
        latent_dim: int.
        base: `(height, width, channels)` of what G's dense layer makes.
        base_norm: `"unit"` or `"channel"`: what the batch normalisation after the
            dense layer keeps a mean of.
        ups: `(filters, stride)` of each transposed convolution of G. All but the
            last are followed by batch normalisation and the activation, the
            last by tanh.
        downs: `(filters, stride)` of each convolution of D; a dense layer to one
            logit follows.
        generator_slope: float, of G's LeakyReLU below zero; 0 is ReLU.
        discriminator_slope: float, likewise of D's.
        dropout: float, the share dropped after each of D's activations.
        discriminator_batch_norm: whether all convolutions of D but the first are
            normalised.
        output_bias: whether G's last convolution has a bias.
    """

    image_shape: tuple
    latent_dim: int
    base: tuple
    base_norm: str
    ups: tuple
    downs: tuple
    generator_slope: float
    discriminator_slope: float
    dropout: float
    discriminator_batch_norm: bool
    output_bias: bool

    kernel_size = 5


def tutorial(size=28):
    """The networks of TensorFlow's DCGAN tutorial, at 28 px or a multiple of 4."""
    return Nets(
        image_shape=(size, size, 1),
        latent_dim=100,
        base=(size // 4, size // 4, 256),
        base_norm="unit",
        ups=((128, 1), (64, 2), (1, 2)),
        downs=((64, 2), (128, 2)),
        generator_slope=0.3,
        discriminator_slope=0.3,
        dropout=0.3,
        discriminator_batch_norm=False,
        output_bias=False,
    )


def dcgan(size=64):
    """`keras_gan.architectures.dcgan((size, size, 3))`, for four stages: 64 px."""
    return Nets(
        image_shape=(size, size, 3),
        latent_dim=128,
        base=(size // 16, size // 16, 512),
        base_norm="channel",
        ups=((256, 2), (128, 2), (64, 2), (3, 2)),
        downs=((64, 2), (128, 2), (256, 2), (512, 2)),
        generator_slope=0.0,
        discriminator_slope=0.2,
        dropout=0.0,
        discriminator_batch_norm=True,
        output_bias=True,
    )


@dataclass(frozen=True)
class R3GAN:
    """R3GAN's pair for classes of images.

    Args:
        image_shape: `(height, width, channels)`.
        latent_dim: int.
        num_classes: int.
        widths: tuple of int, the channels of G's stages, from the smallest to the
            largest.
        num_blocks: int, the residual blocks of a stage.
        group_size: int, the channels in a group of the 3 x 3 convolutions.
    """

    image_shape: tuple = (32, 32, 3)
    latent_dim: int = 64
    num_classes: int = 10
    widths: tuple = (768, 768, 768, 768)
    num_blocks: int = 2
    group_size: int = 16


def r3gan(is_tiny=False):
    """Return R3GAN's networks for CIFAR-10, or tiny ones for tests."""
    return R3GAN((8, 8, 3), 8, 3, (16, 8), 1, 8) if is_tiny else R3GAN()


@dataclass(frozen=True)
class StyleGAN2:
    """The published StyleGAN2, `keras_gan.architectures.stylegan2`, without classes.

    Args:
        image_shape: `(height, width, channels)`, squares.
        latent_dim: int.
        w_dim: int.
        num_mapping_layers: int.
        widths: tuple of int, the channels of G's stages, from the smallest to the
            largest, each twice the size of the one before.
    """

    image_shape: tuple = (128, 128, 3)
    latent_dim: int = 512
    w_dim: int = 512
    num_mapping_layers: int = 8
    widths: tuple = (512, 512, 512, 512, 256, 128)

    group_size = 8
    clip = 256.0

    @property
    def sizes(self):
        """The sides of the stages, from the smallest to the largest."""
        size, num_stages = self.image_shape[0], len(self.widths)
        return tuple(size >> stage for stage in reversed(range(num_stages)))


def stylegan2(is_tiny=False):
    """Return StyleGAN2 at 128 px as its authors choose the widths, or a tiny one.

    The published networks for 256 px without the largest stage: half of the first
    paper's widths.
    """
    return StyleGAN2((8, 8, 3), 8, 8, 1, (16, 8)) if is_tiny else StyleGAN2()


def of_size(size):
    """DCGAN's networks at 64 px, the tutorial's at every other size."""
    return dcgan() if size == 64 else tutorial(size)
