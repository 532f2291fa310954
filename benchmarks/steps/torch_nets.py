"""The networks in PyTorch, channels first and contiguous, as its example has them.

The padding is 2 on every side, where Keras' "same" pads a strided convolution by 1
and 2: the sizes, the weights and the arithmetic are equal, the numbers are not.
"""

from torch import nn


def build(nets):
    """`(generator, discriminator)`, two `nn.Sequential`s."""
    return generator(nets), discriminator(nets)


def generator(nets):
    height, width, channels = nets.base
    layers = [
        nn.Linear(nets.latent_dim, height * width * channels, bias=False),
        nn.BatchNorm1d(height * width * channels),
        nn.Unflatten(1, (channels, height, width)),
    ]
    if nets.base_norm == "channel":
        layers[1:] = [layers[2], nn.BatchNorm2d(channels)]
    layers.append(_activation(nets.generator_slope))
    for filters, stride in nets.ups[:-1]:
        layers += [
            _up(nets, channels, filters, stride, bias=False),
            nn.BatchNorm2d(filters),
            _activation(nets.generator_slope),
        ]
        channels = filters
    filters, stride = nets.ups[-1]
    layers += [_up(nets, channels, filters, stride, nets.output_bias), nn.Tanh()]
    return nn.Sequential(*layers)


def discriminator(nets):
    height, width, channels = nets.image_shape
    layers = []
    for stage, (filters, stride) in enumerate(nets.downs):
        batch_norm = nets.discriminator_batch_norm and stage > 0
        size, padding = nets.kernel_size, nets.kernel_size // 2
        layers.append(
            nn.Conv2d(channels, filters, size, stride, padding, bias=not batch_norm)
        )
        if batch_norm:
            layers.append(nn.BatchNorm2d(filters))
        layers.append(_activation(nets.discriminator_slope))
        if nets.dropout:
            layers.append(nn.Dropout(nets.dropout))
        height, width, channels = -(-height // stride), -(-width // stride), filters
    layers += [nn.Flatten(), nn.Linear(height * width * channels, 1)]
    return nn.Sequential(*layers)


def _activation(slope):
    return nn.LeakyReLU(slope, inplace=True) if slope else nn.ReLU(inplace=True)


def _up(nets, fan_in, fan_out, stride, bias):
    size, padding = nets.kernel_size, nets.kernel_size // 2
    return nn.ConvTranspose2d(
        fan_in, fan_out, size, stride, padding, output_padding=stride - 1, bias=bias
    )
