"""A trained generator as a folder that others load: in Keras, or on a server."""

from pathlib import Path

from keras_gan.precision import single_precision
from keras_gan.presets import weights
from keras_gan.presets.registry import get


def ship(gan, preset, folder="savedmodels", version=1, overwrite=False, **facts):
    """Write a trained generator to where `from_preset` and servers find it.

    `folder/NAME/VERSION/` is a SavedModel with a model card, and holds the weights
    for Keras too. Both are in half precision on the disk if that draws the same
    pictures, within 1/255. What they compute in is float32, whatever it was in
    training.

    Args:
        gan: the trained model.
        preset: the `Preset` it was trained by.
        folder: where generators are gathered.
        version: int; None for the next free one.
        overwrite: whether what exists may be replaced.
        **facts: for the model card: `metrics`, `training`, `data`, `licence`.

    Returns:
        The `pathlib.Path` of the version's folder.

    Example:

    ```python
    preset = keras_gan.presets.get("dcgan_fashion_mnist")
    gan = preset.build(seed=0)
    gan.fit(preset.load_data(), epochs=20)
    keras_gan.presets.ship(gan, preset, data="Fashion-MNIST")
    ```
    """
    gan = in_single_precision(gan, preset)
    half = weights.survives_halving(gan)
    card = {
        "preset": preset.to_dict(),
        "weights": "float16" if half else "float32",
        **facts,
    }
    path = gan.sampler.export(
        Path(folder) / preset.name,
        version,
        overwrite,
        card=card,
        weights_dtype="float16" if half else None,
    )
    weights.write(gan.sampler.network, path, half)
    return path


def in_single_precision(gan, preset):
    """The same generator, computing in float32, in an untrained GAN of the preset.

    Args:
        gan: the trained model.
        preset: the `Preset` it was trained by.
    """
    with single_precision():
        twin = preset.build()
    twin.sampler.network.set_weights(gan.sampler.network.get_weights())
    return twin


def from_preset(name, seed=None):
    """A GAN whose generator is a trained one.

    Generate, walk through its latent space, export it. The discriminator is not
    shipped and starts anew, so `fit` begins another game with a trained generator.

    Args:
        name: str, such as `"dcgan_fashion_mnist"`; see `keras_gan.presets.names`.
        seed: int, for the random draws of training.

    Returns:
        A `keras_gan.GAN`, or the model that the preset names, compiled.

    Raises:
        ValueError: on an unknown name, and on a preset whose trained weights are
            not at hand; `KERAS_GAN_HOME` may name a folder with `savedmodels/`.

    Example:

    ```python
    gan = keras_gan.from_preset("dcgan_fashion_mnist")
    images = gan.generate(16, seed=0)
    ```
    """
    preset = get(name)
    folder = preset.trained
    if folder is None:
        homes = " or ".join(str(home / "savedmodels") for home in weights.homes())
        raise ValueError(
            f"There are no trained weights of {name!r} in {homes}. Train it with "
            f"`keras-gan train {name}`, or name the folder that holds `savedmodels` "
            "in the environment variable KERAS_GAN_HOME."
        )
    gan = preset.build(seed)
    weights.read(gan.generator, folder)
    if gan.ema_generator is not None:
        gan.ema_generator.set_weights(gan.generator.get_weights())
    return gan
