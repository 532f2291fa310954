"""Count the multiply-adds of a training step, layer by layer.

One multiply-add is two operations (FLOP). Only convolutions and dense layers are
counted; normalisation, activations and Adam are three orders smaller. For a layer
that takes M multiply-adds forward,

- its output takes M,
- the gradient with respect to its weights takes M,
- the gradient with respect to its input takes M,

and the first layer of a network needs no gradient with respect to its input,
unless an algorithm uses the gradient with respect to the images. `Passes` says how
often an algorithm computes each; what a program computes beyond that (PyTorch's
example: gradients of D that it discards) does not count.

By hand, for the tutorial's networks at 28 px, in multiply-adds an image:

| layer | | |
|---|---|---|
| G dense | 100 * 12544 | 1,254,400 |
| G 7x7x256 to 7x7x128 | 7 * 7 * 25 * 256 * 128 | 40,140,800 |
| G 7x7x128 to 14x14x64 | 7 * 7 * 25 * 128 * 64 | 10,035,200 |
| G 14x14x64 to 28x28x1 | 14 * 14 * 25 * 64 * 1 | 313,600 |
| D 28x28x1 to 14x14x64 | 14 * 14 * 25 * 1 * 64 | 313,600 |
| D 14x14x64 to 7x7x128 | 7 * 7 * 25 * 64 * 128 | 10,035,200 |
| D dense | 6272 * 1 | 6,272 |

A strided transposed convolution touches each pixel of its INPUT once for every
tap of the kernel, a strided convolution each pixel of its output.
"""

from dataclasses import dataclass
from math import prod

PEAK = 10**12  # what counts as one step of the program in `peak.py`


@dataclass(frozen=True)
class Passes:
    """The number of passes of a step through one network, with one batch each.

    Args:
        forward: outputs. What a step computes now and then counts as a fraction.
        weights: gradients with respect to the weights.
        inputs: gradients carried between the layers, but not to the input.
        images: gradients carried down to the input.
    """

    forward: float
    weights: float
    inputs: float
    images: float = 0

    def of(self, layers):
        """Return the multiply-adds, given those of the network's layers."""
        whole, inner = sum(layers), sum(layers[1:])
        return (self.forward + self.weights + self.images) * whole + self.inputs * inner


@dataclass(frozen=True)
class Algorithm:
    """The passes of one training step through both networks."""

    generator: Passes
    discriminator: Passes


ALGORITHMS = {
    # One batch of fakes; one pass of D; both gradients from that pass.
    "simultaneous": Algorithm(Passes(1, 1, 1), Passes(2, 2, 2, 1)),
    # The same fakes, through D again after its update.
    "share_fakes": Algorithm(Passes(1, 1, 1), Passes(3, 2, 2, 1)),
    # Fresh fakes for G's step.
    "algorithm_1": Algorithm(Passes(2, 1, 1), Passes(3, 2, 2, 1)),
    # "simultaneous" and R1: the gradient with respect to real images, and the
    # derivative of its square, which is one more pass forward and one more
    # gradient of the weights (D is piecewise linear).
    "r1": Algorithm(Passes(1, 1, 1), Passes(3, 3, 2, 2)),
    # A minibatch for each player. D: R1 and R2, counted as above; G: relativistic, so
    # that D sees real images too, without a gradient. G makes fakes for both.
    "r3gan": Algorithm(Passes(2, 1, 1), Passes(6, 4, 2, 3)),
    # Fresh fakes for G's step; at every 16th step R1, in passes of its own; at every
    # 4th step the path length of half a batch, counted as if G were piecewise linear.
    "stylegan2": Algorithm(
        Passes(2 + 2 / 8, 1 + 1 / 8, 1 + 1 / 8),
        Passes(3 + 2 / 16, 2 + 1 / 16, 2, 1 + 1 / 16),
    ),
}


def generator_layers(nets):
    """Return the multiply-adds an image of G's layers, first to last."""
    height, width, channels = nets.base
    layers = [nets.latent_dim * prod(nets.base)]
    for filters, stride in nets.ups:
        layers.append(height * width * nets.kernel_size**2 * channels * filters)
        height, width, channels = height * stride, width * stride, filters
    return layers


