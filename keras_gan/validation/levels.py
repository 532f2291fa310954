"""Do two networks that grow have the same levels?"""

import keras

from keras_gan.validation.networks import check_model, check_pair


def check_levels(generator, discriminator, latent_dim, condition):
    """Check that two networks have the same levels; return the shape of the last.

    Raises:
        ValueError: if they have not.
    """
    for player, network in (("generator", generator), ("discriminator", discriminator)):
        check_model(player, network)
    given = list(getattr(discriminator, "inputs", None) or ())
    given = given[: len(given) - (condition is not None)]
    made = list(getattr(generator, "outputs", None) or ())
    num_levels = len(getattr(discriminator, "outputs", None) or ())
    if num_levels < 2 or len(given) != num_levels or len(made) != 2 * num_levels - 1:
        raise ValueError(
            "Networks that grow have levels: n >= 2 images go into the discriminator, "
            "n logits come out, and the generator makes n images, and the n - 1 faded "
            f"ones. Received: {len(given)} images into the discriminator"
            f"{', beside a condition' if condition is not None else ''}, "
            f"{num_levels} outputs of it, and {len(made)} of the generator. Build them "
            "with `keras_gan.architectures.progressive(image_shape, growing=True)`."
        )
    wanted = [tuple(images.shape[1:]) for images in given]
    for level, shape in enumerate(wanted):
        outputs = [made[level]] + [made[num_levels - 1 + level]] * (level > 0)
        found = [tuple(images.shape[1:]) for images in outputs]
        if found != [shape] * len(outputs):
            raise ValueError(
                f"At level {level} the discriminator takes images of shape {shape}, "
                f"and the generator makes {found}."
            )
        sizes = shape[:2], tuple(2 * side for side in wanted[max(level - 1, 0)][:2])
        if level > 0 and sizes[0] != sizes[1]:
            raise ValueError(
                f"Level {level} must have twice the height and width of the level "
                f"before it, {sizes[1]}. Received: {sizes[0]}."
            )
    last = num_levels - 1
    labels = discriminator.inputs[num_levels:]
    inputs = [given[last], *labels] if labels else given[last]
    return check_pair(
        keras.Model(generator.input, made[last], name=generator.name),
        keras.Model(inputs, discriminator.outputs[last], name=discriminator.name),
        latent_dim,
        condition,
    )
