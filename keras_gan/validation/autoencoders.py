"""Do an encoder, a generator, a posterior and a prior fit each other?"""

import keras
import numpy as np
from keras import ops

from keras_gan.validation import arguments
from keras_gan.validation.logits import check_logits
from keras_gan.validation.networks import check_model, symbolic_inputs
from keras_gan.validation.pictures import check_reaches_black


def check_prior(prior, condition=None) -> None:
    """Check that the divergence from a prior has a closed form.

    Args:
        prior: from `keras_gan.latents`.
        condition: what was passed as a condition.

    Raises:
        ValueError: if the prior is no standard normal, or there is a condition.
    """
    if type(prior).__name__ != "Normal":
        raise ValueError(
            "The divergence from the prior is in closed form for a standard normal. "
            f"Pass `prior=keras_gan.latents.Normal(latent_dim)`. Received: {prior!r}"
        )
    if condition is not None:
        raise ValueError(
            f"An autoencoder takes no condition here. Received: {condition!r}"
        )


def check_networks(encoder, generator, posterior, latent_dim) -> tuple[int, ...]:
    """Check that networks fit, and return the shape of one example.

    Args:
        encoder: `keras.Model` from data to what describes their latents.
        generator: `keras.Model` from latents to data.
        posterior: `keras.Model` from the encoder's outputs and noise, or None.
        latent_dim: int, the length of a latent.

    Raises:
        ValueError: if they do not fit.
    """
    check_model("encoder", encoder)
    check_model("generator", generator)
    given = symbolic_inputs((latent_dim,))
    taken = [tuple(each.shape[1:]) for each in getattr(generator, "inputs", None) or ()]
    if taken not in ([], [(latent_dim,)]):
        raise ValueError(
            f"The generator takes {taken}, and the prior draws ({latent_dim},). Give "
            "them one size; an autoencoder's generator takes latents alone."
        )
    shape = tuple(generator(given).shape[1:])
    check_reaches_black(generator, given if len(shape) == 3 else None)
    taken = [tuple(each.shape[1:]) for each in getattr(encoder, "inputs", None) or ()]
    if taken not in ([], [shape]):
        raise ValueError(
            f"The generator makes examples of shape {shape}, and the encoder takes "
            f"{taken}. Give them one shape."
        )
    encoded = keras.tree.flatten(encoder(symbolic_inputs(shape)))
    outputs = encoded
    if posterior is not None:
        check_model("posterior", posterior)
        _check_inputs(posterior, encoded, latent_dim)
        outputs = keras.tree.flatten(posterior([*encoded, given]))
    made = [tuple(each.shape) for each in outputs]
    if made != [(None, 2 * latent_dim)]:
        last = "encoder" if posterior is None else "posterior"
        hint = "" if len(made) < 2 else " For a second output pass a `posterior`."
        raise ValueError(
            f"The {last}'s outputs have the shapes {made}. Expected [(None, "
            f"{2 * latent_dim})]: a mean and a log standard deviation for each of "
            f"{latent_dim} latents.{hint}"
        )
    if posterior is not None:
        _check_order(posterior, [tuple(each.shape[1:]) for each in encoded], latent_dim)
    return shape


def check_features(discriminator, shape) -> None:
    """Check that a discriminator gives a logit and features.

    Args:
        discriminator: `keras.Model` from data.
        shape: tuple, that of one example.

    Raises:
        ValueError: if not.
    """
    check_model("discriminator", discriminator)
    inputs = getattr(discriminator, "inputs", None) or ()
    taken = [tuple(each.shape[1:]) for each in inputs]
    if taken not in ([], [shape]):
        raise ValueError(
            f"The generator makes examples of shape {shape}, and the discriminator "
            f"takes {taken}. Give them one shape."
        )
    outputs = keras.tree.flatten(discriminator(symbolic_inputs(shape)))
    shapes = [tuple(each.shape) for each in outputs]
    if len(shapes) != 2 or shapes[0] != (None, 1) or len(shapes[1]) < 2:
        raise ValueError(
            f"The discriminator's outputs have the shapes {shapes}. Expected a logit, "
            "(None, 1), and the features of a layer. Of your own: `keras.Model("
            "d.inputs, [d.output, d.get_layer(name).output])`."
        )
    if getattr(discriminator, "outputs", None):  # features may be squashed
        discriminator = keras.Model(discriminator.inputs, discriminator.outputs[0])
    check_logits(discriminator, shape)


