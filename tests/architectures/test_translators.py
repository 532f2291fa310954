"""Image translators and patch discriminators: sizes, fields, names, errors."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import architectures, backend, checkpoints
from keras_gan.architectures.patch_discriminator import FIELDS

pytestmark = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every size anew; tests/harness trains each network there",
)


def images(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return ops.convert_to_tensor(rng.uniform(-1, 1, shape).astype("float32"))


def number(tensor):
    return ops.convert_to_numpy(tensor)


ANY_SIZE = {
    "resnet": lambda shape: architectures.resnet_translator(
        shape, num_blocks=1, width=2
    ),
    "unet": lambda shape: architectures.unet(shape, width=2, depth=2),
    "patches": lambda shape: architectures.patch_discriminator(
        shape, field=16, width=2
    ),
}


@pytest.mark.parametrize("name", ANY_SIZE)
def test_a_network_for_any_size_is_that_for_one(name):
    any_size = ANY_SIZE[name]((None, None, 3))
    one_size = ANY_SIZE[name]((8, 12, 3))
    one_size.set_weights(any_size.get_weights())
    x = images(2, 8, 12, 3)
    np.testing.assert_allclose(number(any_size(x)), number(one_size(x)), atol=1e-6)
    larger = any_size(images(1, 16, 20, 3)).shape
    assert larger[1:] == ((6, 8, 1) if name == "patches" else (16, 20, 3))


@pytest.mark.parametrize(
    ("shape", "depth"),
    [
        ((64, 64, 3), 6),
        ((64, 48, 3), 4),
        ((256, 256, 1), 8),
        ((512, 1024, 1), 8),
        ((8, 24, 1), 3),
    ],
)
def test_a_unet_halves_as_often_as_both_sides_allow(shape, depth):
    network = architectures.unet(shape, width=1)
    names = {layer.name for layer in network.layers}
    assert f"down_{depth}_conv" in names
    assert f"down_{depth + 1}_conv" not in names
    assert network.output_shape[1:] == shape


@pytest.mark.parametrize(
    "make",
    [
        lambda: architectures.resnet_translator(
            (8, 8, 3),
            num_blocks=1,
            width=4,
            normalization="batch",
            dropout=0.5,
            upsampling="nearest",
        ),
        lambda: architectures.unet(
            (8, 8, 3), width=4, normalization="instance", upsampling="nearest"
        ),
        lambda: architectures.patch_discriminator((26, 31, 3), width=2),
    ],
)
def test_every_weight_of_a_variant_gets_a_gradient(make):
    network = make()
    x = images(2, *network.input_shape[1:])
    weights = network.trainable_variables
    _, gradients = backend.gradients(
        lambda: (ops.mean(ops.square(network(x, training=True) - 0.3)), ()), weights
    )
    for weight, gradient in zip(weights, gradients, strict=True):
        assert np.abs(number(gradient)).max() > 0, weight.path


def test_dropout_of_a_unet_is_where_it_was_published():
    network = architectures.unet((256, 256, 3), width=1)
    dropouts = [layer.name for layer in network.layers if "dropout" in layer.name]
    assert dropouts == ["up_7_dropout", "up_6_dropout", "up_5_dropout"]
    assert not [
        layer.name
        for layer in architectures.unet((64, 64, 3), width=1, dropout=0.0).layers
        if "dropout" in layer.name
    ]


@pytest.mark.parametrize("field", [16, 34, 70])
def test_a_logit_sees_its_field_and_no_more(field):
    """By the gradient of the logit in the middle, without normalisations."""
    network = architectures.patch_discriminator((96, 96, 1), field, width=1)
    inputs = network.inputs[0]
    x = inputs
    for layer in network.layers[1:]:
        x = x if layer.name.endswith("norm") else layer(x)
    bare = keras.Model(inputs, x)
    for weight in bare.weights:
        weight.assign(ops.ones(weight.shape))
    middle = bare.output_shape[1] // 2
    _, gradient = backend.input_gradient(
        lambda x: bare(x)[:, middle, middle, :], ops.ones((1, 96, 96, 1))
    )
    seen = number(gradient)[0, :, :, 0] > 0
    assert [seen.any(axis=i).sum() for i in (0, 1)] == [field, field]
    assert bare.output_shape[1] == (96 >> FIELDS[field]) - 2


def test_names_of_weights_say_where_they_are():
    generator = architectures.resnet_translator((8, 8, 3), num_blocks=1, width=2)
    unet = architectures.unet((8, 8, 3), width=2)
    patches = architectures.patch_discriminator((8, 8, 3), 16, width=2)
    expected = (
        (generator, ("from_images", "down_2_conv", "block_1_conv_2", "up_1_conv")),
        (unet, ("down_1_conv", "up_3_conv", "up_3_norm", "to_images")),
        (patches, ("block_1_conv", "block_2_conv", "logits")),
    )
    for network, layers in expected:
        names = list(checkpoints.named({"n": network}))
        assert not [name for name in names if "~" in name]
        for layer in layers:
            assert any(name.startswith(f"n/{layer}/") for name in names), layer


def test_kernels_start_small():
    network = architectures.unet((64, 64, 3), width=16)
    kernels = [w for w in network.weights if w.name == "kernel"]
    values = np.concatenate([number(kernel).ravel() for kernel in kernels])
    assert values.std() == pytest.approx(0.02, rel=0.02)
    assert abs(values.mean()) < 1e-3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: architectures.resnet_translator((65, 64, 3)),
            "multiples of 4.*instance to 68 x 64",
        ),
        (lambda: architectures.resnet_translator((4, 8, 3)), "at least 8 x 8"),
        (lambda: architectures.resnet_translator((8, 8, 9)), "1 to 4 channels"),
        (lambda: architectures.resnet_translator((8, 8)), "for any size"),
        (
            lambda: architectures.resnet_translator((8, 8, 3), normalization="layer"),
            '`normalization` must be "instance" or "batch"',
        ),
        (
            lambda: architectures.unet((8, 8, 3), upsampling="bilinear"),
            '`upsampling` must be "transposed" or "nearest"',
        ),
        (lambda: architectures.unet((65, 64, 3)), "multiples of 8.*to 72 x 64"),
        (
            lambda: architectures.unet((48, 64, 3), depth=5),
            "5 halvings takes .* multiples of 32.*to 64 x 64",
        ),
        (lambda: architectures.unet((None, None, 3)), "Pass `depth`"),
        (
            lambda: architectures.unet((None, 50, 3), depth=2),
            "multiples of 4.*to None x 52",
        ),
        (
            lambda: architectures.patch_discriminator((16, 64, 3)),
            "no logit of images of 16 x 64.*smaller field: 16 or 34",
        ),
        (
            lambda: architectures.patch_discriminator((64, 64, 3), field=64),
            r"`field` must be one of \[16, 34, 70",
        ),
        (
            lambda: architectures.patch_discriminator(
                (64, 64, 3), condition=(32, 64, 1)
            ),
            "must have one size",
        ),
        (lambda: architectures.cyclegan((30, 32, 3)), "multiples of 4.*to 32 x 32"),
        (
            lambda: architectures.pix2pix((32, 32, 3), generator="vgg"),
            '`generator` must be "unet" or "resnet". Received: .vgg.',
        ),
        (
            lambda: architectures.pix2pix((32, 32, 3), generator="resnet", depth=3),
            "`depth` is of a U-Net.*depth=3",
        ),
        (
            lambda: architectures.pix2pix((32, 32, 3), num_blocks=3),
            "`num_blocks` of residual networks.*depth=None, num_blocks=3",
        ),
        (
            lambda: architectures.unet((8, 8, 3), dropout="half"),
            "`dropout` must be a finite number",
        ),
        (
            lambda: architectures.resnet_translator((8, 8, 3), dropout=1),
            "`dropout` must be at least 0 and below 1. Received: 1",
        ),
    ],
)
def test_what_cannot_be_built(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_sets_go_together():
    g_ab, g_ba, d_a, d_b = architectures.cyclegan((16, 8, 1), 3, width=2, field=16)
    assert [network.name for network in (g_ab, g_ba, d_a, d_b)] == [
        *("generator_ab", "generator_ba", "discriminator_a", "discriminator_b")
    ]
    assert g_ab(images(1, 16, 8, 1)).shape == (1, 16, 8, 3)
    assert d_b(g_ab(images(1, 16, 8, 1))).shape[-1] == 1
    assert sum(layer.name.endswith("_add") for layer in g_ba.layers) == 6
    big, *_ = architectures.cyclegan((None, None, 3), width=1)
    assert sum(layer.name.endswith("_add") for layer in big.layers) == 9
    generator, discriminator = architectures.pix2pix(
        (16, 8, 1), 3, width=2, field=16, discriminator_width=4
    )
    x = images(1, 16, 8, 1)
    assert discriminator([x, generator(x)]).shape == (1, 6, 2, 1)
    assert discriminator.get_layer("block_1_conv").filters == 4
    residual, _ = architectures.pix2pix(
        (16, 8, 1), 3, width=2, field=16, generator="resnet", num_blocks=2
    )
    assert residual(x).shape == (1, 16, 8, 3)
    assert residual.get_layer("block_2_dropout").rate == 0.5
    assert residual.get_layer("block_2_conv_2").filters == 8
