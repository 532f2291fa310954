"""Directions in latent space as inputs of an exported generator, 0 for no change.

Each direction of `keras_gan.latents.Directions` is an input by its name: the amount to
move by, in standard deviations. NaN stands for 0, as it leaves codes alone.
"""

from __future__ import annotations

# How far the page's sliders go.
SLIDER_RANGE = (-3, 3)


def specs(directions) -> dict:
    """Return the inputs that stand for directions: a `tf.TensorSpec` for each."""
    import tensorflow as tf

    names = () if directions is None else directions.names
    return {name: tf.TensorSpec((None,), "float32", name) for name in names}


def facts(directions) -> dict:
    """Return what the model card says of directions, beside the codes."""
    fact = {"kind": "edit", "any": "NaN", "range": list(SLIDER_RANGE)}
    return {name: fact | {"space": directions.space} for name in directions.names}


def shift(directions, rows: dict):
    """Return what the amounts of rows add to latents or to w, `(batch, dim)`.

    Args:
        directions: `keras_gan.latents.Directions`.
        rows: dict from the name of an input to its tensor.
    """
    import tensorflow as tf

    amounts = tf.stack([rows[name] for name in directions.names], axis=1)
    amounts = tf.where(tf.math.is_nan(amounts), 0.0, amounts)
    return tf.matmul(amounts, tf.constant(directions.steps))
