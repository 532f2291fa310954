"""Names of layers and weights, networks alone, and files of the first edition.

A name is unique in its network, is the same in every process, and says where the
layer is.
"""

import functools
import re
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan  # registers the classes that files name
from keras_gan import architectures, checkpoints

pytestmark = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every size anew; tests/harness trains each network there",
)
on_torch = pytest.mark.backends(
    "torch",
    reason="names are the same on all; tests/harness trains each network, and writes "
    "it to a file",
)

FIRST_EDITION = Path(__file__).parents[1] / "fixtures" / "first_edition"

SETTINGS = {
    "cogan": {"image_shape": (8, 16, 1), "latent_dim": 4, "width": 2},
    "infogan": {
        **{"image_shape": (8, 8, 1), "latent_dim": 4, "width": 2},
        **{"code_dim": 3, "units": 8},
    },
    "mlp": {"data_shape": (5,), "latent_dim": 4},
    "mlp_2014": {"image_shape": (4, 4, 1), "latent_dim": 4},
    "dcgan": {"image_shape": (16, 12, 2), "latent_dim": 4, "width": 2},
    "resnet": {"image_shape": (16, 16, 1), "latent_dim": 4, "width": 2},
    "progressive": {
        **{"image_shape": (8, 8, 1), "latent_dim": 4, "width": 2, "max_width": 4}
    },
    "r3gan": {"image_shape": (8, 8, 1), "latent_dim": 4, "width": 8},
    "stylegan2": {
        **{"image_shape": (8, 8, 1), "latent_dim": 4, "w_dim": 4, "width": 2},
        **{"max_width": 4, "num_mapping_layers": 2},
    },
}
VARIANTS = [
    ("cogan", {}),
    ("cogan", {"shared_maps": 1}),
    ("infogan", {}),
    ("mlp", {}),
    ("mlp", {"num_classes": 3, "generator_units": (8, 7, 6), "num_packed": 2}),
    ("mlp", {"num_classes": 3, "conditioning": "auxiliary"}),
    ("mlp_2014", {}),
    ("dcgan", {"num_extra_convs": (2, 1), "discriminator_width": 3}),
    ("dcgan", {"num_classes": 3, "num_packed": 2}),
    ("dcgan", {"num_classes": 3, "conditioning": "projection"}),
    ("dcgan", {"num_classes": 3, "conditioning": "auxiliary"}),
    ("resnet", {"attention_at": 8}),
    ("resnet", {"num_classes": 3, "spectral_norm": False, "attention_at": 8}),
    ("resnet", {"num_classes": 3, "conditioning": "concatenation"}),
    ("resnet", {"num_classes": 3, "conditioning": "auxiliary"}),
    ("progressive", {}),
    ("progressive", {"num_classes": 3, "group_size": 2}),
    ("r3gan", {"width": (16, 8), "num_blocks": (1, 2)}),
    ("r3gan", {"num_classes": 3, "patch_size": 2}),
    ("r3gan", {"patch_size": 2, "smooth_patches": True}),
    ("stylegan2", {}),
    ("stylegan2", {"num_classes": 3, "synthesis": "resnet", "group_size": 2}),
]
each_variant = pytest.mark.parametrize(
    "number",
    [
        pytest.param(i, id=f"{family}-variant{i}", marks=on_torch)
        for i, (family, _) in enumerate(VARIANTS)
    ],
)
PARTS = {  # arguments of the pair, and those of the one network that they set
    "generator_units": ("generator", "generator_units"),
    "discriminator_units": ("discriminator", "discriminator_units"),
    "discriminator_width": ("discriminator", "width"),
    "discriminator_batch_norm": ("discriminator", "batch_norm"),
    "code_dim": ("discriminator", "code_dim"),
    "num_packed": ("discriminator", "num_packed"),
    "spectral_norm": ("discriminator", "spectral_norm"),
    "latent_dim": ("generator", "latent_dim"),
    "output_activation": ("generator", "output_activation"),
    "shared_maps": ("generator", "shared_maps"),
    "w_dim": ("generator", "w_dim"),
    "num_mapping_layers": ("generator", "num_mapping_layers"),
    "synthesis": ("generator", "synthesis"),
    "group_size": ("discriminator", "group_size"),
}


def build(family, variant):
    return getattr(architectures, family)(**{**SETTINGS[family], **variant})


@functools.cache
def built(number):
    """The pair of a variant, from a seed; tests do not change it."""
    keras.utils.set_random_seed(5)
    return build(*VARIANTS[number])


