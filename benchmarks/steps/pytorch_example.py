"""The training loop of PyTorch's DCGAN example, written anew.

D on real images, backward; D on detached fakes, backward; D's step; D on the same
fakes, backward through G, whose step follows. As in the example, that last backward
pass also computes gradients of D, which are thrown away, and both losses are read
by the host only now and then (there: to print them; here: at the end of a round).
Adam with 1e-4 for both networks, cross-entropy on logits. Under bf16, the networks
run in `torch.autocast`. `compiled` wraps both networks in `torch.compile`.
`tuned` is what a user of a GPU adds: channels last, one kernel for Adam, and a search
for the fastest convolutions.
"""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from steps import data, torch_nets
from steps.loop import Loop


def build(nets, batch_size, dtype, compiled=False, tuned=False):
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    layout = torch.channels_last if tuned else torch.contiguous_format
    torch.backends.cudnn.benchmark = tuned
    generator, discriminator = (
        net.to(device, memory_format=layout) for net in torch_nets.build(nets)
    )
    fused = tuned and device.type == "cuda"
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-4, fused=fused)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=1e-4, fused=fused)
    if compiled:
        generator, discriminator = map(torch.compile, (generator, discriminator))
    real = torch.from_numpy(data.images(nets, batch_size)).permute(0, 3, 1, 2)
    real = real.to(device).contiguous(memory_format=layout)
    ones = torch.ones(batch_size, 1, device=device)
    zeros = torch.zeros(batch_size, 1, device=device)
    is_mixed = dtype == "mixed_bfloat16"

    def loss_of(images, targets):
        with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
            logits = discriminator(images)
        return cross_entropy(logits.float(), targets)

    def train_step():
        d_optimizer.zero_grad()
        real_loss = loss_of(real, ones)
        real_loss.backward()
        latents = torch.randn(batch_size, nets.latent_dim, device=device)
        with torch.autocast(device.type, torch.bfloat16, enabled=is_mixed):
            fakes = generator(latents)
        fake_loss = loss_of(fakes.detach(), zeros)
        fake_loss.backward()
        d_optimizer.step()

        g_optimizer.zero_grad()
        g_loss = loss_of(fakes, ones)
        g_loss.backward()
        g_optimizer.step()
        return real_loss + fake_loss, g_loss

    def steps(num_steps):
        for _ in range(num_steps):
            losses = train_step()
        assert all(loss.isfinite() for loss in losses)  # waits for the device

    return Loop(steps)
