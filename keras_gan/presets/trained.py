"""Write a preset's trained generator where others load it: in Keras, or on a server."""

from pathlib import Path

from keras_gan import precision
from keras_gan.presets import weights


def save_trained(
    model,
    preset,
    folder="savedmodels",
    version: int | None = 1,
    overwrite: bool = False,
    direction: str | None = None,
    **facts,
) -> Path:
    """Write a trained generator to where `from_preset` and servers find it.

    `folder/NAME/VERSION/` is a SavedModel with a model card, and holds the weights
    for Keras too, and those of an autoencoder's encoder. All are in half precision on
    the disk if that draws the same pictures, within 1/255. They compute in float32,
    whatever training computed in.

    Args:
        model: the trained model, or a `Sampler`.
        preset: the `Preset` it was trained by.
        folder: where generators are gathered.
        version: int; None for the next free one.
        overwrite: whether what exists may be replaced.
        direction: str, of a model that translates in two; None for the first. The
            others are written to `folder/NAME_DIRECTION/`.
        **facts: for the model card: `metrics`, `training`, `data`, `licence`.

    Returns:
        The `pathlib.Path` of the version's folder.

    Example:

    ```python
    preset = keras_gan.presets.get("dcgan_fashion_mnist")
    gan = keras_gan.GAN.from_preset(preset, load_weights=False, seed=0)
    gan.fit(preset.load_data(), epochs=20)
    keras_gan.presets.save_trained(gan, preset, data="Fashion-MNIST")
    ```
    """
    sampler = in_single_precision(sampler_of(model, direction), preset, direction)
    half = weights.survives_halving(sampler)
    dtype = "float16" if half else "float32"
    card = {"preset": preset.to_dict(), "weights": dtype, **facts}
    path = sampler.export(
        Path(folder) / preset.trained_name(direction),
        version,
        overwrite,
        card=card,
        weights_dtype="float16" if half else None,
    )
    weights.write(sampler.network, path, half)
    for name, network in getattr(model, "kept_networks", dict)().items():
        weights.write(network, path, half, name)
    return path


def sampler_of(model, direction: str | None = None):
    """Return what a model samples or translates with; a sampler is its own."""
    if hasattr(model, "directions"):
        return model.translator(direction or model.directions[0])
    return getattr(model, "sampler", model)


def in_single_precision(sampler, preset, direction: str | None = None):
    """Return the same generator, finished, in a new sampler that computes in float32.

    What a generator is trained as, and what it is finished as, tell apart the shapes of
    their weights.
    """
    with precision.single_precision():
        copy = preset.make_sampler(direction)
        is_finished = _shapes(copy) != _shapes(sampler)
        if is_finished:
            copy = preset.make_sampler(direction, is_finished)
        copy.network.set_weights(sampler.network.get_weights())
        if not is_finished:
            copy.network = preset.finished_generator(copy.network, copy.prior)
    copy.latent_directions = sampler.latent_directions
    return copy


def _shapes(sampler):
    return [tuple(variable.shape) for variable in sampler.network.weights]
