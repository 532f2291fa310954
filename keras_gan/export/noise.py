"""Noise inside a TensorFlow graph, from one seed for each row.

A server puts the rows of many callers into one batch. So a row's noise depends
on its own seed alone, and the same seed is the same picture on every machine,
in every batch, after every restart.
"""

import math

# The key of Philox is two integers: the row's seed, and the purpose of the noise.
LATENTS, LABELS, LAYERS = 0, 1, 2


def draw_latents(prior, seeds, truncation):
    """Draw the latents of seeds.

    Args:
        prior: from `keras_gan.latents`, with a `quantile`.
        seeds: int64 tensor `(batch,)`.
        truncation: float32 tensor `(batch,)`; 0 for none.

    Returns:
        A float32 tensor `(batch, latent_dim)`.
    """
    latents = prior.quantile(_uniforms(seeds, prior.latent_dim))
    return _truncate(prior, latents, truncation)


def walk_latents(prior, seeds, end_seeds, position, truncation):
    """Interpolate between the latents of two seeds.

    The path is cos(a) z + sin(a) w of the two as normal noise, with the angle a from
    0 to a right angle. Two independent seeds give normal noise at every position, so
    the latents have the prior's distribution everywhere. A seed that is its own end
    stands still.

    Args:
        prior: from `keras_gan.latents`, with a `quantile`.
        seeds: int64 tensor `(batch,)`.
        end_seeds: int64 tensor `(batch,)`.
        position: float32 tensor `(batch,)`, from 0 at `seeds` to 1.
        truncation: float32 tensor `(batch,)`; 0 for none.

    Returns:
        A float32 tensor `(batch, latent_dim)`.
    """
    import tensorflow as tf

    start = _normals(_uniforms(seeds, prior.latent_dim))
    end = _normals(_uniforms(end_seeds, prior.latent_dim))
    angle = tf.where(seeds == end_seeds, 0.0, position * (math.pi / 2))[:, None]
    normals = tf.cos(angle) * start + tf.sin(angle) * end
    return _truncate(prior, prior.from_normal(normals), truncation)


def draw_labels(seeds, labels, num_classes):
    """Replace labels of -1 by labels drawn from the rows' seeds.

    Args:
        seeds: int64 tensor `(batch,)`.
        labels: int32 tensor `(batch,)`.
        num_classes: int.

    Returns:
        An int32 tensor `(batch,)`.
    """
    import tensorflow as tf

    def draw(seed):
        key = tf.stack([seed, tf.constant(LABELS, "int64")])
        return tf.random.stateless_uniform(
            (), key, 0, num_classes, dtype="int32", alg="philox"
        )

    drawn = tf.map_fn(draw, seeds, fn_output_signature=tf.int32)
    return tf.where(labels < 0, drawn, labels)


def run_rows(run, states, seeds, inputs):
    """Run a generator whose layers draw noise: row by row, each from its own seed.

    Args:
        run: function of the inputs, and of the states of random generators as pairs of
            a variable and its value, to float32 images.
        states: list of variables, the states of `keras.random.SeedGenerator`s.
        seeds: int64 tensor `(batch,)`.
        inputs: list of tensors `(batch, ...)`.

    Returns:
        A float32 tensor `(batch, ...)`.
    """
    import tensorflow as tf

    def state(seed, purpose):
        key = tf.stack([seed, tf.constant(purpose, "int64")])
        word = tf.random.stateless_uniform(
            (), key, 0, 2**31 - 1, dtype="int32", alg="philox"
        )
        return tf.stack([word, 0])

    def run_row(row):
        seed, *values = row
        drawn = [
            (variable, tf.cast(state(seed, LAYERS + i), variable.dtype))
            for i, variable in enumerate(states)
        ]
        return run([value[None] for value in values], drawn)[0]

    return tf.map_fn(run_row, (seeds, *inputs), fn_output_signature=tf.float32)


def _uniforms(seeds, size):
    """Return uniform noise in [0, 1), `(batch, size)`."""
    import tensorflow as tf

    def draw(seed):
        key = tf.stack([seed, tf.constant(LATENTS, "int64")])
        return tf.random.stateless_uniform((size,), key, alg="philox")

    signature = tf.TensorSpec((size,), "float32")
    return tf.map_fn(draw, seeds, fn_output_signature=signature)


def _normals(uniforms):
    import tensorflow as tf

    limit = 1.0 - 1e-7
    centred = tf.clip_by_value(2.0 * uniforms - 1.0, -limit, limit)
    return math.sqrt(2) * tf.math.erfinv(centred)


def _truncate(prior, latents, truncation):
    import tensorflow as tf

    amounts = truncation[:, None]  # (batch, 1)
    wanted = amounts > 0
    amounts = tf.where(wanted, amounts, tf.ones_like(amounts))
    return tf.where(wanted, prior.truncate(latents, amounts), latents)
