"""The intermediate latents w of an exported generator, and their truncation."""

from __future__ import annotations

from keras_gan.validation import networks

# What a server accepts: 1 changes nothing, 0 is the mean, below lies the opposite.
PSI_RANGE = (-2, 2)


def truncated(generator, *inputs):
    """Return the images of latents, whose w are truncated, and then moved.

    Args:
        generator: a `keras_gan.architectures.StyleGenerator`.
        *inputs: latents, the condition where there is one, psi, `(batch,)`, and what
            is added to w, `(batch, w_dim)`.
    """
    *inputs, psi, shift = inputs
    w = generator.mapping(inputs[0] if len(inputs) == 1 else inputs, training=False)
    w = generator.truncate(w, psi[:, None]) + shift
    return generator.synthesis(generator.per_layer(w), training=False)


def specs(generator) -> dict:
    """Return the further inputs of signatures that sample: psi, where there is a w."""
    import tensorflow as tf

    if not networks.has_w(generator):
        return {}
    return {"truncation_psi": tf.TensorSpec((None,), "float32", "truncation_psi")}


def none(rows: dict):
    """Return what is added to w where there are no directions: 0, `(batch, 1)`."""
    import tensorflow as tf

    return tf.zeros_like(rows["truncation_psi"])[:, None]


def functions(generator, by_row, default_specs: dict) -> dict:
    """Return the signatures `map`, latents to w, and `synthesis`, w to images.

    Args:
        generator: a `keras_gan.architectures.StyleGenerator`.
        by_row: function that makes a function of rows of a network.
        default_specs: the inputs of `serving_default`.

    Returns:
        A dict from name to a function and the specs of its inputs.
    """
    import tensorflow as tf

    def mapping(*inputs):
        inputs = inputs[0] if len(inputs) == 1 else list(inputs)
        return generator.mapping(inputs, training=False)

    def synthesis(w):
        return generator.synthesis(w, training=False)

    map_rows, synthesize_rows = by_row(mapping), by_row(synthesis)

    def to_w(**rows):
        return {"w": map_rows(*(rows[name] for name in default_specs))}

    def to_images(**rows):
        return {"images": synthesize_rows(rows["w"])}

    shape = (None, generator.num_ws, generator.w_dim)
    w_specs = {"w": tf.TensorSpec(shape, "float32", "w")}
    return {"map": (to_w, default_specs), "synthesis": (to_images, w_specs)}