def check_loss(loss):
    """Return a loss, after a check that it takes any number of fakes.

    Raises:
        ValueError: if it compares pairs of real and generated data.
    """
    if loss.is_relativistic:
        raise ValueError(
            "A VAEGAN has two fakes for each real image, and this loss compares pairs. "
            f"Pass another, such as 'non_saturating'. Received: {loss!r}"
        )
    return loss


def check_fakes(fakes_per_image: int, penalties) -> int:
    """Return how many fakes a VAEGAN has for each image.

    Raises:
        ValueError: if it is not 1 or 2, or 2 and a penalty compares pairs.
    """
    if arguments.integer("fakes_per_image", fakes_per_image) > 2:
        raise ValueError(
            f"`fakes_per_image` must be 1 or 2. Received: {fakes_per_image}"
        )
    names = [type(penalty).__name__ for penalty in penalties]
    if fakes_per_image == 2 and "GradientPenalty" in names:
        raise ValueError(
            "`GradientPenalty` takes one fake for each image, and this VAEGAN has two. "
            "Pass `fakes_per_image=1`, or a penalty at the data or the fakes alone, "
            "such as `keras_gan.penalties.R1(0.1)`."
        )
    return fakes_per_image


def check_balance(feature_weight, equilibrium, margin) -> None:
    """Check the settings of a VAEGAN's balance.

    Raises:
        ValueError: if one is negative.
    """
    given = {"feature_weight": feature_weight, "equilibrium": equilibrium}
    given |= {} if margin is None else {"margin": margin}
    for name, value in given.items():
        if arguments.finite(name, value) < 0:
            raise ValueError(f"`{name}` must not be negative. Received: {value}")


def _check_inputs(posterior, encoded, latent_dim):
    expected = [tuple(each.shape[1:]) for each in encoded] + [(latent_dim,)]
    taken = [tuple(each.shape[1:]) for each in getattr(posterior, "inputs", None) or ()]
    if taken not in ([], expected):
        raise ValueError(
            f"The posterior takes inputs of the shapes {taken}. Expected {expected}: "
            "the encoder's outputs, and the noise of the latents last."
        )


def _check_order(posterior, shapes, latent_dim):
    """Check that a latent's statistics follow the noise of those before it alone."""
    rng = np.random.default_rng(0)
    rows = latent_dim + 1
    noise = np.tile(rng.normal(size=latent_dim), (rows, 1)).astype("float32")
    noise[np.arange(1, rows), np.arange(latent_dim)] += 3.0  # row i + 1: latent i
    encoded = [
        np.tile(rng.normal(size=shape), (rows, 1)).astype("float32") for shape in shapes
    ]
    inputs = [ops.convert_to_tensor(each) for each in (*encoded, noise)]
    with keras.StatelessScope():
        statistics = ops.convert_to_numpy(posterior(inputs, training=False))
    changes = np.abs(statistics[1:] - statistics[:1])
    changes = changes.reshape(latent_dim, 2, latent_dim).max(axis=1)  # (noise, latent)
    wrong = np.argwhere(np.tril(changes > 1e-5 + 1e-4 * np.abs(statistics).max()))
    if len(wrong):
        noise_of, latent = wrong[0]
        raise ValueError(
            f"The posterior's latent {latent} follows the noise of latent {noise_of}. "
            "It may follow that of the latents before it alone, or the density is "
            "wrong. Build it of `keras_gan.layers.AutoregressiveDense`, or see "
            "`keras_gan.architectures.vae_posterior`."
        )
