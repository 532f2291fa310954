"""The head of a SAN, in place of the last layer of any discriminator."""

import keras
import numpy as np
from keras import layers, ops

from keras_gan.layers import EqualizedDense, SlicedLogits, SpectralNormalization


def san_discriminator(discriminator: keras.Model) -> keras.Model:
    """Return a discriminator with the head of a SAN in place of its last layer.

    The layers before it are shared with the one that was given, which is then of no
    more use. The last layer is linear: dense, or a convolution where there is a map of
    logits, spectrally normalised or not; with a projected label or without. The head
    begins in its direction.

    `keras_gan.models.SAN` trains it.

    Args:
        discriminator: `keras.Model` of layers, from images, or from `[images, labels]`,
            to logits: of `dcgan`, `mlp`, `resnet`, `r3gan`, `stylegan2`,
            `projected_discriminator` without labels, `fastgan_discriminator` with
            `reconstruct=False`, or one of your own that ends in one linear layer.

    Returns:
        A `keras.Model` to `[logits, directions]`, of one shape.

    Raises:
        ValueError: if it has several outputs, or does not end in a linear layer.

    Example:

    ```python
    generator, discriminator = keras_gan.architectures.dcgan((28, 28, 1), width=8)
    discriminator = keras_gan.architectures.san_discriminator(discriminator)
    gan = keras_gan.models.SAN(generator, discriminator)
    gan.compile(loss="hinge")
    ```

    Takida et al. 2024, "SAN: Inducing Metrizability of GAN with Discriminative
    Normalized Linear Layer", arXiv:2301.12811.
    """
    outputs = getattr(discriminator, "outputs", None) or ()
    if len(outputs) != 1:
        raise ValueError(
            "A SAN needs a discriminator made of layers, with one output, the logits. "
            f"Received: {discriminator.name!r} with {len(outputs)} outputs."
        )
    sliced = _sliced(outputs[0])
    return keras.Model(discriminator.input, sliced, name=discriminator.name)


def _sliced(tensor):
    """Return logits and directions in place of a tensor of logits."""
    layer, inputs = _origin(tensor)
    if isinstance(layer, layers.Reshape | layers.Flatten):
        return [
            type(layer).from_config(layer.get_config() | {"name": name})(part)
            for name, part in zip(_names(layer), _sliced(inputs[0]), strict=True)
        ]
    if isinstance(layer, layers.Concatenate):
        parts = zip(*(_sliced(each) for each in inputs), strict=True)
        return [
            layers.Concatenate(axis=layer.axis, dtype="float32", name=name)(list(part))
            for name, part in zip(_names(layer), parts, strict=True)
        ]
    if isinstance(layer, layers.Add) and len(inputs) == 2:
        # w . h + v . h, with the vector v of a label: the direction is that of w + v.
        (linear, features), (dot, both) = map(_origin, inputs)
        if isinstance(dot, layers.Dot) and both[0] is features[0]:
            return _split(linear, both)
    if isinstance(layer, layers.Dot) and all(len(x.shape) == 2 for x in inputs):
        return _split(layer, inputs)
    return _split(layer, inputs[0])


def _split(layer, inputs):
    """Return the two outputs of a head in place of a linear layer."""
    inner = layer.layer if isinstance(layer, SpectralNormalization) else layer
    activation = getattr(inner, "activation", None)
    kernel = getattr(inner, "kernel", None)
    settings = {"dtype": "float32", "name": f"{layer.name}_sliced"}
    if isinstance(inner, layers.Conv2D):
        settings |= {"kernel_size": inner.kernel_size, "padding": inner.padding}
        settings |= {"strides": inner.strides[0]}
    is_linear = isinstance(inner, layers.Dense | EqualizedDense | layers.Conv2D)
    is_linear &= activation in (None, keras.activations.linear)
    if not isinstance(inner, layers.Dot) and (
        not is_linear or kernel is None or kernel.shape[-1] != 1
    ):
        raise ValueError(
            "A SAN takes the place of a last linear layer with one output, and the "
            f"discriminator ends in {layer.name!r}, a {type(layer).__name__}. Pass one "
            "that ends in keras.layers.Dense(1)."
        )
    head = SlicedLogits(**settings)
    both = head(inputs)
    # Begin in the direction of the layer that goes; labels alone may have one.
    value = np.zeros(1) if kernel is None else np.array(ops.convert_to_numpy(kernel))
    if kernel is None or np.any(value):
        head.direction.assign(np.broadcast_to(value, head.direction.shape))
    if inner is layer and isinstance(inner, layers.Dense | layers.Conv2D):
        head.scale.assign(max(float(np.linalg.norm(value)), 1e-3))
    return ops.split(both, 2, axis=-1)


def _names(layer):
    return layer.name, f"{layer.name}_directions"


def _origin(tensor):
    """Return the layer that makes a symbolic tensor, and what it makes it of."""
    history = tensor._keras_history
    node = history.operation._inbound_nodes[history.node_index]
    return history.operation, node.input_tensors