def automatic(layer):
    """Whether Keras could have given a layer its name."""
    keras_name = type(type(layer).__name__, (keras.layers.Layer,), {})().name
    stem = re.sub(r"_\d+$", "", keras_name)
    return re.fullmatch(rf"{stem}(_\d+)?", layer.name) is not None


def layers_within(layer):
    for part in layer._flatten_layers(include_self=False, recursive=False):
        yield part
        yield from layers_within(part)


@each_variant
def test_every_layer_with_weights_has_a_name_of_its_own(number):
    for network in built(number):
        named = checkpoints.named({network.name: network})
        assert not [name for name in named if "~" in name]
        assert not [
            layer.name
            for layer in layers_within(network)
            if layer.variables and automatic(layer)
        ]
        for layer in network.layers:
            assert network.get_layer(layer.name) is layer
        # The name of a variable is that by which Keras knows it, in its half.
        halves = ("", "mapping/", "synthesis/")
        for name, variable in named.items():
            if "seed_generator" not in variable.path:
                assert name in {f"{network.name}/{h}{variable.path}" for h in halves}


@each_variant
def test_names_survive_a_second_build_and_a_file(number, tmp_path):
    first, second = built(number), build(*VARIANTS[number])
    for network, again in zip(first, second, strict=True):
        names = list(checkpoints.named({"n": network}))
        assert list(checkpoints.named({"n": again})) == names
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        assert list(checkpoints.named({"n": loaded})) == names


@each_variant
def test_a_function_for_each_network(number):
    """The pair is its generator and its discriminator, built in this order."""
    family, variant = VARIANTS[number]
    settings = {**SETTINGS[family], **variant}
    pair = built(number)
    keras.utils.set_random_seed(5)
    for network in pair:
        own = {}
        for name, value in settings.items():
            role, argument = PARTS.get(name, (network.name, name))
            if role == network.name:
                own[argument] = value
        if (family, network.name) == ("mlp", "generator"):
            own.pop("conditioning", None)
        alone = getattr(architectures, f"{family}_{network.name}")(**own)
        assert alone.name == network.name
        for ours, theirs in zip(alone.weights, network.weights, strict=True):
            assert ours.path == theirs.path
            np.testing.assert_array_equal(
                ops.convert_to_numpy(ours), ops.convert_to_numpy(theirs)
            )


@on_torch
def test_a_weight_is_found_by_its_name():
    generator, discriminator = build("resnet", {"num_classes": 3})
    block = generator.get_layer("block_2_conv_1")
    assert block.kernel.shape == (3, 3, 2, 2)
    assert discriminator.get_layer("logits").kernel.shape == (2, 1)
    names = checkpoints.named({"d": discriminator})
    assert "d/block_1_conv_1/u" in names
    assert "d/block_1_conv_1/layer/kernel" in names
    assert "d/label_projection/layer/embeddings" in names


@on_torch
def test_heads_have_the_same_names_everywhere():
    for family in ("mlp", "dcgan", "resnet"):
        _, discriminator = build(
            family, {"num_classes": 3, "conditioning": "auxiliary"}
        )
        assert discriminator.get_layer("logits").output.shape[-1] == 1
        assert discriminator.get_layer("class_logits").output.shape[-1] == 3
    for family in ("dcgan", "resnet"):
        _, discriminator = build(
            family, {"num_classes": 3, "conditioning": "projection"}
        )
        logits = discriminator.get_layer("conditional_logits").output
        assert logits is discriminator.output


@pytest.mark.parametrize(
    "name",
    [
        "resnet_conditional",
        *(pytest.param(name, marks=on_torch) for name in ("dcgan", "r3gan")),
    ],
)
def test_a_file_of_the_first_edition_draws_its_images(name):
    """A compiled GAN with EMA after one step, written before layers had names."""
    gan = keras.saving.load_model(FIRST_EDITION / f"{name}.keras")
    assert isinstance(gan, keras_gan.GAN)
    with np.load(FIRST_EDITION / f"{name}.npz") as file:
        arrays = dict(file)
    labels = arrays.get("labels")
    images = gan.synthesize(arrays["latents"], labels)
    np.testing.assert_allclose(images, arrays["images"], atol=1e-5)

    def call(network, data):
        inputs = data if labels is None else [data, labels]
        return ops.convert_to_numpy(network(inputs))

    # The average draws these images, and not the generator that is trained.
    trained = call(gan.generator, arrays["latents"])
    np.testing.assert_allclose(trained, arrays["raw"], atol=1e-5)
    assert np.abs(trained - images).max() > 1e-3
    logits = call(gan.discriminator, arrays["real"])
    np.testing.assert_allclose(logits, arrays["logits"], rtol=1e-4, atol=1e-5)