def discriminator_layers(nets):
    """Return the multiply-adds an image of D's layers, first to last."""
    height, width, channels = nets.image_shape
    layers = []
    for filters, stride in nets.downs:
        height, width = -(-height // stride), -(-width // stride)
        layers.append(height * width * nets.kernel_size**2 * channels * filters)
        channels = filters
    return [*layers, height * width * channels]


def of_step(nets, algorithm, batch_size):
    """Return the FLOP of one training step."""
    layers = generator_layers(nets), discriminator_layers(nets)
    return of_passes(*layers, algorithm, batch_size)


def of_passes(generator, discriminator, algorithm, batch_size):
    """Return the FLOP of one training step.

    Args:
        generator: list of int, the multiply-adds an image of G's layers.
        discriminator: list of int, likewise of D's.
        algorithm: str, a key of `ALGORITHMS`.
        batch_size: int, the images of a pass.
    """
    passes = ALGORITHMS[algorithm]
    macs = passes.generator.of(generator) + passes.discriminator.of(discriminator)
    return 2 * batch_size * macs


def layers_of(network):
    """Return the multiply-adds an image of a Keras network's layers, first to last."""
    layers = []
    for layer in network._flatten_layers():
        kernel = getattr(layer, "kernel", None)
        if kernel is None:
            continue
        pixels = 1
        if len(kernel.shape) == 4:
            doubles = getattr(layer, "upsample", False) or "Transpose" in str(layer)
            taken = layer.input
            taken = taken[0] if isinstance(taken, list) else taken
            sizes = [prod(shape[1:3]) for shape in (taken.shape, layer.output.shape)]
            pixels = min(sizes) if doubles else sizes[1]
        layers.append(pixels * prod(kernel.shape))
    return layers


def r3gan_layers(nets):
    """Return the multiply-adds an image of R3GAN's G and D, first to last, by hand.

    Args:
        nets: `nets.R3GAN`.
    """
    height, width, channels = nets.image_shape
    inner, before, body = 2, None, []
    for stage, filters in enumerate(nets.widths):
        pixels = height * width // 4 ** (len(nets.widths) - 1 - stage)
        if before not in (None, filters):  # widths change at the smaller size
            body.append(pixels // 4 * before * filters)
        block = [
            pixels * filters * inner * filters,
            pixels * 9 * inner * filters * nets.group_size,
            pixels * inner * filters * filters,
        ]
        body += block * nets.num_blocks
        before = filters
    ends = height * width * channels * nets.widths[-1]
    first = nets.widths[0]
    generator = [2 * nets.latent_dim * first, *body, ends]
    return generator, [ends, *reversed(body), first * first]


def stylegan2_layers(nets):
    """Return the multiply-adds an image of StyleGAN2's G and D, first to last, by hand.

    Args:
        nets: `nets.StyleGAN2`.
    """
    channels, widths = nets.image_shape[-1], nets.widths
    w_dim, last = nets.w_dim, widths[0]
    generator = [nets.latent_dim * w_dim]
    generator += [w_dim**2] * (nets.num_mapping_layers - 1)
    downwards, before = [], None
    for size, filters in zip(nets.sizes, widths, strict=True):
        pixels = size**2
        if before is not None:  # a kernel that doubles or halves is at the smaller size
            taps = pixels // 4 * before * filters
            generator += [w_dim * before, 9 * taps]
            halving = [pixels * 9 * filters**2, 9 * taps, taps]
            downwards = [*halving, *downwards]
        generator += [w_dim * filters, pixels * 9 * filters**2]
        generator += [w_dim * filters, pixels * filters * channels]
        before = filters
    smallest = nets.sizes[0] ** 2
    ends = [smallest * 9 * (last + 1) * last, smallest * last**2, last]
    from_images = nets.image_shape[0] ** 2 * channels * widths[-1]
    return generator, [from_images, *downwards, *ends]
