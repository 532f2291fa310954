"""What a run was computed with: versions, devices, determinism."""

import datetime
import importlib.metadata
import os
import platform
from pathlib import Path

import keras

from keras_gan._version import __version__


def describe() -> dict:
    """Return versions, backend, machine and time, which every run records."""
    backend = keras.backend.backend()
    versions = {name: _version(name) for name in ("keras", "numpy", backend)}
    return {
        "versions": {
            "keras-gan": __version__,
            **versions,
            "python": platform.python_version(),
        },
        "backend": backend,
        "machine": machine(),
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def machine() -> str:
    """Return the machine in words, such as `"2-core AMD EPYC, CPU only"`."""
    count = num_gpus()
    accelerators = f"{count} GPU" if count else "CPU only"
    return f"{os.cpu_count()}-core {_processor()}, {accelerators}"


def num_gpus() -> int:
    """Return the number of GPUs that this process sees."""
    if keras.backend.backend() == "torch":  # Keras lists no devices of torch
        import torch

        return torch.cuda.device_count()
    devices = keras.distribution.list_devices()
    return sum(device.lower().startswith("gpu") for device in devices)


def enable_determinism() -> None:
    """Make TensorFlow's threads on a CPU add in the same order in every process.

    Otherwise a resumed run differs from an uninterrupted one in the last bits, and
    the difference grows during adversarial training. On a GPU some operations have
    no deterministic form, and nothing is changed. Call this before any tensor is
    computed. `TF_DETERMINISTIC_OPS=0` in the environment turns it off.
    """
    if keras.backend.backend() == "tensorflow" and not num_gpus():
        os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()


def _version(package):
    # TensorFlow comes in wheels of several names.
    for name in (package, f"{package}-cpu", f"{package}-gpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"
