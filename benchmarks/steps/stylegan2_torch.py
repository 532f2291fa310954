"""StyleGAN2 in plain PyTorch, written anew from its papers: the peer of our preset.

The step of `stylegan2_ffhq_256` without augmentation: the non-saturating loss, R1 at
every 16th update and path length at every 4th, style mixing, fresh noise, Adam, a
moving average. Styles scale what goes into a convolution and what comes out of it, the
fast way in training; filters are convolutions of one channel each. No extension is
compiled. A user's usual means for speed: channels last, one kernel for Adam, a search
for the fastest convolutions, `torch.autocast` for bf16.

Modules have the names of the authors' state dicts, so that `keras_gan.convert` reads
them.

Karras et al. 2019, arXiv:1912.04958; Karras et al. 2020, arXiv:2006.06676.
"""

import itertools
import math

import numpy as np
import torch
from torch import nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, linear, softplus

from steps import flops
from steps import nets as descriptions
from steps.loop import Loop
from steps.torch_players import players

ROOT_2 = math.sqrt(2)
MAPPING_RATE = 0.01
R1_WEIGHT, R1_INTERVAL = 1.0, 16
PATH_WEIGHT, PATH_INTERVAL, PATH_DECAY = 2.0, 4, 0.01
MIXING = 0.9
RATE, BETA_2 = 2.5e-3, 0.99
HALF_LIFE = 20_000


class Filter(nn.Module):
    """The filter (1, 3, 3, 1) on both axes, on every channel alone."""

    def __init__(self, gain=1.0):
        super().__init__()
        taps = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
        self.register_buffer("kernel", gain * torch.outer(taps, taps), persistent=False)

    def forward(self, x, padding, stride=1):
        return conv2d(x, self._kernel(x), None, stride, padding, groups=x.shape[1])

    def double(self, x):
        kernel = self._kernel(x)
        return conv_transpose2d(x, kernel, None, 2, 1, groups=x.shape[1])

    def _kernel(self, x):
        return self.kernel.to(x.dtype).expand(x.shape[1], 1, 4, 4)


class Dense(nn.Module):
    """A dense layer of an equalised learning rate."""

    def __init__(self, fan_in, fan_out, rate=1.0, bias=0.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(fan_out, fan_in) / rate)
        self.bias = nn.Parameter(torch.full((fan_out,), float(bias)))
        self.gain, self.rate = rate / math.sqrt(fan_in), rate

    def forward(self, x):
        return linear(x, self.weight * self.gain, self.bias * self.rate)


class Convolution(nn.Module):
    """A convolution of an equalised learning rate; then bias and activation."""

    def __init__(
        self, fan_in, fan_out, side=3, halves=False, clip=None, gain=1.0, is_bare=False
    ):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(fan_out, fan_in, side, side))
        self.bias = None if is_bare else nn.Parameter(torch.zeros(fan_out))
        self.scale = 1 / math.sqrt(fan_in * side**2)
        self.halves, self.clip, self.gain = halves, clip, gain
        self.filter = Filter() if halves else None

    def convolved(self, x):
        weight = self.weight * self.scale
        if not self.halves:
            return conv2d(x, weight, padding=weight.shape[-1] // 2)
        if weight.shape[-1] == 1:
            return conv2d(self.filter(x, 1, stride=2), weight)
        return conv2d(self.filter(x, 2), weight, stride=2)

    def forward(self, x):
        x = self.convolved(x)
        if self.bias is None:
            return x * self.gain
        return activated(x, self.bias, self.clip, self.gain)


class Styled(nn.Module):
    """A convolution whose inputs, and with them its kernel, are scaled by a style."""

    def __init__(self, fan_in, fan_out, w_dim, size, doubles=False, clip=None):
        super().__init__()
        self.affine = Dense(w_dim, fan_in, bias=1)
        self.weight = nn.Parameter(torch.randn(fan_out, fan_in, 3, 3))
        self.bias = nn.Parameter(torch.zeros(fan_out))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.randn(size, size))
        self.doubles, self.clip = doubles, clip
        self.filter = Filter(gain=4.0) if doubles else None

    def forward(self, x, w):
        style = self.affine(w)
        squares = self.weight.square().sum((2, 3))
        norm = (linear(style.square(), squares) + 1e-8).rsqrt()
        x = x * style[:, :, None, None].to(x.dtype)
        if self.doubles:
            x = self.filter(
                conv_transpose2d(x, self.weight.transpose(0, 1), stride=2), 1
            )
        else:
            x = conv2d(x, self.weight, padding=1)
        x = x * norm[:, :, None, None].to(x.dtype)
        noise = torch.randn(len(x), 1, *x.shape[2:], device=x.device)
        x = x + (noise * self.noise_strength).to(x.dtype)
        return activated(x, self.bias, self.clip)


