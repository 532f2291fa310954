"""What a step takes from a list of penalties."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from keras_gan import backend
from keras_gan._typing import Seed, Tensor
from keras_gan.penalties.penalty import Penalty


def discriminate_with_penalties(
    penalties: Sequence[Penalty],
    discriminate: Callable[[Tensor], Any],
    real: Tensor,
    fakes: Tensor,
    step: Tensor,
    seed: Seed = None,
) -> tuple[Any, Any, Tensor]:
    """Return a discriminator's outputs for real and generated data, and the penalties.

    A penalty on the gradient at the data themselves takes it from the pass that gives
    the outputs.

    Args:
        penalties: list of `Penalty`.
        discriminate: function from data to logits, or to several outputs of which the
            first are logits.
        real: float tensor `(batch, ...)`, real data.
        fakes: float tensor `(batch, ...)`, generated data.
        step: int, the number of steps that the discriminator has taken.
        seed: `keras.random.SeedGenerator`, for random points.

    Returns:
        `(real_outputs, fake_outputs, penalty)`, the last a float scalar: the sum.

    Example:

    ```python
    real, fakes = keras.random.normal((2, 4, 8))
    discriminator = keras_gan.architectures.mlp_discriminator((8,))
    r1 = keras_gan.penalties.R1(weight=0.1)
    outputs = keras_gan.penalties.discriminate_with_penalties(
        [r1], discriminator, real, fakes, step=0
    )
    ```
    """
    shared = {penalty.at for penalty in penalties if penalty.interval == 1}
    outputs, gradients = {}, {}
    for kind, data in (("real", real), ("fake", fakes)):
        if kind in shared:
            outputs[kind], gradients[kind] = backend.input_gradient(discriminate, data)
        else:
            outputs[kind] = discriminate(data)
    num_logits = ops.shape(keras.tree.flatten(outputs["real"])[0])[0]
    total = ops.zeros(())
    for penalty in penalties:
        total += penalty(discriminate, real, fakes, step, seed, gradients, num_logits)
    return outputs["real"], outputs["fake"], total


def check_penalties(argument: str, penalties: Any, kind: type) -> list:
    """Return the penalties as a list, or raise a `ValueError` if one is of no use.

    Args:
        argument: the name of the argument, for the error.
        penalties: what was passed.
        kind: `Penalty` or `GeneratorPenalty`.

    Returns:
        The list of penalties.

    Example:

    ```python
    from keras_gan.penalties import R1, Penalty, check_penalties

    penalties = check_penalties("discriminator_penalties", (R1(1.0),), Penalty)
    ```
    """
    example = "R1(1.0)" if kind is Penalty else "PathLength()"
    if not isinstance(penalties, list | tuple) or not all(
        isinstance(penalty, kind) for penalty in penalties
    ):
        raise ValueError(
            f"`{argument}` must be a list of penalties of this player, such as "
            f"`[keras_gan.penalties.{example}]`. Received: {penalties!r}"
        )
    return list(penalties)
