"""The signatures of an exported generator.

`serving_default` is arithmetic alone, so that every runtime loads it. The others
draw noise or write PNG files, which only TensorFlow's runtimes do. Every input
and output has the batch as its first axis, so that a server may put the rows of
many callers into one call.
"""

from __future__ import annotations

import contextlib

from keras_gan.backend.scopes import Scope, is_random_state
from keras_gan.conditions import ClassLabels, Condition, Image
from keras_gan.export import codes, edits, images, noise, translation, w_space
from keras_gan.export.fields import field_of
from keras_gan.validation import networks

# What `value_ranges` of a model card says of a value that is only finite.
FINITE = (None, None)


def build(
    generator,
    prior=None,
    condition: Condition | None = None,
    weights_dtype: str | None = None,
    directions=None,
    output: str = "images",
):
    """Trace a generator's signatures as TensorFlow functions.

    Args:
        generator: a built `keras.Model`.
        prior: from `keras_gan.latents`, or None.
        condition: from `keras_gan.conditions`, or None.
        weights_dtype: what weights are stored in; None for as they are.
        directions: `keras_gan.latents.Directions` that edit what is drawn, or None.
        output: str, the name of what the generator makes.

    Returns:
        `module, signatures`: a `tf.Module` that holds the weights, once, and a
        dict of concrete functions.

    Layers that draw noise at inference draw that of a row's seed; `serving_default`,
    which has none, draws that of seed 0.

    Raises:
        ValueError: if the generator takes a condition that was not passed.
    """
    import tensorflow as tf

    module = tf.Module()
    module.weights, unpacked = _stored(generator.variables, weights_dtype)
    specs = input_specs(generator, prior, condition)

    states = random_states(generator, specs)

    def by_row(network):
        """Return a network as a function of rows, which draw from their seeds."""

        def run(inputs, drawn=()):
            with unpacked(), Scope(drawn):
                return tf.cast(network(*inputs), tf.float32)

        def run_rows(*inputs, seeds=None):
            if not states:
                return run(list(inputs))
            if seeds is None:
                seeds = tf.zeros(tf.shape(inputs[0])[:1], "int64")
            return noise.run_rows(run, states, seeds, list(inputs))

        return run_rows

    def images_of(*inputs):
        return generator(_joined(inputs), training=False)

    generate = sample = by_row(images_of)
    if networks.has_w(generator):
        sample = by_row(lambda *inputs: w_space.truncated(generator, *inputs))

    def forward(**rows):
        return {output: generate(*(rows[name] for name in specs))}

    functions = {"serving_default": (forward, specs)}
    if is_translator(specs):
        functions.update(_translation(generator, generate, specs))
    elif draws_noise(prior):
        if condition is None and len(specs) > 1:
            raise ValueError(
                f"The generator {generator.name!r} takes a condition beside its "
                "latents. Say which, such as "
                "`condition=keras_gan.conditions.ClassLabels(num_classes)`."
            )
        picture = images.is_picture(output_shape(generator, specs))
        further = codes.specs(prior) | w_space.specs(generator)
        sampling = _sampling(
            sample, prior, condition, picture, further, directions, output
        )
        functions.update(sampling)
    if networks.has_w(generator):
        functions.update(w_space.functions(generator, by_row, specs))
    signatures = {
        name: tf.function(function, autograph=False).get_concrete_function(**taken)
        for name, (function, taken) in functions.items()
    }
    return module, signatures


def random_states(generator, specs: dict) -> list:
    """Return the states of the random generators that a generator uses at inference.

    Args:
        generator: a built `keras.Model`.
        specs: the result of `input_specs`.
    """
    import tensorflow as tf

    found = []

    def run(*inputs):
        with Scope() as scope:
            images = generator(_joined(inputs), training=False)
        found.extend(v for v in scope.changed.values() if is_random_state(v))
        return images

    if any(is_random_state(variable) for variable in generator.variables):
        traced = tf.function(run, autograph=False)
        traced.get_concrete_function(*specs.values())
    return found


def _joined(inputs):
    """Return the inputs of a network as it takes them."""
    return inputs[0] if len(inputs) == 1 else list(inputs)


def _stored(variables, dtype):
    """Return the weights as they are saved, and a scope that computes with them."""
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


def input_specs(generator, prior=None, condition: Condition | None = None) -> dict:
    """Describe the inputs of `serving_default`.

    A generator without a prior that takes images is a translator. Otherwise its
    first input is the latents. The condition is the last input.

    Returns:
        A dict from name to `tf.TensorSpec`, in the generator's order.
    """
    import tensorflow as tf

    taken = getattr(generator, "inputs", None) or ()
    shapes = [tuple(tensor.shape[1:]) for tensor in taken]
    if prior is None and (not shapes or len(shapes[0]) == 3):
        shape = shapes[0] if shapes else condition.shape
        inputs = {"images": (shape, "float32")}
        condition = None if isinstance(condition, Image) else condition
    else:
        shape = shapes[0] if shapes else (prior.latent_dim,)
        inputs = {"latents": (shape, "float32")}
    if condition is not None:
        inputs[condition.name] = (tuple(condition.shape), condition.dtype)
    elif len(shapes) > 1:
        name, *rest = _guessed_condition(taken[1])
        inputs[name] = rest
    return {
        name: tf.TensorSpec((None, *shape), dtype, name)
        for name, (shape, dtype) in inputs.items()
    }


