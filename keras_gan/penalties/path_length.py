"""Path length regularisation of the generator."""

import math

import keras
from keras import ops

from keras_gan import backend
from keras_gan._typing import Config, Setting, Tensor
from keras_gan.penalties.generator_penalty import GeneratorPenalty
from keras_gan.penalties.per_example import norm
from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class PathLength(GeneratorPenalty):
    """Path length regularisation: equal latent steps change images equally.

        weight * E[(||J^T y|| - a)^2],    y ~ N(0, I) over the image / sqrt(pixels),

    where J is the derivative of the image by the latents, and a the running mean of
    the norm. J^T y is the gradient of sum(G(z) y) with respect to z.

    For a generator with a mapping network (`keras_gan.architectures.StyleGenerator`)
    the latents are w, one for each layer of the synthesis network, and the squared norm
    is its mean over these layers.

    Args:
        weight: float or schedule.
        interval: int, for lazy use; see `GeneratorPenalty`.
        decay: float, the rate at which the running mean a is updated.
        name: str.
        batch_shrink: int. The penalty looks at the first of so many parts of the batch
            only, which saves memory and time: 2 in StyleGAN2.

    Example:

    ```python
    penalty = keras_gan.penalties.PathLength(interval=4, batch_shrink=2)
    gan.compile(generator_penalties=[penalty])
    ```

    Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN",
    arXiv:1912.04958.
    """

    def __init__(
        self,
        weight: Setting = 2.0,
        interval: int = 4,
        decay: float = 0.01,
        name: str | None = None,
        batch_shrink: int = 1,
    ) -> None:
        super().__init__(weight, interval, name)
        self.decay = decay
        self.batch_shrink = arguments.integer("batch_shrink", batch_shrink)
        self.mean_length = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="mean_length"
        )

    @property
    def state(self) -> list[keras.Variable]:
        return [self.mean_length]

    def cost_and_state(self, generate, sample, seed):
        def project(latents):
            images = generate(latents)
            noise = keras.random.normal(ops.shape(images), seed=seed)
            noise = noise / math.prod(images.shape[1:-1]) ** 0.5
            return ops.sum(images * noise)

        latents = sample()
        latents = latents[: -(-ops.shape(latents)[0] // self.batch_shrink)]
        _, gradient = backend.input_gradient(project, latents)
        lengths = self.lengths(gradient)
        mean = self.mean_length.value
        mean = mean + self.decay * (ops.mean(lengths) - mean)
        return ops.mean(ops.square(lengths - mean)), [mean]

    def lengths(self, gradient: Tensor) -> Tensor:
        """Return the norm of each gradient J^T y.

        Args:
            gradient: float tensor `(batch, latent_dim)`; or `(batch, num_ws, w_dim)`,
                for a root mean square over the layers.

        Returns:
            A float tensor `(batch,)`.
        """
        if len(gradient.shape) == 3:
            gradient = gradient / gradient.shape[1] ** 0.5
        return norm(gradient)

    def get_config(self) -> Config:
        config = {"decay": self.decay, "batch_shrink": self.batch_shrink}
        return {**super().get_config(), **config}
