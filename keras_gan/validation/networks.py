"""Do these two networks make a pair? Looked at before any game is played."""

import keras

from keras_gan.validation.labels import check_num_classes
from keras_gan.validation.logits import check_logits
from keras_gan.validation.pictures import check_reaches_black


def check_model(player, network):
    """See that a player is a Keras model."""
    if not isinstance(network, keras.Model):
        raise ValueError(
            f"The {player} must be a `keras.Model`. Received: {network!r} of type "
            f"{type(network).__name__}."
        )


def latent_dim(generator):
    """The latent size that a generator takes, read off its input.

    Raises:
        ValueError: if the generator does not tell.
    """
    check_model("generator", generator)
    inputs = getattr(generator, "inputs", None)
    if not inputs or len(inputs[0].shape) != 2 or inputs[0].shape[-1] is None:
        raise ValueError(
            f"Cannot read the latent size off the generator {generator.name!r}. Pass "
            "the prior: `keras_gan.GAN(generator, discriminator, "
            "prior=keras_gan.latents.Normal(latent_dim))`."
        )
    return inputs[0].shape[-1]


def image_input(network):
    """The shape of the images that a network takes, if it takes nothing else.

    Returns:
        `(height, width, channels)`, where None is any size; None for other networks.
    """
    inputs = getattr(network, "inputs", None) or ()
    shape = tuple(inputs[0].shape[1:]) if len(inputs) == 1 else ()
    return shape if len(shape) == 3 and shape[-1] in (1, 2, 3, 4) else None


def has_w(network):
    """Whether a network maps latents to w, and w to images; see `StyleGenerator`."""
    return hasattr(network, "mapping") and hasattr(network, "synthesis")


def made_of(network, shape):
    """The shape of what a network makes of images of a shape.

    The network is traced, layer by layer and not by what each says of shapes: for that
    would not find two feature maps that do not fit together.

    Args:
        network: a `keras.Model` from images.
        shape: `(height, width, channels)`, each a number.

    Returns:
        A tuple without the batch; None if the network does not take such images.
    """
    try:
        made = _Call(network).compute_output_spec(keras.KerasTensor((1, *shape)))
    except Exception:  # what a backend raises on sizes that do not fit
        return None
    return tuple(made.shape[1:])


class _Call(keras.Operation):
    """A network as an operation, which Keras traces as a whole."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def call(self, images):
        return self.network(images, training=False)


def symbolic_inputs(shape, condition=None, batch_size=None):
    """Return stand-ins for a network's inputs: data, and a condition if it has one."""
    data = keras.KerasTensor((batch_size, *shape), dtype="float32")
    if condition is None:
        return data
    return [data, condition.symbolic(batch_size)]


def images_per_logit(discriminator, image_shape, condition=None):
    """Return how many examples share a logit, as packing makes a discriminator do.

    The shape of its output for a batch tells, without computing anything; 1 where
    the shape does not tell.

    Args:
        discriminator: a built `keras.Model`.
        image_shape: tuple, the shape of one example.
        condition: the condition that the discriminator takes, or None.
    """
    num_images = 720  # divisible by 1 to 6, 8, 9, 10, 12, 15, 16, 18 and 20
    given = symbolic_inputs(image_shape, condition, num_images)
    try:
        logits = keras.tree.flatten(discriminator.compute_output_spec(given))[0]
    except ValueError:
        return 1
    return num_images // (logits.shape[0] or num_images)


def check_pair(generator, discriminator, latent_dim, condition=None):
    """Build both networks where they are not built, and see that they fit.

    Args:
        generator: `keras.Model` from latents to data.
        discriminator: `keras.Model` from data to logits.
        latent_dim: int, the size of the prior's latents.
        condition: from `keras_gan.conditions`, or None for unconditional networks.

    Returns:
        The shape of one generated example.

    Raises:
        ValueError: if they do not fit.
    """
    image_shape, outputs = put_together(
        generator, discriminator, latent_dim, condition, condition
    )
    if len(outputs) > 1:
        raise _two_outputs(outputs)
    (logits,) = outputs
    if len(logits.shape) > 1 and logits.shape[-1] != 1:
        raise ValueError(
            f"The discriminator's output has the shape {tuple(logits.shape)}. "
            "Expected one logit for each example, (batch, 1): end it with "
            "`keras.layers.Dense(1)`."
        )
    check_logits(discriminator, image_shape, condition)
    return image_shape


