"""Samplers of converted networks: what they start from is read off their inputs."""

import keras

from keras_gan.conditions import ClassLabels, Image
from keras_gan.latents import Normal
from keras_gan.sampler import Sampler
from keras_gan.validation.labels import known_classes
from keras_gan.validation.networks import check_model


def sampler(network: keras.Model) -> Sampler:
    """Return a `keras_gan.Sampler` of a generator, to use and to export.

    Args:
        network: `keras.Model` from images, from latents, or from `[latents, labels]`,
            to images. Latents are of a standard normal.

    Returns:
        A `keras_gan.Sampler`.

    Raises:
        ValueError: if the network takes something else.

    Example:

    ```python
    network = keras_gan.architectures.resnet_translator((64, 64, 3), width=4)
    painting = keras_gan.convert.sampler(network).translate(np.zeros((64, 64, 3)))
    ```
    """
    check_model("network", network)
    shapes = [tuple(tensor.shape[1:]) for tensor in network.inputs]
    if [len(shape) for shape in shapes] == [3] and len(network.output_shape) == 4:
        return Sampler(network, condition=Image(shapes[0]))
    classes = known_classes(network)
    if len(shapes[0]) == 1 and len(network.output_shape) == 4:
        if len(shapes) == 1:
            return Sampler(network, Normal(shapes[0][0]))
        if len(shapes) == 2 and classes is not None:
            return Sampler(network, Normal(shapes[0][0]), ClassLabels(classes))
    raise ValueError(
        f"The network {network.name!r} takes {shapes} and makes "
        f"{network.output_shape[1:]}, so it is no generator of images."
    )
