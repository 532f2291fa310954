"""Networks for tables: a copula with a residual network, and a critic of its rows."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from keras_gan.architectures import heads
from keras_gan.layers import (
    Correlation,
    Packing,
    ScoreLogits,
    SharpPoints,
    TableOutput,
)
from keras_gan.tables import TableCodec
from keras_gan.tables.codec import normal_score
from keras_gan.validation import arguments

# How surely the first generator draws the class in which a score lies.
CERTAINTY = 0.9


def tabular(
    codec: TableCodec,
    units: Sequence[int] = (128, 128, 128),
    noise_dim: int = 32,
    num_packed: int = 1,
) -> tuple[keras.Model, keras.Model]:
    """A pair of networks for the rows of a table.

    The condition is a vector of all blocks, with ones for the classes that are asked
    for. Networks for a table of numbers alone have none.

    Args:
        codec: a fitted `keras_gan.tables.TableCodec`.
        units: ints, the widths of the hidden layers of both networks.
        noise_dim: int, how many latents there are beside one for each column.
        num_packed: int, how many rows share one logit; see `keras_gan.layers.Packing`.

    Returns:
        `(generator, discriminator)`, two `keras.Model`s.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.TableCodec.fit(frame)
    generator, discriminator = keras_gan.architectures.tabular(codec)
    ```
    """
    return (
        tabular_generator(codec, units, noise_dim),
        tabular_discriminator(codec, units, num_packed),
    )


def tabular_generator(
    codec: TableCodec,
    units: Sequence[int] = (128, 128, 128),
    noise_dim: int = 32,
) -> keras.Model:
    """The generator of `tabular`: from latents and a condition to rows.

    At its start it is a Gaussian copula: latents with the correlations of the columns,
    cut into classes. A network that starts near zero changes scores and logits. All its
    randomness is in the latents: one for each column, `noise_dim` further ones, and one
    for each class, for the Gumbel noise of the draw.

    Args:
        codec: a fitted `keras_gan.tables.TableCodec`.
        units: ints, the widths of the hidden layers.
        noise_dim: int.

    Returns:
        A `keras.Model` from `[latents, condition]` to rows `(batch, codec.width)`. The
        condition is a vector of all blocks: ones for the classes that are asked for.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.TableCodec.fit(frame)
    generator = keras_gan.architectures.tabular_generator(codec)
    latent_dim = generator.inputs[0].shape[1]
    latents = keras.random.normal((4, latent_dim))
    generator([latents, keras.ops.zeros((4, 2))]).shape  # (4, codec.width)
    ```
    """
    noise_dim = arguments.integer("noise_dim", noise_dim, at_least=0)
    num_scores, num_classes = len(codec.correlations), sum(codec.block_sizes)
    num_numbers = codec.num_numbers
    latents = keras.Input((num_scores + noise_dim + num_classes,), name="latents")
    condition = _condition(codec)

    first, noise, gumbel = ops.split(
        latents, [num_scores, num_scores + noise_dim], axis=-1
    )
    scores = Correlation(_correlations(codec), name="copula")(first)
    if condition is not None:
        edges = [codec.class_edges(block) for block in codec.categories.values()]
        thresholds = [normal_score(each[1:-1]).tolist() for each in edges]
        of_numbers, of_classes = ops.split(scores, [num_numbers], axis=-1)
        copula_logits = ScoreLogits(
            thresholds, CERTAINTY, dtype="float32", name="classes"
        )(of_classes)
    known = [] if condition is None else [ops.exp(copula_logits), condition]
    x = layers.Concatenate(name="inputs")([scores, noise, *known])
    x = _hidden(x, units)
    change = layers.Dense(
        num_numbers + num_classes,
        kernel_initializer=keras.initializers.RandomNormal(stddev=1e-3),
        dtype="float32",
        name="change",
    )(x)
    if condition is None:
        parts = [scores + change]
    else:
        changes = ops.split(change, [num_numbers], axis=-1)
        logits = copula_logits + changes[1]
        parts = [of_numbers + changes[0], logits, gumbel, condition]
    rows = TableOutput(
        codec.edges,
        codec.block_sizes,
        codec.missing_blocks,
        codec.missing_classes,
        dtype="float32",
        name="rows",
    )(parts if len(parts) > 1 else parts[0])
    return keras.Model(heads.inputs(latents, condition), rows, name="generator")


def tabular_discriminator(
    codec: TableCodec,
    units: Sequence[int] = (128, 128, 128),
    num_packed: int = 1,
) -> keras.Model:
    """The discriminator of `tabular`: from rows and a condition to logits.

    It sees each number by its code, in which a value that many rows share is sharp; see
    `keras_gan.layers.SharpPoints`.

    Args:
        codec: a fitted `keras_gan.tables.TableCodec`.
        units: ints, the widths of the hidden layers.
        num_packed: int, how many rows share one logit.

    Returns:
        A `keras.Model` from `[rows, condition]` to logits `(batch / num_packed, 1)`.

    Example:

    ```python
    import pandas as pd

    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 10, "job": ["cook", "smith"] * 20})
    codec = keras_gan.tables.TableCodec.fit(frame)
    discriminator = keras_gan.architectures.tabular_discriminator(codec)
    rows = keras.ops.array(codec.encode(frame))
    discriminator([rows, keras.ops.zeros((40, 2))]).shape  # (40, 1)
    ```
    """
    rows = keras.Input((codec.width,), name="rows")
    condition = _condition(codec)
    x = SharpPoints(codec.is_point, name="points")(rows)
    if condition is not None:
        x = layers.Concatenate(name="inputs")([x, condition])
    if num_packed != 1:
        x = Packing(num_packed, name="packing")(x)
    x = _hidden(x, units)
    logits = layers.Dense(1, dtype="float32", name="logit")(x)
    return keras.Model(heads.inputs(rows, condition), logits, name="discriminator")


def _correlations(codec):
    """Return the correlations of latents, of which classes are not all certain."""
    certain = np.repeat([1.0, CERTAINTY], [codec.num_numbers, len(codec.block_sizes)])
    found = np.clip(codec.correlations / np.outer(certain, certain), -0.95, 0.95)
    np.fill_diagonal(found, 1.0)
    return found


def _condition(codec):
    """Return the input of the classes that are asked for; None without classes."""
    if not codec.categories:
        return None
    return keras.Input((sum(codec.block_sizes),), name="vectors")


def _hidden(x, units):
    # Uniform within 1 / sqrt(inputs): the residual network begins gently.
    for number, width in enumerate(arguments.integers("units", units), 1):
        x = layers.Dense(
            width,
            kernel_initializer=keras.initializers.VarianceScaling(
                1 / 3, "fan_in", "uniform"
            ),
            name=f"hidden_{number}",
        )(x)
        x = layers.LeakyReLU(0.2, name=f"hidden_{number}_activation")(x)
    return x
