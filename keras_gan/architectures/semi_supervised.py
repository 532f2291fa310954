"""The head of a semi-supervised GAN, in place of the logit of a discriminator."""

import keras
from keras import layers

from keras_gan.validation import arguments


def semi_supervised_discriminator(
    discriminator: keras.Model, num_classes: int
) -> keras.Model:
    """Return a discriminator with a logit for each class, and its features.

    The layers before the last are shared with the discriminator that was given, which
    is then of no more use. `keras_gan.models.SemiSupervisedGAN` trains it.

    Args:
        discriminator: `keras.Model` from images to a logit, whose last layer is called
            `logits`: of `mlp`, `dcgan` or `resnet`, without labels.
        num_classes: int.

    Returns:
        A `keras.Model` to `[class_logits, features]`, `(batch, num_classes)` and
        `(batch, num_features)`.

    Raises:
        ValueError: if it has no such layer, or takes labels.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    discriminator = keras_gan.architectures.semi_supervised_discriminator(
        discriminator, num_classes=10
    )
    ```

    Salimans et al. 2016, "Improved Techniques for Training GANs", arXiv:1606.03498.
    """
    num_classes = arguments.integer("num_classes", num_classes, 2)
    names = [layer.name for layer in discriminator.layers]
    features = None
    if "logits" in names and len(discriminator.inputs) == 1:
        features = discriminator.get_layer("logits").input
    if not isinstance(features, keras.KerasTensor) or len(features.shape) != 2:
        raise ValueError(
            "The discriminator must take images alone and end in a dense layer named "
            f"'logits'. Received: {discriminator.name!r} with the layers "
            f"{', '.join(names)}."
        )
    head = layers.Dense(num_classes, dtype="float32", name="class_logits")
    outputs = [head(features), features]
    return keras.Model(discriminator.input, outputs, name=discriminator.name)
