"""Likelihoods p(x | z) of a decoder: how probable data are, given what it makes.

A decoder is a generator, whose images are in [-1, 1]. A likelihood takes such an image
as the mean of a distribution of data, and sums over pixels: its unit is nats an image.
"""

import math

import keras
import numpy as np
from keras import ops

from keras_gan.validation import arguments

_package = keras.saving.register_keras_serializable(package="keras_gan")

# 1 - 1.2e-7 is the last number below 1 in float32: log(1 - |x|) stays finite.
_NEAR_ONE = 1.0 - 1.2e-7
_LEVEL = 2.0 / 255.0  # the distance of two levels of a byte


class Likelihood(keras.Model):
    """Base class of the likelihoods of data, given what a decoder makes.

    A likelihood is a small `keras.Model`, for its scale may be learned.

    Args:
        name: str.
    """

    def __init__(self, name: str | None = None, **kwargs):
        super().__init__(name=name, **({"dtype": "float32"} | kwargs))
        self.built = True

    def call(self, generated, images):
        """Return log p(images | generated) in nats, `(batch,)`.

        Args:
            generated: float32 tensor `(batch, ...)`, what the decoder made.
            images: float32 tensor `(batch, ...)`, the data.
        """
        log_p = self.log_prob(generated, images)
        return ops.sum(ops.reshape(log_p, (ops.shape(log_p)[0], -1)), axis=-1)

    def log_prob(self, generated, images):
        """Return the log-likelihood of every pixel, of the shape of the images."""
        raise NotImplementedError

    def check(self, images: np.ndarray) -> None:
        """Check that data can come from this distribution.

        Args:
            images: array `(batch, ...)`, uint8, or float in [-1, 1].

        Raises:
            ValueError: if they cannot.
        """

    def get_config(self) -> dict:
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Likelihood":
        return cls(**config)


@_package
class Bernoulli(Likelihood):
    """The likelihood of black and white: every pixel is -1 or 1 (0 or 255 of a byte).

    A pixel m of the decoder's means P(white) = (1 + m) / 2. After a tanh of u this is
    the sigmoid of 2u.

    Grey images are refused, for no probability of theirs is meant. Make them binary:
    `keras_gan.datasets.binarize(images, seed)` once, or `augment="binarize"` of a
    dataset, anew in every pass.

    Args:
        name: str.

    Example:

    ```python
    likelihood = keras_gan.likelihoods.Bernoulli()
    generated = keras.ops.zeros((1, 28, 28, 1))  # each pixel white with 1/2
    likelihood(generated, keras.ops.ones((1, 28, 28, 1)))  # -784 log 2
    ```

    Kingma and Welling 2013, "Auto-Encoding Variational Bayes", arXiv:1312.6114.
    """

    def __init__(self, name: str | None = "bernoulli", **kwargs):
        super().__init__(name=name, **kwargs)

    def log_prob(self, generated, images):
        generated = ops.clip(generated, -_NEAR_ONE, _NEAR_ONE)
        # The images are -1 or 1: one logarithm for both colours.
        return ops.log1p(generated * images) - math.log(2.0)

    def check(self, images):
        black, white = (0, 255) if images.dtype == np.uint8 else (-1, 1)
        is_binary = (images == black) | (images == white) | (images != images)
        if not is_binary.all():
            grey = images[~is_binary][0]
            raise ValueError(
                f"A Bernoulli likelihood is of pixels that are {black} or {white}, and "
                f"{1 - is_binary.mean():.1%} of these are others, such as {grey:.4g}. "
                "Binarise the images, `keras_gan.datasets.binarize(images, seed=0)`, "
                'or in every pass anew, `augment="binarize"` of the dataset; or pass '
                "`likelihood=keras_gan.likelihoods.DiscretizedLogistic()`."
            )


