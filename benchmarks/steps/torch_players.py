"""What the peers in plain PyTorch begin with: two networks and a moving average."""

import copy

import torch


def players(nets, generator, discriminator):
    """Return the device, both networks on it, channels last, and the average of G.

    Args:
        nets: of `steps.nets`.
        generator: function of `nets` to a `torch.nn.Module`.
        discriminator: likewise.
    """
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    made = [
        kind(nets).to(device, memory_format=torch.channels_last)
        for kind in (generator, discriminator)
    ]
    return device, *made, copy.deepcopy(made[0]).requires_grad_(False)
