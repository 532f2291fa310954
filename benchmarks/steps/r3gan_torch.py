"""R3GAN in plain PyTorch, written anew from its paper: the peer of our preset.

The step of `r3gan_cifar10` without augmentation: a minibatch for each player, the
relativistic loss, R1 and R2 at every update, Adam, a moving average. A user's usual
means for speed: channels last, one kernel for Adam, a search for the fastest
convolutions, `torch.autocast` for bf16. `torch.compile` cannot differentiate twice.

Huang et al. 2024, arXiv:2501.05441.
"""

import itertools
import math

import numpy as np
import torch
from torch import nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, softplus

from steps import flops
from steps import nets as descriptions
from steps.loop import Loop
from steps.torch_players import players

WEIGHT = 0.05  # of R1 and R2, at the start of the preset
DECAY = 0.999
EXPANSION = 2
LEAK = 0.2


class Resample(nn.Module):
    """Twice or half the size, by the filter (1, 3, 3, 1) on both axes."""

    def __init__(self, channels, doubles):
        super().__init__()
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / (4 if doubles else 8)
        kernel = torch.outer(taps, taps).expand(channels, 1, 4, 4).clone()
        self.register_buffer("kernel", kernel)
        self.function = conv_transpose2d if doubles else conv2d

    def forward(self, x):
        kernel = self.kernel.to(x.dtype)
        return self.function(x, kernel, stride=2, padding=1, groups=x.shape[1])


class Block(nn.Module):
    """1x1, grouped 3x3, 1x1, beside the identity."""

    def __init__(self, channels, group_size, gain):
        super().__init__()
        inner = EXPANSION * channels
        self.conv_1 = scaled(nn.Conv2d(channels, inner, 1), gain)
        groups = inner // group_size
        grouped = nn.Conv2d(inner, inner, 3, padding=1, groups=groups)
        self.conv_2 = scaled(grouped, gain)
        self.conv_3 = scaled(nn.Conv2d(inner, channels, 1, bias=False), 0.0)

    def forward(self, x):
        y = leaky_relu(self.conv_1(x), LEAK)
        y = leaky_relu(self.conv_2(y), LEAK)
        return x + self.conv_3(y)


class Generator(nn.Module):
    def __init__(self, nets):
        super().__init__()
        widths = nets.widths
        base = nets.image_shape[0] // 2 ** (len(widths) - 1)
        self.label = nn.Embedding(nets.num_classes, nets.latent_dim)
        self.dense = scaled(nn.Linear(2 * nets.latent_dim, widths[0], bias=False), 1.0)
        self.basis = nn.Parameter(torch.randn(widths[0], base, base))
        layers = [*blocks(nets, widths[0])]
        for before, width in itertools.pairwise(widths):
            if width != before:
                layers.append(scaled(nn.Conv2d(before, width, 1, bias=False), 1.0))
            layers += [Resample(width, doubles=True), *blocks(nets, width)]
        self.body = nn.Sequential(*layers)
        channels = nets.image_shape[-1]
        self.ends = scaled(nn.Conv2d(widths[-1], channels, 1, bias=False), 1.0)

    def forward(self, latents, labels):
        x = self.dense(torch.cat([latents, self.label(labels)], 1))
        x = self.body(self.basis * x[:, :, None, None])
        return self.ends(x).float()


class Discriminator(nn.Module):
    def __init__(self, nets):
        super().__init__()
        widths = nets.widths
        base = nets.image_shape[0] // 2 ** (len(widths) - 1)
        channels = nets.image_shape[-1]
        self.starts = scaled(nn.Conv2d(channels, widths[-1], 1, bias=False), 1.0)
        layers = [*blocks(nets, widths[-1])]
        for before, width in itertools.pairwise(reversed(widths)):
            layers.append(Resample(before, doubles=False))
            if width != before:
                layers.append(scaled(nn.Conv2d(before, width, 1, bias=False), 1.0))
            layers += blocks(nets, width)
        self.body = nn.Sequential(*layers)
        self.basis = nn.Parameter(torch.randn(widths[0], base, base) / base)
        self.features = scaled(nn.Linear(widths[0], widths[0], bias=False), 1.0)
        self.label = nn.Embedding(nets.num_classes, widths[0])
        nn.init.normal_(self.label.weight, std=(nets.num_classes * widths[0]) ** -0.5)

    def forward(self, images, labels):
        x = self.body(self.starts(images))
        x = self.features((x * self.basis).sum((2, 3)))
        return (x.float() * self.label(labels)).sum(1, keepdim=True)


def blocks(nets, width):
    """Return the blocks of a stage."""
    num_blocks = len(nets.widths) * nets.num_blocks
    gain = math.sqrt(2 / (1 + LEAK**2)) * num_blocks**-0.25
    return [Block(width, nets.group_size, gain) for _ in range(nets.num_blocks)]


def scaled(layer, gain):
    """Start the weights as N(0, gain^2 / fan_in), and the bias at 0."""
    deviation = gain / math.sqrt(layer.weight[0].numel())
    nn.init.normal_(layer.weight, std=deviation)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def build(nets, batch_size, dtype, is_tiny=False):
    """Return a program; `nets` is not looked at."""
    nets = descriptions.r3gan(is_tiny)
    device, generator, discriminator, average = players(nets, Generator, Discriminator)
    settings = {"lr": 2e-4, "betas": (0.0, 0.9), "eps": 1e-8}
    settings["fused"] = device.type == "cuda"
    g_optimizer = torch.optim.Adam(generator.parameters(), **settings)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), **settings)
    rng = np.random.default_rng(0)
    height, width, channels = nets.image_shape
    size = batch_size // 2
    images = rng.uniform(-1, 1, (2 * size, channels, height, width)).astype("float32")
    images = torch.from_numpy(images).to(device, memory_format=torch.channels_last)
    labels = rng.integers(0, nets.num_classes, 2 * size)
    labels = torch.from_numpy(labels).to(device)
    is_mixed = dtype == "mixed_bfloat16"

    def run(network, *inputs):
        with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
            return network(*inputs)

    def fakes_for(labels):
        latents = torch.randn(len(labels), nets.latent_dim, device=device)
        return run(generator, latents, labels)

    def logits_and_norm(images, labels):
        images = images.detach().requires_grad_()
        logits = run(discriminator, images, labels)
        (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
        return logits, gradient.square().sum((1, 2, 3)).mean()

    def train_step():
        real, classes = images[:size], labels[:size]
        with torch.no_grad():
            fakes = fakes_for(classes)
        real_logits, r1 = logits_and_norm(real, classes)
        fake_logits, r2 = logits_and_norm(fakes, classes)
        d_loss = softplus(fake_logits - real_logits).mean() + WEIGHT / 2 * (r1 + r2)
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()

        real, classes = images[size:], labels[size:]
        fakes = fakes_for(classes)
        discriminator.requires_grad_(False)
        with torch.no_grad():
            real_logits = run(discriminator, real, classes)
        fake_logits = run(discriminator, fakes, classes)
        g_loss = softplus(real_logits - fake_logits).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        discriminator.requires_grad_(True)
        with torch.no_grad():
            own = list(generator.parameters())
            torch._foreach_lerp_(list(average.parameters()), own, 1 - DECAY)
        return d_loss, g_loss

    def steps(num_steps):
        for _ in range(num_steps):
            losses = train_step()
        assert all(loss.isfinite() for loss in losses)  # waits for the device

    program = Loop(steps)
    program.flop = flops.of_passes(*flops.r3gan_layers(nets), "r3gan", size)
    return program