class _Scaled(Likelihood):
    """A likelihood with one scale for all pixels."""

    def __init__(
        self,
        scale: float = 0.1,
        learned: bool = True,
        name: str | None = None,
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        self.initial_scale = arguments.finite("scale", scale)
        if self.initial_scale <= 0:
            raise ValueError(f"`scale` must be positive. Received: {scale}")
        self.is_learned = bool(learned)
        self.log_scale = self.add_weight(
            name="log_scale",
            shape=(),
            initializer=keras.initializers.Constant(math.log(self.initial_scale)),
            trainable=self.is_learned,
            dtype="float32",
        )

    def get_config(self):
        return {
            "scale": self.initial_scale,
            "learned": self.is_learned,
            "name": self.name,
        }


@_package
class Gaussian(_Scaled):
    """A normal density around the decoder's image, with one standard deviation.

    The density of images in [-1, 1], not the probability of their bytes: it may be
    above 1. `DiscretizedLogistic` has probabilities, comparable between models.

    Args:
        scale: float, the standard deviation, before it is learned.
        learned: bool, whether it is a weight that training moves.
        name: str.

    Example:

    ```python
    likelihood = keras_gan.likelihoods.Gaussian(scale=1.0, learned=False)
    images = keras.ops.zeros((1, 2, 2, 1))
    likelihood(images, images)  # -4 * log(2 pi) / 2
    ```

    Rybkin et al. 2021, "Simple and Effective VAE Training with Calibrated Decoders",
    arXiv:2006.13202.
    """

    def __init__(
        self,
        scale: float = 0.1,
        learned: bool = True,
        name: str | None = "gaussian",
        **kwargs,
    ):
        super().__init__(scale, learned, name, **kwargs)

    def log_prob(self, generated, images):
        log_scale = ops.convert_to_tensor(self.log_scale)
        error = (images - generated) * ops.exp(-log_scale)
        return -0.5 * (ops.square(error) + math.log(2 * math.pi)) - log_scale


@_package
class DiscretizedLogistic(_Scaled):
    """The probability of bytes, by a logistic distribution around the decoder's image.

    A level has the mass between the middles to its neighbours; the darkest and the
    lightest have all beyond. Grey and colour images are taken as they are.

    Args:
        scale: float, of the logistic distribution in [-1, 1], before it is learned.
        learned: bool, whether it is a weight that training moves.
        name: str.

    Example:

    ```python
    likelihood = keras_gan.likelihoods.DiscretizedLogistic()
    generated = keras.ops.zeros((1, 2, 2, 3))
    nats = likelihood(generated, keras.ops.ones((1, 2, 2, 3)))  # (1,)
    ```

    Salimans et al. 2017, "PixelCNN++", arXiv:1701.05517; Kingma et al. 2016,
    arXiv:1606.04934.
    """

    def __init__(
        self,
        scale: float = 0.1,
        learned: bool = True,
        name: str | None = "discretized_logistic",
        **kwargs,
    ):
        super().__init__(scale, learned, name, **kwargs)

    def log_prob(self, generated, images):
        scale = ops.exp(ops.convert_to_tensor(self.log_scale))
        above = (images + _LEVEL / 2 - generated) / scale
        below = (images - _LEVEL / 2 - generated) / scale
        # sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - exp(b - a))
        log_below_above = ops.log_sigmoid(above)
        log_above_below = ops.log_sigmoid(-below)
        inside = log_below_above + log_above_below
        inside += ops.log(-ops.expm1(-_LEVEL / scale))
        lightest = ops.where(images > 1 - _LEVEL / 2, log_above_below, inside)
        return ops.where(images < _LEVEL / 2 - 1, log_below_above, lightest)


_NAMED = {
    "bernoulli": Bernoulli,
    "discretized_logistic": DiscretizedLogistic,
    "gaussian": Gaussian,
}


def get(likelihood: str | Likelihood) -> Likelihood:
    """Return a likelihood by its name, or as it is.

    Args:
        likelihood: a `Likelihood`; or `"bernoulli"`, `"discretized_logistic"` or
            `"gaussian"`.

    Returns:
        A `Likelihood`.

    Raises:
        ValueError: if it is neither.

    Example:

    ```python
    likelihood = keras_gan.likelihoods.get("bernoulli")
    ```
    """
    if isinstance(likelihood, str) and likelihood in _NAMED:
        return _NAMED[likelihood]()
    if not isinstance(likelihood, Likelihood):
        raise ValueError(
            f"`likelihood` must be from `keras_gan.likelihoods`, or one of "
            f"{list(_NAMED)}. Received: {likelihood!r}"
        )
    return likelihood
