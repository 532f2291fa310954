"""Make the sample of Fashion-MNIST that comes with the package.

    python -m keras_gan.datasets.make_sample

Run it in a checkout, on a machine that has the whole training set.
"""

from pathlib import Path

import numpy as np

from keras_gan.datasets.fashion_mnist import SAMPLE, load_arrays

PER_CLASS = 1_000
SEED = 20170825


def sample_indices(labels: np.ndarray) -> np.ndarray:
    """Return the positions of `PER_CLASS` random images of each class, in order."""
    rng = np.random.default_rng(SEED)
    chosen = [
        rng.choice(np.flatnonzero(labels == label), PER_CLASS, replace=False)
        for label in range(10)
    ]
    return np.sort(np.concatenate(chosen))


def main() -> None:
    """Write the sample to the folder of this file."""
    images, labels = load_arrays("train")
    if len(labels) != 60_000:
        raise SystemExit("The sample must be made from all 60,000 training images.")
    indices = sample_indices(labels)
    path = Path(__file__).parent / SAMPLE
    np.savez_compressed(path, images=images[indices], labels=labels[indices])
    print(f"{path}: {len(indices)} images, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
