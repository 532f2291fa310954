"""Do networks, images and labels of which some are not known fit each other?"""

import keras
import numpy as np
from keras import ops

from keras_gan.validation import arguments, networks


def refuse_condition(condition) -> None:
    """Check that no condition was passed.

    Raises:
        ValueError: if one was.
    """
    if condition is not None:
        raise ValueError(
            "A SemiSupervisedGAN generates images of no class, and takes no condition. "
            f"Received: {condition!r}. With a label for every image, use "
            "`keras_gan.models.ACGAN`."
        )


def check_networks(generator, discriminator, latent_dim) -> tuple:
    """Check that D gives class logits and features of what G makes.

    Args:
        generator: `keras.Model` from latents to data.
        discriminator: `keras.Model` from data to class logits and features.
        latent_dim: int, the size of the prior's latents.

    Returns:
        The shape of one generated example, and the number of classes.

    Raises:
        ValueError: if they do not fit.
    """
    shape, outputs = networks.put_together(generator, discriminator, latent_dim)
    shapes = [tuple(output.shape) for output in outputs]
    if [len(each) for each in shapes] != [2, 2] or shapes[0][1] < 2:
        raise ValueError(
            f"The discriminator's outputs have the shapes {shapes}. Expected two: a "
            "logit for each class, (batch, num_classes), and features, (batch, "
            "num_features). Build it with "
            "`keras_gan.architectures.semi_supervised_discriminator`."
        )
    return shape, shapes[0][1]


def check_weights(**weights) -> dict[str, float]:
    """Return weights of losses as they are, if they are numbers that can be.

    Raises:
        ValueError: if one is negative, or those of the generator are all zero.
    """
    for name, weight in weights.items():
        if arguments.finite(name, weight) < 0:
            raise ValueError(f"`{name}` must not be negative. Received: {weight}")
    if not weights["feature_weight"] and not weights["loss_weight"]:
        raise ValueError(
            "`feature_weight` and `loss_weight` are both 0, and the generator would "
            "learn nothing. Make one of them positive."
        )
    return weights


def refuse_pairs(loss) -> None:
    """Check that a loss takes real and generated data by themselves.

    Raises:
        ValueError: if it compares pairs of them.
    """
    if loss.is_relativistic:
        raise ValueError(
            "A SemiSupervisedGAN asks of each image by itself whether it is real, and "
            f"this loss compares pairs. Pass another, such as 'non_saturating'. "
            f"Received: {loss!r}"
        )


def check(labels, num_images: int, num_classes: int) -> None:
    """Check the labels of a batch, or of all images.

    Args:
        labels: array `(num_images,)`, or None.
        num_images: int.
        num_classes: int.

    Raises:
        ValueError: if they are no classes and not -1.
    """
    labels = None if labels is None else np.asarray(labels)
    kind = "none" if labels is None else f"{labels.dtype} of shape {labels.shape}"
    is_one_each = labels is not None and labels.shape == (num_images,)
    if not is_one_each or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            "A SemiSupervisedGAN learns from (images, labels): an integer for each "
            f"image, and -1 where the class is not known. Received: {kind}"
        )
    if labels.min() < -1 or labels.max() >= num_classes:
        raise ValueError(
            f"The classes are 0 to {num_classes - 1}, and -1 where the class is not "
            f"known. Received: labels from {labels.min()} to {labels.max()}"
        )


def class_loss(labels, class_logits) -> tuple:
    """Return E[-log P(label)] and the accuracy, over those whose label is known.

    Args:
        labels: int tensor `(batch,)`, -1 where the class is not known.
        class_logits: float tensor `(batch, num_classes)`.

    Returns:
        Two float scalars, 0 where no label is known.
    """
    known = ops.cast(ops.greater_equal(labels, 0), "float32")
    number = ops.maximum(ops.sum(known), 1.0)
    each = keras.losses.sparse_categorical_crossentropy(
        ops.maximum(labels, 0), class_logits, from_logits=True
    )
    right = ops.equal(ops.cast(ops.argmax(class_logits, axis=-1), "int32"), labels)
    return (
        ops.sum(known * each) / number,
        ops.sum(known * ops.cast(right, "float32")) / number,
    )
