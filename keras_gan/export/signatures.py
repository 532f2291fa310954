"""What an exported generator can be asked for.

`serving_default` is arithmetic alone, so that every runtime loads it. The others
draw noise or write PNG files, which only TensorFlow's runtimes do. Every input
and output has the batch as its first axis, so that a server may put the rows of
many callers into one call.
"""

import contextlib

from keras_gan.export import images, noise

# What `value_ranges` of a model card says of a value that is only finite.
FINITE = (None, None)


def build(generator, prior=None, num_classes=None, weights_dtype=None):
    """A generator's signatures, as TensorFlow functions.

    Args:
        generator: a built `keras.Model`.
        prior: from `keras_gan.latents`, or None.
        num_classes: int, where the generator is conditional.
        weights_dtype: what weights are stored in; None for as they are.

    Returns:
        `module, signatures`: a `tf.Module` that holds the weights, once, and a
        dict of concrete functions.
    """
    import tensorflow as tf

    module = tf.Module()
    module.weights, unpacked = _stored(generator.variables, weights_dtype)
    specs = input_specs(generator, prior, num_classes)

    def generate(*inputs):
        inputs = inputs[0] if len(inputs) == 1 else list(inputs)
        with unpacked():
            return tf.cast(generator(inputs, training=False), tf.float32)

    def forward(**rows):
        return {"images": generate(*(rows[name] for name in specs))}

    functions = {"serving_default": (forward, specs)}
    if is_translator(specs):
        functions.update(_translation(generate, specs, output_shape(generator, specs)))
    elif draws_noise(prior):
        picture = images.is_picture(output_shape(generator, specs))
        functions.update(_sampling(generate, prior, num_classes, picture))
    signatures = {
        name: tf.function(function, autograph=False).get_concrete_function(**taken)
        for name, (function, taken) in functions.items()
    }
    return module, signatures


def _stored(variables, dtype):
    """The weights as they are saved, and a scope in which a model works with them."""
    import keras
    import tensorflow as tf

    if dtype is None:
        return [variable.value for variable in variables], contextlib.nullcontext
    stored = [
        tf.Variable(tf.cast(v.value, dtype if v.value.dtype.is_floating else v.dtype))
        for v in variables
    ]

    def unpacked():
        values = [tf.cast(s, v.dtype) for s, v in zip(stored, variables, strict=True)]
        return keras.StatelessScope(zip(variables, values, strict=True))

    return stored, unpacked


def input_specs(generator, prior=None, num_classes=None):
    """The inputs of `serving_default`: dict from name to `tf.TensorSpec`."""
    import tensorflow as tf

    taken = getattr(generator, "inputs", None)
    shape = (None, prior.latent_dim) if not taken else tuple(taken[0].shape)
    conditional = num_classes is not None or len(taken or ()) > 1
    name = "images" if len(shape) == 4 else "latents"
    specs = {name: tf.TensorSpec((None, *shape[1:]), "float32", name)}
    if conditional:
        specs["labels"] = tf.TensorSpec((None,), "int32", "labels")
    return specs


def output_shape(generator, specs):
    """The shape of one generated example."""
    import keras

    inputs = [keras.KerasTensor(s.shape, s.dtype.name) for s in specs.values()]
    outputs = generator(inputs[0] if len(inputs) == 1 else inputs)
    return tuple(outputs.shape[1:])


def is_translator(specs):
    """Whether a generator turns images into images."""
    return "images" in specs


def draws_noise(prior):
    """Whether latents can be made from uniform noise in a graph."""
    if prior is None:
        return False
    try:
        prior.quantile([[0.5] * prior.latent_dim])
    except NotImplementedError:
        return False
    return True


def value_ranges(prior, num_classes, specs, picture):
    """The values that inputs and outputs may have: name to (lowest, highest)."""
    ranges = dict.fromkeys(set(specs) & {"latents", "images"}, FINITE)
    if picture:
        ranges["images"] = (-1, 1)
    if num_classes is not None:
        ranges["labels"] = (0, num_classes - 1)
    if prior is not None and not is_translator(specs):
        largest = prior.max_truncation
        ranges["truncation"] = (0, None if largest == float("inf") else largest)
        ranges["position"] = (0, 1)
        if num_classes is not None:
            ranges["label"] = (-1, num_classes - 1)
    return ranges


def _sampling(generate, prior, num_classes, picture):
    import tensorflow as tf

    specs = {"seed": tf.TensorSpec((None,), "int64", "seed")}
    if num_classes is not None:
        specs["label"] = tf.TensorSpec((None,), "int32", "label")
    specs["truncation"] = tf.TensorSpec((None,), "float32", "truncation")
    way = {
        "end_seed": tf.TensorSpec((None,), "int64", "end_seed"),
        "position": tf.TensorSpec((None,), "float32", "position"),
    }

    def from_latents(latents, seed, label=None):
        if label is None:
            return generate(latents)
        return generate(latents, noise.draw_labels(seed, label, num_classes))

    def draw(seed, truncation, label=None):
        truncation, label = _checked(prior, truncation, label, num_classes)
        latents = noise.draw_latents(prior, seed, truncation)
        return from_latents(latents, seed, label)

    def step(seed, end_seed, position, truncation, label=None):
        truncation, label = _checked(prior, truncation, label, num_classes)
        latents = noise.walk_latents(prior, seed, end_seed, position, truncation)
        return from_latents(latents, seed, label)

    def sample(**rows):
        return {"images": draw(**rows)}

    def png(**rows):
        return {"image_bytes": images.encode_png(draw(**rows))}

    def walk(**rows):
        return {"image_bytes": images.encode_png(step(**rows))}

    functions = {"sample": (sample, specs)}
    if picture:
        functions["png"] = (png, specs)
        functions["walk"] = (walk, {**specs, **way})
    return functions


def _translation(generate, specs, shape):
    import tensorflow as tf

    taken = tuple(specs["images"].shape[1:])
    if not (images.is_picture(taken) and images.is_picture(shape)):
        return {}
    files = {"image_bytes": tf.TensorSpec((None,), "string", "image_bytes")}

    def png(image_bytes):
        pictures = images.decode_png(image_bytes, taken)
        return {"image_bytes": images.encode_png(generate(pictures))}

    return {"png": (png, files)}


def _checked(prior, truncation, label, num_classes):
    """Refuse, in the graph and before all else, what no picture stands for."""
    import tensorflow as tf

    largest = float(prior.max_truncation)
    expected = "truncation must be positive, or 0 for none."
    checks = [tf.debugging.assert_non_negative(truncation, expected)]
    if largest != float("inf"):
        expected = f"truncation must be at most {largest}."
        checks += [tf.debugging.assert_less_equal(truncation, largest, expected)]
    if label is not None:
        expected = f"label must be from 0 to {num_classes - 1}, or -1 for any."
        checks += [
            tf.debugging.assert_greater_equal(label, -1, expected),
            tf.debugging.assert_less(label, num_classes, expected),
        ]
    with tf.control_dependencies(checks):
        return tf.identity(truncation), None if label is None else tf.identity(label)
