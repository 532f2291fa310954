"""What a run does to its trained generator before the model is saved."""

import keras

from keras_gan.presets import Preset


def check(gan: keras.Model, preset: Preset) -> None:
    """Refuse a generator that the preset could not finish, before it is trained.

    Args:
        gan: the untrained model.
        preset: the `Preset` it was made of.

    Raises:
        ValueError: if `preset.finish` does not take the generator.
    """
    if preset.finish is None:
        return
    try:
        preset.finished_generator(gan.generator)
    except ValueError as error:
        raise ValueError(
            f"The preset {preset.name!r} finishes its trained generator by "
            f"{preset.finish.target!r}, which is not possible: {error} Leave it out: "
            "`preset.replace(finish=None)`."
        ) from error


def finished(gan: keras.Model, preset: Preset) -> keras.Model:
    """Return a trained model with its generator finished, where the preset says so.

    It is that of `gan.generate`, the moving average where there is one. Training can go
    on with the model; its optimizers are new.

    Args:
        gan: the trained model.
        preset: the `Preset` it was made of.
    """
    if preset.finish is None:
        return gan
    generator = preset.finished_generator(gan.network_to_sample(), gan.prior)
    generator.trainable = True  # an average is not
    config = gan.get_config()
    config["generator"] = keras.saving.serialize_keras_object(generator)
    finished = type(gan).from_config(config)
    finished.generator.set_weights(generator.get_weights())
    finished.discriminator.set_weights(gan.discriminator.get_weights())
    finished.compile(**preset.compile_arguments())
    return finished
