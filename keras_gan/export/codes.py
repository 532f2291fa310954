"""Codes as inputs of an exported generator, each left to the seed by default.

A category is an integer, -1 for any; a number of [low, high] is a float, NaN for any.
The names are those of the prior's `codes`, see `keras_gan.latents.NoiseAndCodes`.
"""

from __future__ import annotations


def of(prior) -> dict:
    """Return the codes of a prior by name; none of a prior without."""
    return getattr(prior, "codes", {})


def is_category(code) -> bool:
    """Whether a code is one of several categories."""
    return hasattr(code, "num_categories")


def specs(prior) -> dict:
    """Return the inputs that stand for the codes: a `tf.TensorSpec` for each."""
    import tensorflow as tf

    made = {}
    for name, code in of(prior).items():
        if is_category(code):
            made[name] = tf.TensorSpec((None,), "int32", name)
        else:
            size = () if code.latent_dim == 1 else (code.latent_dim,)
            made[name] = tf.TensorSpec((None, *size), "float32", name)
    return made


def ranges(prior) -> dict[str, tuple]:
    """Return the values that each input may have besides NaN, None for no bound."""
    made = {}
    for name, code in of(prior).items():
        if is_category(code):
            made[name] = (-1, code.num_categories - 1)
        else:
            made[name] = (getattr(code, "low", None), getattr(code, "high", None))
    return made


def facts(prior) -> dict:
    """Return what the model card says of the codes."""
    return {
        name: {
            "kind": "category" if is_category(code) else "number",
            "any": -1 if is_category(code) else "NaN",
            "range": list(ranges(prior)[name]),
        }
        for name, code in of(prior).items()
    }


def checks(prior, rows: dict) -> list:
    """Return the operations that refuse codes out of range in a graph."""
    import tensorflow as tf

    made = []
    for name, (low, high) in ranges(prior).items():
        value = rows[name]
        if value.dtype.is_floating:  # NaN leaves the code to the seed
            middle = tf.cast(low or 0.0, value.dtype)
            value = tf.where(tf.math.is_nan(value), middle, value)
        expected = (
            f"{name} must be from {low} to {high}, or {_any(rows[name])} for any."
        )
        if low is not None:
            made.append(tf.debugging.assert_greater_equal(value, low, expected))
        if high is not None:
            made.append(tf.debugging.assert_less_equal(value, high, expected))
    return made


def place(prior, latents, rows: dict):
    """Return latents with the codes of the rows, those that are not left to the seed.

    Args:
        prior: a prior, with codes or without.
        latents: float32 tensor `(batch, latent_dim)`, drawn from the seeds.
        rows: dict from the name of an input to its tensor.
    """
    import tensorflow as tf

    if not of(prior):
        return latents
    placed = [latents[:, : prior.latent_dim - prior.code_dim]]
    for name, drawn in prior.codes_of(latents).items():
        code, value = prior.codes[name], rows[name]
        if is_category(code):
            given = value >= 0
            value = code.encode(tf.maximum(value, 0))
        else:
            value = code.encode(value)
            given = tf.math.logical_not(tf.reduce_any(tf.math.is_nan(value), axis=1))
        placed.append(tf.where(given[:, None], tf.cast(value, drawn.dtype), drawn))
    return tf.concat(placed, axis=1)


def _any(value):
    return "NaN" if value.dtype.is_floating else "-1"