def check_classifying_pair(generator, discriminator, latent_dim, condition):
    """As `check_pair`, for a discriminator that tells the class of an example.

    Raises:
        ValueError: if they do not fit.
    """
    if len(getattr(discriminator, "inputs", None) or [None]) > 1:
        raise ValueError(
            "An auxiliary classifier is to tell the class from the example alone, and "
            f"the discriminator has {len(discriminator.inputs)} inputs. Build it with "
            '`conditioning="auxiliary"`, or use `keras_gan.GAN`, whose discriminator '
            "is told the label."
        )
    image_shape, outputs = put_together(
        generator, discriminator, latent_dim, condition, None
    )
    num_classes = condition.num_classes
    shapes = [tuple(output.shape) for output in outputs]
    if shapes != [(None, 1), (None, num_classes)]:
        raise ValueError(
            f"The discriminator's outputs have the shapes {shapes}. Expected two: a "
            f"logit (batch, 1), and one for each class, (batch, {num_classes}). Build "
            'it with `conditioning="auxiliary"`.'
        )
    check_logits(discriminator, image_shape)
    return image_shape


def put_together(
    generator, discriminator, latent_dim, condition=None, d_condition=None
):
    """Return the shape of an example, and the discriminator's outputs, as a list.

    Args:
        generator: `keras.Model` from latents to data.
        discriminator: `keras.Model` from data.
        latent_dim: int, the size of the prior's latents.
        condition: what the generator is told, from `keras_gan.conditions`, or None.
        d_condition: what the discriminator is told, likewise.

    Raises:
        ValueError: if they do not fit.
    """
    check_model("generator", generator)
    check_model("discriminator", discriminator)
    _check_conditioning("generator", generator, condition)
    if len(getattr(generator, "outputs", None) or ()) > 1:
        raise ValueError(
            f"The generator has {len(generator.outputs)} outputs. Expected one, the "
            "data. Networks with an output for every level grow: use "
            "`keras_gan.models.ProgressiveGAN(generator, discriminator)`."
        )
    outputs = getattr(discriminator, "outputs", None) or ()
    if d_condition is not None and len(outputs) > 1:
        raise _two_outputs(outputs)
    _check_conditioning("discriminator", discriminator, d_condition)
    if generator is discriminator:
        raise ValueError("The generator and the discriminator are the same model.")

    taken = _input_shape(generator)
    if taken not in (None, (latent_dim,)):
        raise ValueError(
            f"The generator takes latents of shape {taken}, and the prior draws "
            f"({latent_dim},). Give them one size."
        )
    given = symbolic_inputs((latent_dim,), condition)
    image_shape = tuple(generator(given).shape[1:])
    check_reaches_black(generator, given if len(image_shape) == 3 else None)

    taken = _input_shape(discriminator)
    if taken is not None and not _matches(taken, image_shape):
        raise ValueError(
            f"The generator makes examples of shape {image_shape}, and the "
            f"discriminator takes {taken}. Give them one shape."
        )
    outputs = discriminator(symbolic_inputs(image_shape, d_condition))
    return image_shape, keras.tree.flatten(outputs)


def _two_outputs(outputs):
    return ValueError(
        f"The discriminator has {len(outputs)} outputs. Expected one logit for each "
        "example, (batch, 1). For a discriminator that tells the class too, use "
        "`keras_gan.models.ACGAN(generator, discriminator, num_classes=10)`."
    )


def _check_conditioning(player, network, condition):
    inputs = getattr(network, "inputs", None)
    if inputs is None:
        return
    if len(inputs) == 1 and condition is not None:
        asked = repr(condition)
        mend = f"keras.Input({condition.shape}, dtype={condition.dtype!r})"
        if condition.name == "labels":
            asked = f"num_classes={condition.num_classes}"
            mend = "keras.Input((), dtype='int32')"
        raise ValueError(
            f"{asked} asks for conditional networks, and the {player} has one input. "
            f"Give it a second one for the {condition.name}: `{mend}`."
        )
    if len(inputs) == 2 and condition is None:
        raise ValueError(
            f"The {player} has two inputs, for a label it seems. Say how many classes "
            "there are: `keras_gan.GAN(generator, discriminator, num_classes=10)`; or "
            "pass `condition`, from `keras_gan.conditions`."
        )
    if len(inputs) > 2:
        raise ValueError(
            f"The {player} has {len(inputs)} inputs. Expected one, or two with a "
            "condition such as labels."
        )
    num_classes = getattr(condition, "num_classes", None)
    if num_classes is not None:
        check_num_classes(player, network, num_classes)
    if (
        condition is not None
        and condition.shape
        and not _matches(tuple(inputs[1].shape[1:]), condition.shape)
    ):
        raise ValueError(
            f"The {player}'s second input has the shape {tuple(inputs[1].shape)}, and "
            f"the condition {condition!r} has (batch, *{condition.shape})."
        )


def _input_shape(network):
    inputs = getattr(network, "inputs", None)
    return tuple(inputs[0].shape[1:]) if inputs else None


def _matches(taken, shape):
    return len(taken) == len(shape) and all(
        a is None or a == b for a, b in zip(taken, shape, strict=True)
    )
