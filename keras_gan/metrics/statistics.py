"""Accumulators of samples: the state of metrics, updated batch by batch."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.pixels import to_uint8


class GaussianStatistics:
    """Mean and covariance in one pass, in float64.

    Batches are merged by the pairwise update of Chan, Golub and LeVeque 1979, which
    avoids cancellation if the mean is large. Memory is O(d^2) for any number of
    samples.

    ```python
    import numpy as np
    from keras_gan.metrics.statistics import GaussianStatistics

    statistics = GaussianStatistics()
    statistics.update(np.array([[0.0], [2.0]]))
    statistics.mean, statistics.covariance  # [1.0], [[2.0]]
    ```
    """

    kind = "gaussian"

    def __init__(self) -> None:
        self.num_samples = 0
        self.mean = None
        self.scatter = None  # sum of (x - mean)(x - mean)^T

    def update(self, features: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add a batch of shape `(n, d)`."""
        features = finite(features).astype("float64", copy=False)
        num = len(features)
        mean = features.mean(axis=0)
        centered = features - mean
        scatter = centered.T @ centered  # (d, d)
        if self.num_samples == 0:
            self.mean, self.scatter = np.zeros_like(mean), np.zeros_like(scatter)
        check_width(len(mean), len(self.mean))
        total = self.num_samples + num
        shift = mean - self.mean
        self.scatter += scatter
        self.scatter += np.outer(shift, shift * (self.num_samples * num / total))
        self.mean = self.mean + shift * (num / total)
        self.num_samples = total

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased covariance, of shape `(d, d)`."""
        return self.scatter / (self.num_samples - 1)

    def state(self) -> dict[str, np.ndarray]:
        """Return the state as a dict of arrays."""
        return {
            "num_samples": np.array(self.num_samples),
            "mean": self.mean,
            "scatter": self.scatter,
        }

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Load what `state` returned.

        Raises:
            ValueError: if it is something else.
        """
        num_samples, mean, scatter = taken(state, "num_samples", "mean", "scatter")
        are_numbers = num_samples.dtype.kind == "i" and num_samples.shape == ()
        if not are_numbers or num_samples < 1 or mean.ndim != 1:
            raise ValueError("it holds no statistics of samples")
        if scatter.shape != 2 * mean.shape or not np.isfinite(scatter).all():
            raise ValueError("it holds no covariance")
        self.num_samples = int(num_samples)
        self.mean, self.scatter = mean, scatter


class ClassStatistics:
    """A `GaussianStatistics` for every label."""

    kind = "gaussian-per-class"

    def __init__(self) -> None:
        self.classes = {}

    @property
    def num_samples(self) -> int:
        """The number of samples added."""
        return sum(each.num_samples for each in self.classes.values())

    def update(self, features: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add a batch of shape `(n, d)` with labels `(n,)`."""
        if labels is None:
            raise ValueError(
                "A distance per class needs labels. Pass batches of `(images, "
                "labels)`, and a sampler with `num_classes`."
            )
        labels = np.asarray(labels).reshape(-1)
        if len(labels) != len(features):
            raise ValueError(
                f"Received {len(features)} images but {len(labels)} labels."
            )
        for label in np.unique(labels):
            statistics = self.classes.setdefault(int(label), GaussianStatistics())
            statistics.update(features[labels == label])

    def state(self) -> dict[str, np.ndarray]:
        """Return the state as a dict of arrays."""
        return {
            f"{label}/{key}": value
            for label, each in self.classes.items()
            for key, value in each.state().items()
        }

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Load what `state` returned; raises as `GaussianStatistics.load_state`."""
        classes = {}
        for label in {int(key.partition("/")[0]) for key in state}:
            names = ("num_samples", "mean", "scatter")
            values = taken(state, *(f"{label}/{name}" for name in names))
            classes[label] = GaussianStatistics()
            classes[label].load_state(dict(zip(names, values, strict=True)))
        self.classes = classes


class FeatureStore:
    """All rows, for metrics that compare single samples."""

    kind = "rows"

    def __init__(self) -> None:
        self._rows = []

    @property
    def num_samples(self) -> int:
        """The number of samples added."""
        return sum(len(rows) for rows in self._rows)

    @property
    def array(self) -> np.ndarray:
        """All rows in the order of the updates, of shape `(n, ...)`."""
        if len(self._rows) > 1:
            self._rows = [np.concatenate(self._rows)]
        return self._rows[0]

    def update(self, rows: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add a batch of shape `(n, ...)`."""
        rows = finite(rows)
        if self._rows:
            check_width(rows.shape[1:], self._rows[0].shape[1:])
        self._rows.append(rows)

    def state(self) -> dict[str, np.ndarray]:
        """Return the state as a dict of arrays."""
        return {"rows": self.array}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Load what `state` returned.

        Raises:
            ValueError: if it is something else.
        """
        (rows,) = taken(state, "rows")
        self._rows = [finite(rows)]


class PixelStore(FeatureStore):
    """The images themselves, as bytes. They are not cached."""

    kind = "pixels"

    def update(self, rows: ArrayLike, labels: ArrayLike | None = None) -> None:
        """Add a batch of shape `(n, ...)`."""
        super().update(to_uint8(rows), labels)


def taken(state: dict[str, np.ndarray], *names: str) -> list[np.ndarray]:
    """Return some arrays of a state, or raise `ValueError` if one is missing."""
    missing = [name for name in names if name not in state]
    if missing:
        raise ValueError(f"it lacks {missing}")
    return [state[name] for name in names]


def finite(features: ArrayLike) -> np.ndarray:
    """Return features as an array, or raise `ValueError` if they are not finite."""
    features = np.asarray(features)
    if features.ndim < 2:
        raise ValueError(
            "Features must have the shape (n, num_features). Received shape: "
            f"{features.shape}"
        )
    if features.dtype.kind == "f" and not np.isfinite(features).all():
        raise ValueError(
            f"{np.count_nonzero(~np.isfinite(features))} features are NaN or "
            "infinite. Check the images and the extractor's weights."
        )
    return features


def check_width(received: Any, expected: Any) -> None:
    """Raise `ValueError` if the width of the features has changed."""
    if received != expected:
        raise ValueError(
            f"Expected features of width {expected}, as before. Received: {received}"
        )