def _guessed_condition(tensor):
    """Guess the name, shape and dtype of a condition that was not passed."""
    shape = tuple(tensor.shape[1:])
    is_integer = "int" in str(tensor.dtype)
    if len(shape) == 3:
        return Image.name, shape, "float32"
    if len(shape) == 1 and shape != (1,) and not is_integer:
        return "vectors", shape, "float32"
    return ClassLabels.name, (), "int32"


def output_shape(generator, specs: dict) -> tuple:
    """Return the shape of one generated example."""
    import keras

    inputs = [keras.KerasTensor(s.shape, s.dtype.name) for s in specs.values()]
    outputs = generator(inputs[0] if len(inputs) == 1 else inputs)
    return tuple(outputs.shape[1:])


def is_translator(specs: dict) -> bool:
    """Whether a generator turns images into images, without latents."""
    return "latents" not in specs


def draws_noise(prior) -> bool:
    """Whether latents can be made from uniform noise in a graph."""
    if prior is None:
        return False
    try:
        prior.quantile([[0.5] * prior.latent_dim])
    except NotImplementedError:
        return False
    return True


def value_ranges(
    prior, condition: Condition | None, specs: dict, picture: bool
) -> dict[str, tuple]:
    """Return the values that inputs and outputs may have.

    Args:
        prior: from `keras_gan.latents`, or None.
        condition: from `keras_gan.conditions`, or None.
        specs: the result of `input_specs`.
        picture: bool, whether an output can be a PNG file.

    Returns:
        A dict from name to (lowest, highest), where None is no bound.
    """
    ranges = {name: FINITE for name, spec in specs.items() if not spec.dtype.is_integer}
    if picture or isinstance(condition, Image):
        ranges["images"] = (-1, 1)
    if isinstance(condition, ClassLabels):
        ranges["labels"] = (0, condition.num_classes - 1)
    if prior is not None and not is_translator(specs):
        ranges["truncation"] = (0, _bound(prior.max_truncation))
        ranges["position"] = (0, 1)
        ranges |= codes.ranges(prior)
        if condition is not None:
            field = field_of(condition)
            ranges[field.name] = (_bound(field.lowest), _bound(field.highest))
    return ranges


def _bound(value):
    return None if abs(value) == float("inf") else value


def _sampling(generate, prior, condition, picture, further, directions, output):
    import tensorflow as tf

    edits_z = directions is not None and directions.space == "z"
    edits_w = directions is not None and directions.space == "w"

    ways = {
        "end_seed": tf.TensorSpec((None,), "int64", "end_seed"),
        "position": tf.TensorSpec((None,), "float32", "position"),
    }

    def specs_of(field):
        specs = {"seed": tf.TensorSpec((None,), "int64", "seed")}
        if field is not None:
            specs[field.name] = field.spec()
        specs["truncation"] = tf.TensorSpec((None,), "float32", "truncation")
        return specs | further | edits.specs(directions)

    def draw(field, rows):
        """Generate the images of rows; with an `end_seed`, those on the way to it."""
        rows = _checked(prior, field, rows)
        seeds, truncation = rows["seed"], rows["truncation"]
        if "end_seed" in rows:
            way = rows["end_seed"], rows["position"]
            latents = noise.walk_latents(prior, seeds, *way, truncation)
        else:
            latents = noise.draw_latents(prior, seeds, truncation)
        latents = codes.place(prior, latents, rows)
        if edits_z:
            latents += edits.shift(directions, rows)
        given = [] if field is None else [field.read(rows[field.name], seeds)]
        if "truncation_psi" in further:
            shift = edits.shift(directions, rows) if edits_w else w_space.none(rows)
            given += [rows["truncation_psi"], shift]
        return generate(latents, *given, seeds=seeds)

    floats, files = field_of(condition), field_of(condition, as_file=True)

    def sample(**rows):
        return {output: draw(floats, rows)}

    def png(**rows):
        return {"image_bytes": images.encode_png(draw(files, rows))}

    functions = {"sample": (sample, specs_of(floats))}
    if picture:
        functions["png"] = (png, specs_of(files))
        functions["walk"] = (png, {**specs_of(files), **ways})
    return functions


def _translation(generator, generate, specs):
    import tensorflow as tf

    taken, made = tuple(specs["images"].shape[1:]), output_shape(generator, specs)
    if len(specs) > 1 or not (images.is_picture(taken) and images.is_picture(made)):
        return {}
    multiple = translation.size_multiple(generator, taken)

    def translate(pictures):
        if None not in taken:
            return generate(pictures)
        given = images.padded(pictures, multiple)
        return images.cut(generate(given), given, pictures)

    def png(**rows):
        pictures = images.decode_picture(rows["image_bytes"], taken)
        return {"image_bytes": images.encode_png(translate(pictures))}

    files = {"image_bytes": tf.TensorSpec((None,), "string", "image_bytes")}
    return {"png": (png, files)}


def _checked(prior, field, rows):
    """Refuse, in the graph and before all else, values that are out of range."""
    import tensorflow as tf

    largest, truncation = float(prior.max_truncation), rows["truncation"]
    expected = "truncation must be positive, or 0 for none."
    checks = [tf.debugging.assert_non_negative(truncation, expected)]
    if largest != float("inf"):
        expected = f"truncation must be at most {largest}."
        checks += [tf.debugging.assert_less_equal(truncation, largest, expected)]
    checks += codes.checks(prior, rows)
    if field is not None:
        checks += field.checks(rows[field.name])
    with tf.control_dependencies(checks):
        return {name: tf.identity(value) for name, value in rows.items()}