class ToImages(nn.Module):
    def __init__(self, fan_in, channels, w_dim):
        super().__init__()
        self.affine = Dense(w_dim, fan_in, bias=1)
        self.weight = nn.Parameter(torch.randn(channels, fan_in, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.scale = 1 / math.sqrt(fan_in)

    def forward(self, x, w):
        style = (self.affine(w) * self.scale)[:, :, None, None]
        return (
            conv2d(x * style.to(x.dtype), self.weight).float()
            + self.bias[:, None, None]
        )


class Stage(nn.Module):
    """A stage of the synthesis network; the first begins with a learned constant."""

    def __init__(self, before, filters, nets, size):
        super().__init__()
        options = {"w_dim": nets.w_dim, "size": size, "clip": nets.clip}
        if before is None:
            self.const = nn.Parameter(torch.randn(filters, size, size))
        else:
            self.conv0 = Styled(before, filters, doubles=True, **options)
            self.upsample = Filter(gain=4.0)
        self.conv1 = Styled(filters, filters, **options)
        self.torgb = ToImages(filters, nets.image_shape[-1], nets.w_dim)

    def forward(self, x, images, ws):
        if x is None:
            x = self.const.expand(len(ws[0]), *self.const.shape)
            x = x.contiguous(memory_format=torch.channels_last)
        else:
            x = self.conv0(x, ws.pop(0))
        x = self.conv1(x, ws.pop(0))
        new = self.torgb(x, ws[0])  # its w is that of the next convolution
        return x, new if images is None else self.upsample.double(images) + new


class Mapping(nn.Module):
    def __init__(self, nets):
        super().__init__()
        sizes = [nets.latent_dim] + nets.num_mapping_layers * [nets.w_dim]
        for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
            setattr(self, f"fc{i}", Dense(fan_in, fan_out, MAPPING_RATE))
        self.num_layers = nets.num_mapping_layers
        self.register_buffer("w_avg", torch.zeros(nets.w_dim))

    def forward(self, latents, follows=True):
        x = latents * (latents.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        for i in range(self.num_layers):
            x = ROOT_2 * leaky_relu(getattr(self, f"fc{i}")(x), 0.2)
        if follows:
            self.w_avg.lerp_(x.detach().float().mean(0), 0.002)
        return x


class Synthesis(nn.Module):
    def __init__(self, nets):
        super().__init__()
        self.sizes = nets.sizes
        before = None
        for size, filters in zip(nets.sizes, nets.widths, strict=True):
            setattr(self, f"b{size}", Stage(before, filters, nets, size))
            before = filters

    def forward(self, ws):
        x, images, ws = None, None, list(ws.unbind(1))
        for size in self.sizes:
            x, images = getattr(self, f"b{size}")(x, images, ws)
        return images


class Generator(nn.Module):
    def __init__(self, nets):
        super().__init__()
        self.mapping, self.synthesis = Mapping(nets), Synthesis(nets)
        self.num_ws = 2 * len(nets.widths)

    def mixed(self, latents):
        """Return w for each layer, often of two latents."""
        w = self.mapping(latents)
        ws = w[:, None].repeat(1, self.num_ws, 1)
        if np.random.rand() < MIXING:
            first = np.random.randint(1, self.num_ws)
            others = self.mapping(torch.randn_like(latents), follows=False)
            ws[:, first:] = others[:, None]
        return ws

    def forward(self, latents):
        return self.synthesis(self.mixed(latents))


class Halving(nn.Module):
    """A residual stage of the discriminator."""

    def __init__(self, filters, following, clip, channels=None):
        super().__init__()
        if channels is not None:
            self.fromrgb = Convolution(channels, filters, 1, clip=clip)
        self.conv0 = Convolution(filters, filters, clip=clip)
        self.conv1 = Convolution(filters, following, 3, True, clip, 1 / ROOT_2)
        self.skip = Convolution(
            filters, following, 1, True, gain=1 / ROOT_2, is_bare=True
        )

    def forward(self, x):
        x = self.fromrgb(x) if hasattr(self, "fromrgb") else x
        return self.skip(x) + self.conv1(self.conv0(x))


class End(nn.Module):
    """The deviation over groups of the batch, and the logit."""

    def __init__(self, filters, size, nets):
        super().__init__()
        self.group_size = nets.group_size
        self.conv = Convolution(filters + 1, filters, clip=nets.clip)
        self.fc = Dense(filters * size**2, filters)
        self.out = Dense(filters, 1)

    def forward(self, x):
        group = min(self.group_size, len(x))
        deviation = x.float().reshape(group, -1, *x.shape[1:])
        deviation = (deviation.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3))
        deviation = deviation.repeat(group).reshape(-1, 1, 1, 1)
        deviation = deviation.expand(-1, 1, *x.shape[2:]).to(x.dtype)
        x = self.conv(torch.cat([x, deviation], 1))
        x = ROOT_2 * leaky_relu(self.fc(x.flatten(1)), 0.2)
        return self.out(x).float()


class Discriminator(nn.Module):
    def __init__(self, nets):
        super().__init__()
        self.sizes = nets.sizes[::-1]
        widths, channels = nets.widths[::-1], nets.image_shape[-1]
        pairs = zip(self.sizes, widths, widths[1:], strict=False)
        for size, filters, following in pairs:
            setattr(self, f"b{size}", Halving(filters, following, nets.clip, channels))
            channels = None
        end = End(widths[-1], self.sizes[-1], nets)
        setattr(self, f"b{self.sizes[-1]}", end)

    def forward(self, images):
        x = images
        for size in self.sizes:
            x = getattr(self, f"b{size}")(x)
        return x


def activated(x, bias, clip, gain=1.0):
    """Add the bias, and return LeakyReLU times the root of 2 and a gain, limited."""
    x = ROOT_2 * gain * leaky_relu(x + bias[:, None, None].to(x.dtype), 0.2)
    return x if clip is None else x.clamp(-clip * gain, clip * gain)


def adam(network, interval, device):
    """Return Adam, slowed down for a penalty at every `interval`-th update."""
    share = interval / (interval + 1)
    settings = {"lr": RATE * share, "betas": (0.0, BETA_2**share), "eps": 1e-8}
    fused = device.type == "cuda"
    return torch.optim.Adam(network.parameters(), **settings, fused=fused)


def build(nets, batch_size, dtype, is_tiny=False):
    """Return a program; `nets` is not looked at."""
    nets = descriptions.stylegan2(is_tiny)
    device, generator, discriminator, average = players(nets, Generator, Discriminator)
    g_optimizer = adam(generator, PATH_INTERVAL, device)
    d_optimizer = adam(discriminator, R1_INTERVAL, device)
    height, width, channels = nets.image_shape
    shape = (batch_size, channels, height, width)
    real = np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")
    real = torch.from_numpy(real).to(device, memory_format=torch.channels_last)
    mean_length = torch.zeros((), device=device)
    is_mixed = dtype == "mixed_bfloat16"

    def run(network, *inputs):
        with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
            return network(*inputs)

    def latents_of(number):
        return torch.randn(number, nets.latent_dim, device=device)

    def r1():
        images = real.detach().requires_grad_()
        logits = run(discriminator, images)
        (gradient,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
        return R1_WEIGHT / 2 * gradient.square().sum((1, 2, 3)).mean()

    def path_length():
        ws = run(generator.mixed, latents_of(-(-batch_size // 2))).float()
        images = run(generator.synthesis, ws)
        noise = torch.randn_like(images) / math.sqrt(height * width)
        (gradient,) = torch.autograd.grad((images * noise).sum(), ws, create_graph=True)
        lengths = gradient.square().sum(2).mean(1).sqrt()
        mean = mean_length.lerp(lengths.mean(), PATH_DECAY)
        mean_length.copy_(mean.detach())
        return PATH_WEIGHT * (lengths - mean).square().mean()

    def train_step(number):
        with torch.no_grad():
            fakes = run(generator, latents_of(batch_size))
        d_loss = softplus(run(discriminator, fakes)).mean()
        d_loss = d_loss + softplus(-run(discriminator, real)).mean()
        d_optimizer.zero_grad()
        d_loss.backward()
        if number % R1_INTERVAL == 0:
            (R1_INTERVAL * r1()).backward()
        d_optimizer.step()

        discriminator.requires_grad_(False)
        fakes = run(generator, latents_of(batch_size))
        g_loss = softplus(-run(discriminator, fakes)).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        if number % PATH_INTERVAL == 0:
            (PATH_INTERVAL * path_length()).backward()
        g_optimizer.step()
        discriminator.requires_grad_(True)
        with torch.no_grad():
            share = 1 - 0.5 ** (batch_size / HALF_LIFE)
            own = list(generator.parameters())
            torch._foreach_lerp_(list(average.parameters()), own, share)
            average.mapping.w_avg.copy_(generator.mapping.w_avg)
        return d_loss, g_loss

    done = 0

    def steps(num_steps):
        nonlocal done
        for _ in range(num_steps):
            losses = train_step(done)
            done += 1
        assert all(loss.isfinite() for loss in losses)  # waits for the device

    program = Loop(steps)
    program.flop = flops.of_passes(
        *flops.stylegan2_layers(nets), "stylegan2", batch_size
    )
    program.period = R1_INTERVAL
    return program
