"""Differences between images and the true ones: L1, PSNR, SSIM, and the cycle's."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gan.metrics.sample_metric import require_samples
from keras_gan.metrics.translation import TranslationMetric
from keras_gan.pixels import to_uint8

SSIM_WINDOW = 11  # pixels


class Difference(TranslationMetric):
    """Base class of metrics that are a mean over images.

    Subclasses implement `per_image`.

    Args:
        direction: `"a_to_b"` or `"b_to_a"`.
        name: string, the key in logs.
    """

    def per_image(self, true: np.ndarray, images: np.ndarray) -> np.ndarray:
        """Return a value for each image.

        Args:
            true: uint8 array `(n, height, width, channels)`.
            images: uint8 array of the same shape.
        """
        raise NotImplementedError

    @property
    def num_samples(self) -> int:
        return self._num_images

    def reset_state(self) -> None:
        super().reset_state()
        self._total, self._num_images = 0.0, 0

    def update_state(self, real: Any, fake: Any) -> None:
        """Add a batch of true images, and one of images to compare with them."""
        true, images = to_uint8(real), to_uint8(fake)
        if true.shape != images.shape:
            raise ValueError(
                f"The true images have the shape {true.shape}, and the others "
                f"{images.shape}. Each is compared with one of the same shape."
            )
        self._total += float(self.per_image(true, images).sum())
        self._num_images += len(images)

    def result(self) -> float:
        require_samples(self._num_images, 1, "translated", "there are none.")
        return self._total / self._num_images


@keras.saving.register_keras_serializable(package="keras_gan")
class L1(Difference):
    """Mean absolute difference to the true images, 0 to 1; 1 is black for white.

    Args:
        direction: `"a_to_b"`, or `"b_to_a"`, of the model that is measured.
        name: string, the key in logs; `"l1"`, or `"l1_b_to_a"`, if None.

    Example:

    ```python
    import numpy as np
    from keras_gan import metrics

    white = np.full((2, 16, 16, 3), 255, "uint8")
    difference = metrics.L1()
    difference.update_state(white, white - 51)
    print(difference.result())  # 0.2
    ```
    """

    default_name = "l1"
    title = "Mean absolute difference"
    minimized = ("l1",)

    def per_image(self, true: np.ndarray, images: np.ndarray) -> np.ndarray:
        return _mean(np.abs(true.astype("int16") - images)) / 255


@keras.saving.register_keras_serializable(package="keras_gan")
class CycleError(L1):
    """Mean absolute difference, 0 to 1, of images to those translated there and back.

    A small one does not mean a good translation: a generator can hide the image in
    details that nobody sees (Chu et al. 2017, arXiv 1712.02950). The translated images
    are rounded to bytes before they go back, as if they had been saved. The data need
    not be pairs.

    Args:
        direction: `"a_to_b"` for images of the first domain, which return to it;
            `"b_to_a"` for those of the second.
        name: string, the key in logs; `"cycle_error"`, or `"cycle_error_b_to_a"`, if
            None.

    Example:

    ```python
    error = keras_gan.metrics.CycleError()
    print(error.name)  # cycle_error
    ```
    """

    default_name = "cycle_error"
    title = "Cycle error"
    minimized = ("cycle_error",)
    needs_pairs, needs_both_directions = False, True

    def update_translation(
        self,
        inputs: np.ndarray,
        outputs: np.ndarray,
        targets: np.ndarray,
        translate_back: Callable[[], np.ndarray],
    ) -> None:
        self.update_state(inputs, translate_back())


@keras.saving.register_keras_serializable(package="keras_gan")
class PSNR(Difference):
    """Peak signal-to-noise ratio in dB, of the mean squared error of all images.

    `20 log10(255) - 10 log10(E)`, with E the error in levels. A mean of the ratios of
    single images, which others report, is higher, and infinite as soon as one image is
    equal to its target.

    Args:
        direction: `"a_to_b"`, or `"b_to_a"`, of the model that is measured.
        name: string, the key in logs; `"psnr"`, or `"psnr_b_to_a"`, if None.

    Example:

    ```python
    import numpy as np
    from keras_gan import metrics

    white = np.full((2, 16, 16, 3), 255, "uint8")
    ratio = metrics.PSNR()
    ratio.update_state(white, np.zeros_like(white))
    print(ratio.result())  # 0.0
    ```
    """

    default_name = "psnr"
    title = "Peak signal-to-noise ratio"
    maximized = ("psnr",)

    def per_image(self, true: np.ndarray, images: np.ndarray) -> np.ndarray:
        return _mean((true.astype("float64") - images) ** 2)

    def result(self) -> float:
        error = super().result()
        return 20 * math.log10(255) - 10 * math.log10(error) if error else math.inf


@keras.saving.register_keras_serializable(package="keras_gan")
class SSIM(Difference):
    """Structural similarity to the true images, at most 1, a mean over images.

    Computed by scikit-image with the settings of the paper: a Gaussian window of 11
    pixels with a standard deviation of 1.5, channel by channel.

    Args:
        direction: `"a_to_b"`, or `"b_to_a"`, of the model that is measured.
        name: string, the key in logs; `"ssim"`, or `"ssim_b_to_a"`, if None.

    Raises:
        ImportError: if scikit-image is missing: `pip install keras_gan[metrics]`.

    Example:

    ```python
    import numpy as np
    from keras_gan import metrics

    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), "uint8")
    similarity = metrics.SSIM()
    similarity.update_state(images, images)
    print(similarity.result())  # 1.0
    ```

    Wang et al. 2004, "Image quality assessment: from error visibility to structural
    similarity".
    """

    default_name = "ssim"
    title = "Structural similarity"
    maximized = ("ssim",)

    def __init__(self, direction: str = "a_to_b", name: str | None = None) -> None:
        super().__init__(direction, name)
        import_structural_similarity()

    def per_image(self, true: np.ndarray, images: np.ndarray) -> np.ndarray:
        if min(true.shape[1:3]) < SSIM_WINDOW:
            raise ValueError(
                f"SSIM looks at windows of {SSIM_WINDOW} x {SSIM_WINDOW} pixels, and "
                f"the images have {true.shape[1]} x {true.shape[2]}. Leave it out."
            )
        similarity = import_structural_similarity()
        return np.array(
            [
                similarity(
                    a,
                    b,
                    data_range=255,
                    channel_axis=-1,
                    gaussian_weights=True,
                    sigma=1.5,
                    use_sample_covariance=False,
                )
                for a, b in zip(true, images, strict=True)
            ]
        )


def import_structural_similarity() -> Callable[..., float]:
    """Return scikit-image's `structural_similarity`."""
    try:
        from skimage.metrics import structural_similarity
    except ImportError as error:
        raise ImportError(
            "SSIM is computed by scikit-image: `pip install keras_gan[metrics]`."
        ) from error
    return structural_similarity


def _mean(values):
    """Return the mean of each image's values, in float64."""
    return values.reshape(len(values), -1).mean(axis=1, dtype="float64")
