"""Which public names there are, and which entries cover them."""

import inspect

from catalogue.games import MODELS
from catalogue.layers import LAYERS
from catalogue.networks import ARCHITECTURES, PARTS, TRANSLATORS
from catalogue.objects import (
    AUGMENTATIONS,
    DIRECTIONS,
    GENERATOR_PENALTIES,
    INITIALIZERS,
    INVARIANCES,
    LIKELIHOODS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
)
from keras_gan import (
    architectures,
    augment,
    invariance,
    latents,
    layers,
    likelihoods,
    losses,
    models,
)
from keras_gan import initializers as own_initializers
from keras_gan import optimizers as own_optimizers
from keras_gan import penalties as own_penalties

# What others are derived from, what nobody can use alone, and what a function returns.
ABSTRACT = {
    *("AdversarialLoss", "AdversarialModel", "Augmentation", "Autoencoder"),
    *("GeneratorPenalty", "ImageTranslator", "LatentVariableModel", "Likelihood"),
    *("Penalty", "Prior", "Projection"),
}

NETWORKS = ("generator", "discriminator", "encoder", "posterior")

# Where public names come from, and the entries that must cover them.
TABLES = {
    "architectures": (architectures, {**ARCHITECTURES, **TRANSLATORS, **PARTS}),
    "augment": (augment, AUGMENTATIONS),
    "initializers": (own_initializers, INITIALIZERS),
    "invariance": (invariance, INVARIANCES),
    "latents": (latents, {**PRIORS, **DIRECTIONS}),
    "layers": (layers, LAYERS),
    "likelihoods": (likelihoods, LIKELIHOODS),
    "losses": (losses, LOSSES),
    "models": (models, MODELS),
    "optimizers": (own_optimizers, OPTIMIZERS),
    "penalties": (own_penalties, {**PENALTIES, **GENERATOR_PENALTIES}),
}


def public_names(module):
    """The public classes of a module, and the functions of `architectures`."""
    exported = getattr(module, "__all__", None) or [
        name
        for name, thing in vars(module).items()
        if getattr(thing, "__module__", None) == module.__name__
    ]
    kind = inspect.isfunction if module is architectures else inspect.isclass
    return {
        name
        for name in exported
        if not name.startswith("_") and kind(getattr(module, name))
    } - ABSTRACT


def missing_entries(module, entries):
    """The public names of a module that no entry covers.

    An entry of a pair covers the functions that make its networks one by one.
    """
    covered = {key.split(":")[0] for key in entries}
    covered |= {f"{name}_{own}" for name in covered for own in NETWORKS}
    return sorted(public_names(module) - covered)
