"""A generator in two halves: latents to w, and w to images."""

import keras
from keras import layers, ops

from keras_gan.validation import arguments

LATENTS_AND_W = "A StyleGenerator is made of a mapping network and a synthesis network"


@keras.saving.register_keras_serializable(package="keras_gan")
class StyleGenerator(keras.Model):
    """A generator that maps latents z to intermediate latents w, and w to images.

    To users it is a network from latents to images as any other. Its halves are
    `generator.mapping` and `generator.synthesis`, also after saving and loading:

    - The mapping network turns z, and a label where there is one, into w. It ends in a
      `RunningMean` named `mean`, which follows the mean of w in training.
    - The synthesis network takes one w for each of its layers,
      `(batch, num_ws, w_dim)`. A generator gives all layers the same.

    In training, style mixing gives the layers after a random one the w of other
    latents, so that the network cannot come to rely on neighbouring layers having the
    same. Those latents are standard normal.

    Args:
        mapping: functional `keras.Model` from latents, or `[latents, labels]`, to
            `(batch, w_dim)`, with a layer `mean`.
        synthesis: functional `keras.Model` from `(batch, num_ws, w_dim)` to images.
        style_mixing: float, the probability that a batch of training is mixed.
        seed: int, for style mixing; None for a fresh one.
        name: str.

    Raises:
        ValueError: if the halves do not fit each other.

    Example:

    ```python
    generator = keras_gan.architectures.stylegan2_generator((16, 16, 3), width=8)
    w = generator.mapping(keras.random.normal((4, 512)))
    w = generator.truncate(w, 0.7)
    images = generator.synthesis(generator.per_layer(w))  # (4, 16, 16, 3)
    ```

    Karras et al. 2018, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", arXiv:1812.04948.
    """

    def __init__(
        self,
        mapping: keras.Model,
        synthesis: keras.Model,
        style_mixing: float = 0.9,
        seed: int | None = None,
        name: str = "generator",
        **kwargs,
    ):
        num_ws = _check_halves(mapping, synthesis)
        inputs = [
            keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=tensor.name)
            for tensor in mapping.inputs
        ]
        inputs = inputs[0] if len(inputs) == 1 else inputs
        w = layers.RepeatVector(num_ws, dtype="float32", name="per_layer")(
            mapping(inputs)
        )
        super().__init__(inputs=inputs, outputs=synthesis(w), name=name, **kwargs)
        self.num_ws = num_ws
        self.style_mixing = _probability(style_mixing)
        self.seed = arguments.seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self._halves = mapping.name, synthesis.name

    @property
    def mapping(self) -> keras.Model:
        """The network from latents to w."""
        return self.get_layer(self._halves[0])

    @property
    def synthesis(self) -> keras.Model:
        """The network from the w of each layer to images."""
        return self.get_layer(self._halves[1])

    @property
    def w_dim(self) -> int:
        """The length of one w."""
        return self.mapping.output_shape[-1]

    @property
    def mean_w(self) -> keras.Variable:
        """The running mean of w, `(w_dim,)`."""
        return self.mapping.get_layer("mean").mean

    def call(self, inputs, training=None, mask=None):
        if not training:
            return super().call(inputs, training=training, mask=mask)
        return self.synthesis(self.training_w(inputs), training=True)

    def training_w(self, inputs, update_mean: bool = True):
        """Return the w of each layer in training, with style mixing.

        Args:
            inputs: latents `(batch, latent_dim)`, or `[latents, labels]`.
            update_mean: bool, whether the running mean follows these w.

        Returns:
            A float tensor `(batch, num_ws, w_dim)`.
        """
        w = self.per_layer(self.mapping(inputs, training=update_mean))
        if self.style_mixing == 0:
            return w
        latents, *labels = keras.tree.flatten(inputs)
        others = keras.random.normal(ops.shape(latents), seed=self.seed_generator)
        others = self.mapping([others, *labels] if labels else others, training=False)
        first_other = keras.random.randint((), 1, self.num_ws, seed=self.seed_generator)
        is_mixed = (
            keras.random.uniform((), seed=self.seed_generator) < self.style_mixing
        )
        first_other = ops.where(is_mixed, first_other, self.num_ws)
        is_kept = ops.arange(self.num_ws) < first_other  # (num_ws,)
        return ops.where(is_kept[:, None], w, self.per_layer(others))

    def per_layer(self, w):
        """Give every layer the same w: `(batch, w_dim)` to `(batch, num_ws, w_dim)`.

        What has a w for each layer is returned as it is.
        """
        if len(w.shape) == 3:
            return w
        return ops.repeat(w[:, None], self.num_ws, axis=1)

    def truncate(self, w, psi, cutoff: int | None = None):
        """Move w towards its running mean: `mean + psi * (w - mean)`.

        Images become more typical and less varied with a smaller `psi`. This truncates
        w, after the mapping network. `truncate` of a prior cuts off the latents z
        before it.

        Args:
            w: float tensor `(batch, w_dim)` or `(batch, num_ws, w_dim)`.
            psi: float, or float tensor `(batch, 1)` with one for each image; 1 changes
                nothing, and 0 gives the mean.
            cutoff: int, how many layers, from the coarsest, are truncated; None for
                all.

        Returns:
            A float tensor like `w`; with a `cutoff`, `(batch, num_ws, w_dim)`.

        Raises:
            ValueError: if the cutoff is not from 0 to `num_ws`.
        """
        w = ops.convert_to_tensor(w, "float32")
        if cutoff is not None:
            cutoff = arguments.integer("cutoff", cutoff, at_least=0)
            if cutoff > self.num_ws:
                raise ValueError(
                    f"`cutoff` must be at most {self.num_ws}, the number of layers "
                    f"that take a w. Received: {cutoff}"
                )
            w = self.per_layer(w)
        psi = ops.convert_to_tensor(psi, "float32")
        if len(psi.shape) == 2 and len(w.shape) == 3:
            psi = psi[:, None]
        truncated = w + (psi - 1.0) * (w - self.mean_w.value)
        if cutoff is None:
            return truncated
        is_truncated = ops.arange(self.num_ws) < cutoff
        return ops.where(is_truncated[:, None], truncated, w)

    def get_config(self) -> dict:
        serialize = keras.saving.serialize_keras_object
        return {
            "mapping": serialize(self.mapping),
            "synthesis": serialize(self.synthesis),
            "style_mixing": self.style_mixing,
            "seed": self.seed,
            "name": self.name,
            "trainable": self.trainable,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        deserialize = keras.saving.deserialize_keras_object
        halves = {
            half: deserialize(config[half], custom_objects)
            for half in ("mapping", "synthesis")
        }
        return cls(**{**config, **halves})


def _check_halves(mapping, synthesis):
    """Return the number of w that the synthesis network takes."""
    for half, network in (("mapping", mapping), ("synthesis", synthesis)):
        if not getattr(network, "inputs", None):
            raise ValueError(
                f"{LATENTS_AND_W}, both functional `keras.Model`s. Received as "
                f"{half}: {network!r}"
            )
    if not any(layer.name == "mean" for layer in mapping.layers):
        raise ValueError(
            f"The mapping network {mapping.name!r} has no layer named 'mean'. End it "
            "in `keras_gan.layers.RunningMean(name='mean')`."
        )
    made, taken = tuple(mapping.output_shape[1:]), tuple(synthesis.input_shape[1:])
    if len(made) != 1 or len(taken) != 2 or taken[1] != made[0] or taken[0] is None:
        raise ValueError(
            f"{LATENTS_AND_W}. The first makes w of shape {made}, and the second takes "
            f"{taken}. Expected (w_dim,) and (num_ws, w_dim)."
        )
    return taken[0]


def _probability(style_mixing):
    if not 0 <= style_mixing <= 1:
        raise ValueError(
            f"`style_mixing` is a probability, from 0 to 1. Received: {style_mixing}"
        )
    return style_mixing
