"""Models from presets, and to them."""

import os
import tempfile
from pathlib import Path

from keras_gan import hub, presets
from keras_gan.presets import folder, loading, trained, weights


def from_preset(cls, preset, load_weights=True, seed=None):
    """Return a compiled model of a class, or of the subclass that a preset names.

    See `keras_gan.GAN.from_preset`.
    """
    if folder.is_one(preset):
        preset = folder.find(preset, whole=True)
        model = folder.read_model(preset, load_weights)
        if not isinstance(model, cls):
            raise ValueError(
                f"{str(preset)!r} holds a {type(model).__name__}, which is no "
                f"{cls.__name__}. Call `{type(model).__name__}.from_preset`."
            )
        return model
    if not isinstance(preset, presets.Preset):
        preset = presets.get(preset)
    kind = _subclass(cls, preset)
    files = _find_trained(preset) if load_weights else {}
    networks = preset.make_networks()
    if files and preset.finish is not None:
        networks["generator"] = preset.finished_generator(networks["generator"])
    model = kind(
        **networks,
        **_given(prior=preset.make_prior(), condition=preset.condition),
        seed=seed,
        name=preset.name,
    )
    model.compile(**preset.compile_arguments())
    for direction, path in files.items():
        name = preset.generator_name(direction)
        weights.read(networks[name] if direction else model.whole_generator(), path)
    for name, network in getattr(model, "kept_networks", dict)().items():
        for path in files.values():
            weights.read(network, path, name)
    if files and getattr(model, "ema_generator", None) is not None:
        model.ema_generator.set_weights(model.generator.get_weights())
    return model


def _find_trained(preset):
    """Return the files of all trained generators, by their directions."""
    directions = preset.directions or (None,)
    return {each: loading.find_trained(preset, each) for each in directions}


def save_to_preset(
    model,
    path: str | os.PathLike,
    overwrite: bool = False,
    card: dict | None = None,
    private: bool | None = None,
) -> Path | str:
    """Write a model to a folder or to the hub; see `keras_gan.GAN.save_to_preset`."""
    sampler = trained.sampler_of(model)
    if hub.is_address(path):
        return _publish(model, sampler, path, overwrite, card, private)
    if card is not None or private is not None:
        raise ValueError(
            "`card` and `private` are for models on the hub: "
            f'`save_to_preset("hf://user/name", card=...)`. Received: {str(path)!r}'
        )
    return folder.write(path, sampler, model, overwrite)


def _publish(model, sampler, address, overwrite, card, private):
    """Write a model with its page beside it, and upload both in one commit."""
    hub.parse(address)
    hub.card.check(card)
    with tempfile.TemporaryDirectory(prefix="keras_gan_") as draft:
        written = folder.write(Path(draft) / "model", sampler, model)
        hub.card.write(written, address, sampler, type(model).__name__, card)
        files = (*folder.FILES, hub.card.PICTURE)
        return hub.upload(address, written, files, overwrite, private)


def _given(**arguments):
    return {name: value for name, value in arguments.items() if value is not None}


def _subclass(cls, preset):
    """Return the class of a preset's model, among a class and its subclasses."""
    found = {kind.__name__: kind for kind in _descendants(cls)}
    if preset.model not in found:
        raise ValueError(
            f"The preset {preset.name!r} is a {preset.model}, which is no "
            f"{cls.__name__}. Call `keras_gan.models.{preset.model}.from_preset`."
        )
    return found[preset.model]


def _descendants(cls):
    yield cls
    for each in cls.__subclasses__():
        yield from _descendants(each)
