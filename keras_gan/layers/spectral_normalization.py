"""Spectral normalisation: a kernel divided by its largest singular value."""

import keras
from keras import ops

from keras_gan.validation import arguments


@keras.saving.register_keras_serializable(package="keras_gan")
class SpectralNormalization(keras.layers.Wrapper):
    """Divide the kernel of a layer by its largest singular value.

        W_sn = W / sigma(W),    sigma(W) = v . W u,

    where the kernel is the matrix W of (everything that goes into an output) x
    (outputs), and u and v its first singular vectors. They are followed by one
    step of power iteration in every forward pass of training, from where the last
    one ended; `u` is kept and saved with the weights. A discriminator of such
    layers is Lipschitz by construction.

    The gradient takes u and v as constants and flows through sigma, so that it
    has no component along W_sn (equation 12 of the paper). The kernel itself is
    left to the optimizer. Keras' own layer (3.15) overwrites it with W_sn in every
    forward pass of training instead: under TensorFlow and torch the gradient then
    lacks sigma, under JAX it has it, and under torch a second pass, as any
    discriminator's loss has, ends in an error. Hence this one.

    Args:
        layer: `keras.layers.Layer` with a `kernel`, such as `Dense` and `Conv2D`,
            or an `Embedding`.
        num_iterations: int, the steps of power iteration in a forward pass.

    Raises:
        ValueError: if the layer has nothing to normalise.

    Example:

    ```python
    conv = keras.layers.Conv2D(64, 3, padding="same")
    conv = keras_gan.layers.SpectralNormalization(conv)
    conv(keras.ops.ones((2, 28, 28, 1))).shape  # (2, 28, 28, 64)
    ```

    Miyato et al. 2018, "Spectral Normalization for Generative Adversarial
    Networks", arXiv:1802.05957.
    """

    def __init__(self, layer: keras.layers.Layer, num_iterations: int = 1, **kwargs):
        # Without autocast, sigma is computed in float32 in mixed precision too.
        # The layer itself casts as it always does.
        dtype = kwargs.pop("dtype", None) or layer.dtype_policy
        super().__init__(layer, dtype=dtype, autocast=False, **kwargs)
        self.num_iterations = arguments.integer("num_iterations", num_iterations)

    def build(self, input_shape: tuple[int | None, ...] | None = None) -> None:
        super().build(input_shape)
        self.u = self.add_weight(
            name="u",
            shape=(self.kernel.shape[-1],),
            initializer=_random_direction,
            dtype="float32",
            autocast=False,
            trainable=False,
        )

    @property
    def kernel(self) -> keras.Variable:
        """The kernel that is trained, before it is normalised."""
        for name in ("kernel", "embeddings"):
            if hasattr(self.layer, name):
                return getattr(self.layer, name)
        raise ValueError(
            "Spectral normalisation is for layers with a kernel or embeddings, such "
            f"as Dense, Conv2D and Embedding. Received: {self.layer!r}"
        )

    def normalized_kernel(self, training: bool = False) -> keras.KerasTensor:
        """The kernel over its spectral norm; in training, u takes a step first."""
        kernel = self.kernel.value
        # In float32 under every policy: half precision cannot hold 1 / epsilon.
        matrix = ops.cast(kernel, "float32")
        matrix = ops.reshape(matrix, (-1, kernel.shape[-1]))  # (k * k * in, out)
        constant = ops.stop_gradient(matrix)
        u = self.u.value  # (out,)
        if training:
            for _ in range(self.num_iterations):
                v = ops.normalize(ops.matmul(constant, u))  # (k * k * in,)
                step = ops.matmul(v, constant)
                # A kernel of zeros points nowhere: u waits for one that does.
                u = ops.where(ops.any(step != 0), ops.normalize(step), u)
            self.u.assign(u)
        else:
            v = ops.normalize(ops.matmul(constant, u))
        sigma = ops.sum(v * ops.matmul(matrix, u))
        return kernel / ops.cast(ops.where(sigma > 0, sigma, 1.0), kernel.dtype)

    def call(
        self, inputs: keras.KerasTensor, training: bool = False
    ) -> keras.KerasTensor:
        values = [(variable, variable.value) for variable in self.layer.variables]
        values.append((self.kernel, self.normalized_kernel(training)))
        with keras.StatelessScope(values):
            return self.layer(inputs)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> dict:
        return {**super().get_config(), "num_iterations": self.num_iterations}

    @classmethod
    def from_config(
        cls, config: dict, custom_objects: dict | None = None
    ) -> "SpectralNormalization":
        # Keras would build the layer before this one takes it, and its weights would
        # lack this layer's name, by which checkpoints know them.
        layer = {k: v for k, v in config["layer"].items() if k != "build_config"}
        return super().from_config({**config, "layer": layer}, custom_objects)


def _random_direction(shape, dtype):
    return ops.normalize(keras.initializers.RandomNormal()(shape, dtype))
