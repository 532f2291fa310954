"""Do networks that translate images fit each other, and the images?"""

import keras

from keras_gan.validation.logits import check_logits
from keras_gan.validation.networks import check_model, made_of
from keras_gan.validation.pictures import check_reaches_black

LARGEST_MULTIPLE = 2**10


def check_translator(name: str, network: keras.Model) -> tuple[tuple, tuple]:
    """Check that a network turns images into images.

    Args:
        name: str, the network's part in a model, for errors.
        network: the network, functional or sequential.

    Returns:
        The shapes of what it takes and of what it makes, without the batch; height and
        width are None where any will do.

    Raises:
        ValueError: if it does not.
    """
    check_model(name, network)
    shapes = {
        kind: [tuple(tensor.shape) for tensor in getattr(network, kind, None) or ()]
        for kind in ("inputs", "outputs")
    }
    if any(len(found) != 1 or len(found[0]) != 4 for found in shapes.values()):
        raise ValueError(
            f"The {name} must turn images into images, (batch, height, width, "
            f"channels) both. Received a network with {shapes}. Build it from "
            "`keras.Input((height, width, channels))`; "
            "`keras_gan.architectures.resnet_translator` and `unet` are such networks."
        )
    check_reaches_black(network)
    return shapes["inputs"][0][1:], shapes["outputs"][0][1:]


def check_patches(name: str, network: keras.Model, *image_shapes: tuple) -> None:
    """Check that a discriminator takes images and gives logits.

    Args:
        name: str, the network's part in a model, for errors.
        network: the network, functional or sequential.
        *image_shapes: the shapes of the images that it is to take.

    Raises:
        ValueError: if it does not.
    """
    check_model(name, network)
    taken = [tuple(t.shape[1:]) for t in getattr(network, "inputs", None) or ()]
    fits = len(taken) == len(image_shapes) and all(
        matches(*shapes) for shapes in zip(taken, image_shapes, strict=True)
    )
    if not fits:
        raise ValueError(
            f"The {name} takes images of the shapes {taken}. Expected "
            f"{list(image_shapes)}."
        )
    (logits, *others) = network.outputs
    if others or logits.shape[-1] != 1:
        shapes = [tuple(output.shape) for output in network.outputs]
        raise ValueError(
            f"The {name} has outputs of the shapes {shapes}. Expected one, with a "
            "logit for each image or each patch of it: (batch, ..., 1)."
        )
    check_logits(network, image_shapes[0])


def check_sizes(network: keras.Model, shape: tuple, expected: tuple) -> None:
    """Check that a network makes images of a shape of images of a shape.

    The network is traced, which computes nothing.

    Args:
        network: a translator, as `check_translator` passes it.
        shape: `(height, width, channels)` of what it takes.
        expected: likewise, of what it is to make.

    Raises:
        ValueError: if it does not, with the nearest size for which it does.
    """
    made = made_of(network, shape)
    if made == expected:
        return
    mend = "Resize them to one size."
    if shape[:2] == expected[:2]:
        nearest = _nearest(network, shape)
        mend = "Resize the images" + (
            f", for instance to {nearest}." if nearest else "."
        )
    of = f"images of shape {made}" if made else "nothing"
    raise ValueError(
        f"Of images of shape {shape} the network {network.name!r} makes {of}, and the "
        f"other images have the shape {expected}. {mend}"
    )


def are_back(taken: tuple, made: tuple, taken_back: tuple, made_back: tuple) -> bool:
    """Whether a network is the way back of another, by the shapes of its images."""
    return matches(taken_back, made) and matches(made_back, taken)


def matches(taken: tuple, shape: tuple) -> bool:
    """Whether two shapes may be one; None is any size."""
    return len(taken) == len(shape) and all(
        None in sides or sides[0] == sides[1]
        for sides in zip(taken, shape, strict=True)
    )


def _nearest(network, shape):
    """Return a size near to this one that the network keeps, as text, or None."""
    multiple = 2
    while multiple <= LARGEST_MULTIPLE:
        size = [max(round(side / multiple), 1) * multiple for side in shape[:2]]
        if (made_of(network, (*size, shape[2])) or ())[:2] == tuple(size):
            return f"{size[0]} x {size[1]}"
        multiple *= 2
    return None
