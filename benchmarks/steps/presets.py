"""Presets through `gan.fit`: R3GAN for CIFAR-10, and StyleGAN2.

Losses, penalties, optimizers and moving averages are those of `keras_gan.presets`;
the pixels are noise.
"""

from keras_gan import GAN, presets

import keras
import numpy as np

from steps import data, flops
from steps import nets as descriptions
from steps.fit import Fit

PERIOD = 16  # the steps after which StyleGAN2's lazy penalties repeat


def build(nets, batch_size, dtype, name, is_tiny=False, augmented=False, **compiled):
    """Return a program.

    Args:
        nets: not looked at; a preset has networks of its own.
        batch_size: int, the images of a step.
        dtype: str, the dtype policy.
        name: `"r3gan"` or `"stylegan2"`.
        is_tiny: bool, whether to take tiny networks, for tests.
        augmented: bool, whether with the augmentation of the preset.
        **compiled: further arguments of `compile`.
    """
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(dtype)
    preset = {"r3gan": r3gan, "stylegan2": stylegan2}[name](is_tiny)
    preset = preset.replace(batch_size=batch_size)
    gan = GAN(**preset.make_networks(), condition=preset.condition, seed=0)
    arguments = preset.compile_arguments() | compiled
    gan.compile(**(arguments if augmented else arguments | {"augment": None}))
    program = Fit(gan, noise(preset), compiled.get("steps_per_execution", 1))
    layers = flops.layers_of(gan.generator), flops.layers_of(gan.discriminator)
    images_a_pass = batch_size // (2 if name == "r3gan" else 1)
    program.flop = flops.of_passes(*layers, name, images_a_pass)
    program.period = PERIOD if name == "stylegan2" else 1
    return program


def r3gan(is_tiny):
    """Return the preset `r3gan_cifar10`, or with tiny networks."""
    nets = descriptions.r3gan(is_tiny)
    arguments = {"width": nets.widths, "latent_dim": nets.latent_dim}
    arguments |= {"num_blocks": nets.num_blocks, "group_size": nets.group_size}
    preset = presets.get("r3gan_cifar10")
    return preset.replace(nets.image_shape, nets.num_classes, arguments=arguments)


def stylegan2(is_tiny):
    """Return the preset `stylegan2_ffhq_256` for 128 px, or with tiny networks."""
    nets = descriptions.stylegan2(is_tiny)
    names = ("latent_dim", "w_dim", "num_mapping_layers")
    arguments = {"width": nets.widths, **{name: getattr(nets, name) for name in names}}
    preset = presets.get("stylegan2_ffhq_256")
    return preset.replace(nets.image_shape, arguments=arguments)


def noise(preset):
    """Return one batch of noise, with labels where the preset has some, repeated."""
    rng = np.random.default_rng(0)
    shape = (preset.batch_size, *preset.image_shape)
    arrays = [rng.integers(0, 256, shape, "uint8")]
    if preset.num_classes:
        arrays.append(rng.integers(0, preset.num_classes, len(arrays[0]), "int32"))
    return data.repeated(*arrays)
