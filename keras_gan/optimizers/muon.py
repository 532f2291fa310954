"""Muon: momentum, made orthogonal, for the matrices of a network."""

import re
from collections.abc import Sequence

import keras
from keras import ops

from keras_gan._typing import Config, Setting, Tensor
from keras_gan.validation import arguments

# An odd polynomial of fifth degree. Again and again it brings every singular value
# from (0, 1] near 1: small ones grow 3.4 times each time.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)


@keras.saving.register_keras_serializable(package="keras_gan")
class Muon(keras.optimizers.Optimizer):
    """Momentum that is made orthogonal, for matrices; Adam for everything else.

    All directions of a matrix move alike, also those whose gradients are small:

        m = momentum m + gradient,    U S V' = momentum m + gradient,
        weight = weight - learning_rate 0.2 sqrt(max(rows, columns)) U V'

    The factor makes a step as large as one of Adam, whose learning rates fit. The
    kernel of a convolution counts as a matrix with a column for each filter, where
    `keras.optimizers.Muon` leaves it to Adam. Vectors go by Adam, and so do the
    layers that `exclude` names: as a rule the first and the last of a network.

    What it adds to a step, fifteen products of matrices for each layer, is the same
    for every batch: large batches hardly notice it.

    Args:
        learning_rate: float, or a schedule of the number of updates.
        momentum: float in [0, 1), of the matrices.
        beta_1: float in [0, 1), Adam's, of everything else.
        beta_2: float in [0, 1), Adam's.
        epsilon: float, Adam's.
        exclude: strings, patterns of names of layers whose kernels go by Adam. One
            that fits no kernel is an error, when training begins.
        name: str.
        **kwargs: as in `keras.optimizers.Optimizer`, such as `weight_decay`.

    Raises:
        ValueError: if a momentum is out of its range, or `exclude` holds no pattern.

    Example:

    ```python
    vae = keras_gan.models.VAE(*keras_gan.architectures.vae(width=8, units=32))
    vae.compile(keras_gan.optimizers.Muon(2e-3, exclude=["from_images", "to_images"]))
    ```

    Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks",
    kellerjordan.github.io/posts/muon; the factor from Liu et al. 2025,
    arXiv:2502.16982.
    """

    def __init__(
        self,
        learning_rate: Setting = 2e-3,
        momentum: float = 0.95,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        exclude: Sequence[str] = (),
        name: str = "muon",
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.momentum = _decay("momentum", momentum)
        self.beta_1 = _decay("beta_1", beta_1)
        self.beta_2 = _decay("beta_2", beta_2)
        self.epsilon = _positive("epsilon", epsilon)
        self.exclude = _patterns(exclude)

    def is_matrix(self, variable: keras.Variable) -> bool:
        """Return whether the momentum of a variable is made orthogonal."""
        if len(variable.shape) < 2:
            return False
        return not any(re.search(each, variable.path) for each in self.exclude)

    def build(self, variables: list[keras.Variable]) -> None:
        """Create the momenta, and the second moments where Adam needs them."""
        if self.built:
            return
        self._check_excluded(variables)
        super().build(variables)
        self.momenta = self.add_optimizer_variables(variables, "momentum")
        by_adam = [variable for variable in variables if not self.is_matrix(variable)]
        squares = iter(self.add_optimizer_variables(by_adam, "square"))
        self.squares = [None if self.is_matrix(v) else next(squares) for v in variables]

    def _check_excluded(self, variables):
        paths = [v.path for v in variables if len(v.shape) > 1]
        for each in self.exclude:
            if not any(re.search(each, path) for path in paths):
                raise ValueError(
                    f"`exclude` has {each!r}, which no kernel's name has. There are: "
                    f"{', '.join(paths) or 'none'}."
                )

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable."""
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        index = self._get_variable_index(variable)
        momentum, square = self.momenta[index], self.squares[index]
        if square is None:
            step = self.orthogonal_step(gradient, momentum)
        else:
            step = self.adam_step(gradient, momentum, square)
        self.assign_sub(variable, rate * step)

    def orthogonal_step(self, gradient, momentum):
        """Return the step of a matrix, of the size that those of Adam have."""
        self.assign(momentum, self.momentum * momentum + gradient)
        ahead = self.momentum * momentum + gradient  # of Nesterov
        matrix = ops.reshape(ahead, (-1, gradient.shape[-1]))
        scale = 0.2 * max(matrix.shape) ** 0.5
        return ops.reshape(scale * orthogonal(matrix), gradient.shape)

    def adam_step(self, gradient, momentum, square):
        """Return the step of everything else."""
        count = ops.cast(self.iterations + 1, gradient.dtype)
        self.assign_add(momentum, (1 - self.beta_1) * (gradient - momentum))
        self.assign_add(square, (1 - self.beta_2) * (ops.square(gradient) - square))
        mean = momentum / (1 - ops.power(self.beta_1, count))
        size = ops.sqrt(square / (1 - ops.power(self.beta_2, count)))
        return mean / (size + self.epsilon)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "exclude": list(self.exclude),
        }


def orthogonal(matrix: Tensor, steps: int = 5) -> Tensor:
    """Return U V' of a matrix U S V', nearly.

    By Newton-Schulz iterations, which are products of matrices only. Singular values
    are 0.65 to 1.25 afterwards, if they were at least a hundredth of the matrix' norm.

    Args:
        matrix: float tensor `(rows, columns)`.
        steps: int, the number of iterations.

    Returns:
        A tensor of the same shape. Where the matrix is 0, so is that.
    """
    is_tall = matrix.shape[0] > matrix.shape[1]
    x = ops.transpose(matrix) if is_tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        square = ops.matmul(x, ops.transpose(x))
        x = a * x + ops.matmul(b * square + c * ops.matmul(square, square), x)
    return ops.transpose(x) if is_tall else x


def _positive(name, value):
    value = arguments.finite(name, value)
    if value <= 0:
        raise ValueError(f"`{name}` must be positive. Received: {value!r}")
    return value


def _decay(name, value):
    value = arguments.finite(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"`{name}` must be in [0, 1). Received: {value!r}")
    return value


def _patterns(exclude):
    is_list = isinstance(exclude, list | tuple)
    if not is_list or not all(isinstance(each, str) and each for each in exclude):
        raise ValueError(
            "`exclude` must be a list of names of layers, or patterns of them. "
            f"Received: {exclude!r}"
        )
    for each in exclude:
        try:
            re.compile(each)
        except re.error as error:
            raise ValueError(
                f"`exclude` has {each!r}, which is no pattern: {error}."
            ) from error
    return tuple(exclude)
