"""Compare the speed of the metrics with other tools.

    python benchmarks/metrics.py

Prints a table of three comparisons, each within one run on one machine: the Frechet
distance over 2048 features by eigenvalues and by `scipy.linalg.sqrtm`; peak memory of
the statistics from 1,000 to 50,000 images; and images a second through the 2015
Inception network, here and in torch-fidelity, with the same random weights.

It needs scipy and torch-fidelity (`pip install --no-deps torch-fidelity tqdm`).
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import types

from keras_gan import metrics
from keras_gan.metrics.features import inception, inception_weights
from keras_gan.metrics.statistics import GaussianStatistics

import keras
import numpy as np


def best_times(*functions, rounds=3):
    """Return the shortest time of each function, in seconds.

    They alternate, so that other work on the machine affects all of them.
    """
    times = [[] for _ in functions]
    for _ in range(rounds):
        for function, own in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            own.append(time.perf_counter() - start)
    return [min(own) for own in times]


def frechet(width=2048):
    """Compute the same distance in both ways, from equal covariances."""
    import scipy.linalg

    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(width, width)) / width**0.5
    clouds = rng.normal(size=(2, 2 * width, width))
    clouds[0] = clouds[0] @ mixing
    means = clouds.mean(axis=1)
    one, other = (np.cov(cloud, rowvar=False) for cloud in clouds)
    found = {}

    def eigenvalues():
        found["ours"] = metrics.frechet_distance(means[0], one, means[1], other)

    def square_root():
        root = scipy.linalg.sqrtm(one @ other).real
        shift = means[0] - means[1]
        traces = np.trace(one) + np.trace(other) - 2 * np.trace(root)
        found["sqrtm"] = shift @ shift + traces

    ours, theirs = best_times(eigenvalues, square_root, rounds=2)
    difference = abs(found["ours"] / found["sqrtm"] - 1)
    print(f"Frechet distance, {width} features: {ours:.2f} s by eigenvalues")
    print(f"Frechet distance, {width} features: {theirs:.2f} s by scipy's sqrtm")
    print(f"  {theirs / ours:.1f} times faster; relative difference {difference:.0e}")


def peak_memory(num_images, width=2048):
    """Return the peak memory of streaming so many features, in MiB."""
    rng = np.random.default_rng(0)
    gathered = GaussianStatistics()
    for start in range(0, num_images, 128):
        num = min(128, num_images - start)
        gathered.update(rng.normal(size=(num, width)).astype("float32"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory():
    """Measure the same in separate processes, since a peak never falls."""
    for num_images in (1_000, 10_000, 50_000):
        command = [sys.executable, __file__, "--memory-of", str(num_images)]
        peak = float(subprocess.check_output(command, text=True).split()[-1])
        print(f"Statistics of {num_images:,} images, 2048 features: {peak:.0f} MiB")


def throughput(num_images, batch_size):
    """Return the images a second of both networks, with the same weights."""
    import torch

    path = os.path.join(tempfile.mkdtemp(), "random.pth")
    torch.save(random_state(torch), path)
    ours = metrics.InceptionV3(path)
    theirs = torch_fidelity_network(path)
    images = np.random.default_rng(0).integers(0, 256, (num_images, 32, 32, 3), "uint8")
    tensor = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())

    def run_theirs():
        with torch.no_grad():
            for part in tensor.split(batch_size):
                theirs(part)

    def run_ours():
        ours.features(images, batch_size)

    run_ours()
    run_theirs()
    here, there = (num_images / each for each in best_times(run_ours, run_theirs))
    name = f"Inception, batches of {batch_size}"
    print(f"{name}: {here:.1f} images/s here, on {keras.backend.backend()}")
    print(f"{name}: {there:.1f} images/s in torch-fidelity")
    print(f"  {here / there:.2f} times as many")


def random_state(torch):
    """Return random weights in the form of the torch port."""
    state = {}
    for layer in inception.network().layers:
        if isinstance(layer, keras.layers.Conv2D):
            name = inception_weights.torch_name(layer.name)
            height, width, fan_in, out = layer.kernel.shape
            std = (2 / (height * width * fan_in)) ** 0.5
            kernel = std * torch.randn(out, fan_in, height, width)
            state[f"{name}.conv.weight"] = kernel
            for part in ("weight", "running_var"):
                state[f"{name}.bn.{part}"] = torch.ones(out)
            for part in ("bias", "running_mean"):
                state[f"{name}.bn.{part}"] = torch.zeros(out)
            state[f"{name}.bn.num_batches_tracked"] = torch.tensor(0)
    state["fc.weight"], state["fc.bias"] = torch.randn(1008, 2048), torch.randn(1008)
    return state


def torch_fidelity_network(path):
    """Return torch-fidelity's Inception.

    Its package imports torchvision for other extractors and data sets. Where that
    is missing, empty modules stand in; this network touches none of them.
    """
    try:
        import torchvision  # noqa: F401
    except ImportError:
        names = ("", ".datasets", ".transforms", ".transforms.functional")
        for name in names:
            sys.modules[f"torchvision{name}"] = types.ModuleType(f"torchvision{name}")
        transforms = sys.modules["torchvision.transforms"]
        transforms.functional = sys.modules["torchvision.transforms.functional"]
        for name in ("CIFAR10", "CIFAR100", "STL10"):
            setattr(sys.modules["torchvision.datasets"], name, object)
    from torch_fidelity.feature_extractor_inceptionv3 import (
        FeatureExtractorInceptionV3,
    )

    return FeatureExtractorInceptionV3(
        "inception-v3-compat", ["2048"], feature_extractor_weights_path=path
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--num-images", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        print(peak_memory(arguments.memory_of))
        return
    frechet()
    memory()
    throughput(arguments.num_images, arguments.batch_size)


if __name__ == "__main__":
    main()
