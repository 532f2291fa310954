"""What there is to compute on."""

import os
import platform
from pathlib import Path

import keras


def num_gpus():
    """How many GPUs this process sees."""
    if keras.backend.backend() == "torch":  # Keras lists no devices of torch
        import torch

        return torch.cuda.device_count()
    devices = keras.distribution.list_devices()
    return sum(device.lower().startswith("gpu") for device in devices)


def machine():
    """The machine in words, such as `"2-core AMD EPYC, CPU only"`."""
    count = num_gpus()
    accelerators = f"{count} GPU" if count else "CPU only"
    return f"{os.cpu_count()}-core {_processor()}, {accelerators}"


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()
