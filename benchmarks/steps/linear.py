"""Measure how far a cost is from a straight line in the size."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Line:
    """`cost = start + slope * size`, fitted to relative deviations.

    Args:
        start: float, the cost at size 0.
        slope: float.
        deviation: float, the largest |cost / line - 1|.
    """

    start: float
    slope: float
    deviation: float

    def __call__(self, size):
        return self.start + self.slope * size


def fit(sizes, costs):
    """The `Line` through costs, by least squares of the relative deviations."""
    sizes, costs = np.asarray(sizes, float), np.asarray(costs, float)
    slope, start = np.polyfit(sizes, costs, 1, w=1 / costs)
    deviation = np.max(np.abs(costs / (start + slope * sizes) - 1))
    return Line(float(start), float(slope), float(deviation))
