"""A generator that was trained in patches, without the pattern that patches leave."""

import keras
import numpy as np
from keras import ops

from keras_gan.architectures.heads import output_range
from keras_gan.architectures.patches import smooth_pixels
from keras_gan.layers import Conv2DTranspose
from keras_gan.validation import arguments
from keras_gan.validation.networks import check_model

TO_PATCHES = "to_images"
# Of the mean square of the features: it decides where they depend on each other.
RIDGE = 1e-6
# Of a pixel that is black or white by far, which would else be free.
LEAST_WEIGHT = 3e-3


def smooth_patches(
    generator: keras.Model, latents=None, batch_size: int = 64
) -> keras.Model:
    """Return the generator with patches that overlap, and nearly the same images.

    A generator of `r3gan` with `patch_size=2` writes squares of 2 x 2 pixels that do
    not overlap. Each of the four pixels has weights of its own, so that even surfaces
    get a pattern like a chequerboard. To train with `smooth_patches=True` avoids that,
    but learns slower. This mends the trained network instead: the last layer becomes
    that of `smooth_patches=True`, its weights those by which the images stay nearest
    to what they were (least squares, to the first order in the output's slope). What
    it cannot draw is the pattern.

    Args:
        generator: `keras.Model` that `r3gan_generator` made with a `patch_size` above 1
            and without `smooth_patches`. It stays as it is.
        latents: float array `(num_images, latent_dim)`, or what the generator takes,
            such as `[latents, labels]`, of at least some hundred images; None only to
            build the network, whose last layer then has the patches' mean weights.
        batch_size: int, how many images to compute at a time.

    Returns:
        A `keras.Model` with the same layers but for the last.

    Raises:
        ValueError: on a generator without such patches, and on latents that are not for
            it.

    Example:

    ```python
    generator, _ = keras_gan.architectures.r3gan((16, 16, 1), width=16, patch_size=2)
    latents = keras_gan.latents.Normal(64).sample(256, seed=0)
    smooth = keras_gan.architectures.smooth_patches(generator, latents)
    smooth(latents[:4]).shape  # (4, 16, 16, 1)
    ```

    On what makes such patterns: Odena et al. 2016, "Deconvolution and Checkerboard
    Artifacts", doi:10.23915/distill.00003.
    """
    patches = _patches_of(generator)
    arguments.integer("batch_size", batch_size)
    latents = None if latents is None else _checked(latents, generator)
    trunk = keras.models.clone_model(
        keras.Model(generator.input, patches.input, name="trunk")
    )
    images = smooth_pixels(
        trunk.output, patches.filters, patches.strides[0], patches.name
    )
    activation = "tanh" if _is_bounded(generator) else "linear"
    smooth = keras.Model(
        trunk.input, output_range(activation)(images), name=generator.name
    )
    for layer in smooth.layers:
        if layer.weights and layer.name != patches.name:
            layer.set_weights(generator.get_layer(layer.name).get_weights())
    smooth.get_layer(patches.name).set_weights([_mean_kernel(patches)])
    if latents is not None:
        kernel = _fitted_kernel(generator, smooth, latents, batch_size)
        smooth.get_layer(patches.name).set_weights([kernel])
    return smooth


def _patches_of(generator):
    """Return the layer that writes patches, or raise a `ValueError`."""
    check_model("generator", generator)
    for layer in generator.layers:
        is_named = layer.name == TO_PATCHES and isinstance(layer, Conv2DTranspose)
        if is_named and layer.kernel_size == layer.strides:
            return layer
    raise ValueError(
        "`generator` must write patches that do not overlap, as "
        "`r3gan_generator(patch_size=2)` does without `smooth_patches`. Received: "
        f"{generator!r}, whose last layers are "
        f"{', '.join(repr(layer) for layer in generator.layers[-2:])}."
    )


def _checked(latents, generator):
    """Return what the generator takes, as arrays, or raise a `ValueError`."""
    wanted = [tuple(each.shape[1:]) for each in generator.inputs]
    given = latents if isinstance(latents, list | tuple) else [latents]
    given = given if len(wanted) > 1 else [latents]
    arrays = [np.asarray(ops.convert_to_numpy(each)) for each in given]
    shapes = [each.shape[1:] for each in arrays]
    numbers = {len(each) for each in arrays}
    is_finite = all(np.isfinite(each).all() for each in arrays)
    if shapes != wanted or len(numbers) != 1 or numbers == {0} or not is_finite:
        raise ValueError(
            f"`latents` must be what the generator takes, finite and as many of each: "
            f"rows of the shapes {wanted}. Received: shapes "
            f"{[each.shape for each in arrays]}"
            f"{'' if is_finite else ', with NaN or infinity'}."
        )
    return arrays if len(wanted) > 1 else arrays[0]


def _is_bounded(generator):
    return getattr(generator.layers[-1], "activation", None) is keras.activations.tanh


def _mean_kernel(patches):
    """Return a kernel `(3, 3, width, channels)` that draws the mean of each patch."""
    # (patch_size, patch_size, channels, width), as transposed kernels are.
    mean = ops.convert_to_numpy(patches.kernel).mean(axis=(0, 1))
    kernel = np.zeros((3, 3, *mean.T.shape), "float32")
    kernel[1, 1] = mean.T
    return kernel


def _fitted_kernel(generator, smooth, latents, batch_size):
    """Return the kernel of the least squares, `(3, 3, width, channels)`."""
    trained = keras.Model(generator.input, generator.get_layer(TO_PATCHES).output)
    features = keras.Model(smooth.input, smooth.get_layer(TO_PATCHES).input)
    gram = moments = 0
    for batch in _batches(latents, batch_size):
        seen = _neighbourhoods(ops.cast(features(batch), "float32"))
        wanted = trained(batch)
        seen = ops.reshape(seen, (-1, seen.shape[-1]))
        wanted = ops.reshape(wanted, (-1, wanted.shape[-1]))
        weighted = ops.transpose(seen * _weights(wanted, _is_bounded(generator)))
        gram += ops.convert_to_numpy(weighted @ seen).astype("float64")
        moments += ops.convert_to_numpy(weighted @ wanted).astype("float64")
    gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    kernel = np.linalg.solve(gram, moments)
    return kernel.reshape(3, 3, len(gram) // 9, -1).astype("float32")


def _weights(outputs, is_bounded):
    """Return how much an error before the output's range shows in the image."""
    if not is_bounded:
        return 1.0
    slopes = ops.mean(1 - ops.square(ops.tanh(outputs)), axis=-1, keepdims=True)
    return ops.square(slopes) + LEAST_WEIGHT


def _batches(inputs, batch_size):
    inputs = keras.tree.map_structure(ops.convert_to_tensor, inputs)
    num_rows = keras.tree.flatten(inputs)[0].shape[0]
    for i in range(0, num_rows, batch_size):
        yield keras.tree.map_structure(lambda x, i=i: x[i : i + batch_size], inputs)


def _neighbourhoods(images):
    """Return what a 3 x 3 kernel sees of each pixel: `(..., 9 * channels)`."""
    height, width = images.shape[1:3]
    padded = ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [
        padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)
    ]
    return ops.concatenate(shifted, axis=-1)
