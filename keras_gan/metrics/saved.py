"""Generated images as saved pictures hold them."""

import numpy as np

# A generator without tanh overshoots [-1, 1] a little, which saving clips. Larger
# absolute values than this are no images in [-1, 1].
OVERSHOOT = 10


class AsSaved:
    """Clip images to [-1, 1], as saving does, and refuse values far outside.

    Call it on every batch, and `check` after the last one.
    """

    def __init__(self) -> None:
        self.lowest = np.inf

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Return a batch of images, clipped; bytes pass unchanged."""
        if images.dtype.kind != "f":
            self.lowest = -np.inf
            return images
        low, high = float(images.min()), float(images.max())
        if max(-low, high) > OVERSHOOT:
            raise ValueError(
                f"Generated values lie in [{low:.4g}, {high:.4g}], expected "
                "[-1, 1]. End the generator in tanh, or scale its images."
            )
        self.lowest = min(self.lowest, low)
        return np.clip(images, -1, 1)

    def check(self) -> None:
        """Raise `ValueError` if all images seem to lie in [0, 1]."""
        if 0 <= self.lowest < np.inf:
            raise ValueError(
                "No generated value is below 0, so they seem to lie in [0, 1]. Images "
                "must lie in [-1, 1]: end the generator in tanh instead of a sigmoid."
            )
