"""Mixtures of Gaussians in the plane, toy data for the study of training."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.datasets import fingerprints
from keras_gan.datasets.seeded import SeededDataset
from keras_gan.validation import arguments


class Mixture(SeededDataset):
    """New random points in every batch, from a mixture of equally likely Gaussians.

    Points never repeat: each batch is a function of the seed and the step. Points are
    not scaled to [-1, 1].

    Args:
        centers: Array (num_modes, dimensions), the means of the Gaussians.
        std: Standard deviation of every Gaussian, in every dimension.
        batch_size: Number of points in a batch.
        steps_per_epoch: Number of batches in an epoch.
        seed: Non-negative integer.
        labels: Whether to yield `(points, modes)` instead of points.
        **kwargs: `prefetch`, see `SeededDataset`.

    Example:

    ```python
    from keras_gan import datasets

    data = datasets.Mixture([[-1.0, 0.0], [1.0, 0.0]], std=0.1, batch_size=4)
    print(data[0])
    ```
    """

    def __init__(
        self,
        centers: ArrayLike,
        std: float,
        batch_size: int = 128,
        steps_per_epoch: int = 100,
        seed: int = 0,
        labels: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(steps_per_epoch, seed=seed, **kwargs)
        self.centers = np.array(centers, dtype=np.float32)  # (num_modes, dimensions)
        if self.centers.ndim != 2 or self.centers.size == 0:
            raise ValueError(
                "`centers` must have shape (num_modes, dimensions). "
                f"Received: shape {self.centers.shape}"
            )
        if not std > 0:
            raise ValueError(f"`std` must be positive. Received: std={std}")
        self.std = float(std)
        self.batch_size = arguments.integer("batch_size", batch_size)
        self._labelled = labels

    @property
    def num_samples(self) -> int:
        """Number of points in an epoch."""
        return self.batch_size * len(self)

    @property
    def num_classes(self) -> int | None:
        """Number of Gaussians if they are yielded as labels, else `None`."""
        return len(self.centers) if self._labelled else None

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Shape of one point."""
        return self.centers.shape[1:]

    def batch(self, step: int) -> Any:
        return self._sample(self.batch_size, self.rng(step))

    def fingerprint(self) -> str:
        """Return a digest of the settings."""
        centers = np.round(self.centers, 5).tolist()
        labelled = bool(self._labelled)
        std = float(self.std)
        return fingerprints.combined(centers, std, self.batch_size, labelled)

    def as_uint8(self) -> "Mixture":
        """Return this dataset, because points are not bytes."""
        return self

    def arrays(self) -> Any:
        """Return all points of the current epoch as one array (or points, modes)."""
        first = self.epoch * len(self)
        batches = [self.batch(first + index) for index in range(len(self))]
        if not self._labelled:
            return np.concatenate(batches)
        points, modes = zip(*batches, strict=True)
        return np.concatenate(points), np.concatenate(modes)

    def _sample(self, num_points, rng):
        modes = rng.integers(len(self.centers), size=num_points, dtype=np.int32)
        points = self.centers[modes]  # (num_points, dimensions)
        points += self.std * rng.standard_normal(points.shape, dtype=np.float32)
        return (points, modes) if self._labelled else points

    def __repr__(self) -> str:
        return (
            f"Mixture({len(self.centers)} modes in {self.image_shape[0]} dimensions, "
            f"std={self.std:g}; {len(self)} batches of {self.batch_size}, "
            f"seed={self.seed}, epoch={self.epoch})"
        )


def ring(
    num_modes: int = 8, radius: float = 1.0, std: float = 0.01, **kwargs: Any
) -> Mixture:
    """Gaussians at equal distances on a circle.

    The default values give the ring of table 1 in PacGAN (Lin et al., 2018,
    arXiv:1712.04086).

    Args:
        num_modes: Number of Gaussians.
        radius: Radius of the circle.
        std: Standard deviation of each Gaussian.
        **kwargs: Further arguments of `Mixture`: `batch_size`, `steps_per_epoch`,
            `seed`, `labels`.

    Returns:
        A `Mixture` of points (batch, 2).

    Example:

    ```python
    from keras_gan import datasets

    for points in datasets.ring(batch_size=512, steps_per_epoch=2):
        print(points.shape)
    ```
    """
    num_modes = arguments.integer("num_modes", num_modes)
    angles = 2 * np.pi * np.arange(num_modes) / num_modes
    centers = radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return Mixture(centers, std, **kwargs)


def grid(
    num_modes: int = 25, spacing: float = 2.0, std: float = 0.05, **kwargs: Any
) -> Mixture:
    """Gaussians on a square grid around the origin.

    The default values give the grid of table 1 in PacGAN (Lin et al., 2018,
    arXiv:1712.04086).

    Args:
        num_modes: Number of Gaussians, a square number.
        spacing: Distance between neighbours.
        std: Standard deviation of each Gaussian.
        **kwargs: Further arguments of `Mixture`: `batch_size`, `steps_per_epoch`,
            `seed`, `labels`.

    Returns:
        A `Mixture` of points (batch, 2).

    Example:

    ```python
    from keras_gan import datasets

    print(datasets.grid(num_modes=9).centers)
    ```
    """
    side = math.isqrt(arguments.integer("num_modes", num_modes))
    if side**2 != num_modes:
        raise ValueError(
            f"`num_modes` must be a square number such as {side**2} or "
            f"{(side + 1) ** 2}. Received: num_modes={num_modes}"
        )
    axis = spacing * (np.arange(side) - (side - 1) / 2)
    centers = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    return Mixture(centers, std, **kwargs)
