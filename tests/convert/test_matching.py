"""State dicts of other networks: what is missing, unknown or of another shape."""

import itertools
import re

import numpy as np
import pytest
from keras import ops

from keras_gan import architectures, convert

pytestmark = pytest.mark.backends(
    "tensorflow", "torch", reason="names and shapes: no backend code"
)


def resnet(num_blocks=1, width=2, channels=3, place=5):
    """A state dict in the shapes of the published generator."""
    shapes = {
        "model.1": (width, channels, 7, 7),
        "model.4": (2 * width, width, 3, 3),
        "model.7": (4 * width, 2 * width, 3, 3),
    }
    for i in range(10, 10 + num_blocks):
        for conv in (1, place):
            shapes[f"model.{i}.conv_block.{conv}"] = (4 * width, 4 * width, 3, 3)
    end = 10 + num_blocks
    shapes[f"model.{end}"] = (4 * width, 2 * width, 3, 3)
    shapes[f"model.{end + 3}"] = (2 * width, width, 3, 3)
    shapes[f"model.{end + 7}"] = (channels, width, 7, 7)
    transposed = (f"model.{end}", f"model.{end + 3}")
    state = {}
    for name, shape in shapes.items():
        state[f"{name}.weight"] = np.full(shape, 0.01, "float32")
        size = shape[1] if name in transposed else shape[0]
        state[f"{name}.bias"] = np.zeros(size, "float32")
    return state


def patches(channels=3, halvings=1, width=2):
    widths = [width * min(2**i, 8) for i in range(halvings + 1)]
    sizes = [channels, *widths, 1]
    state = {}
    for i, (taken, made) in enumerate(itertools.pairwise(sizes)):
        name = f"model.{0 if i == 0 else 3 * i - 1}"
        state[f"{name}.weight"] = np.full((made, taken, 4, 4), 0.01, "float32")
        state[f"{name}.bias"] = np.zeros(made, "float32")
    return state


@pytest.mark.parametrize("settings", [{}, {"num_blocks": 2, "width": 3}, {"place": 6}])
def test_settings_are_read_off_the_arrays(settings):
    network = convert.convert(resnet(**settings))
    width, num_blocks = settings.get("width", 2), settings.get("num_blocks", 1)
    assert network.get_layer("from_images").filters == width
    assert sum(layer.name.endswith("_add") for layer in network.layers) == num_blocks
    has_dropout = any("dropout" in layer.name for layer in network.layers)
    assert has_dropout == ("place" in settings)


def test_statistics_of_old_files_are_left_out():
    state = resnet()
    state["model.2.running_mean"] = np.full(2, np.nan)
    state["model.2.num_batches_tracked"] = np.array(7)
    network = convert.cyclegan_generator(state)
    assert len(network.weights) == len([n for n in resnet() if "weight" in n]) + 1


def test_batch_normalisation_is_converted():
    state = {n: a for n, a in resnet().items() if n.endswith("weight")}
    state["model.18.bias"] = np.zeros(3, "float32")
    norms = {"model.2": 2, "model.5": 4, "model.8": 8, "model.12": 4, "model.15": 2}
    norms |= {"model.10.conv_block.2": 8, "model.10.conv_block.6": 8}
    for name, size in norms.items():
        for i, kind in enumerate(("weight", "bias", "running_mean", "running_var"), 1):
            state[f"{name}.{kind}"] = np.full(size, float(i))
    network = convert.convert(state)
    layer = network.get_layer("block_1_norm_2")
    variables = layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance
    for i, variable in enumerate(variables, 1):
        np.testing.assert_array_equal(ops.convert_to_numpy(variable), np.full(8, i))
    assert layer.epsilon == 1e-5


def without(state, *names):
    return {n: a for n, a in state.items() if n not in names}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            without(resnet(2), "model.10.conv_block.5.weight", "model.19.bias"),
            "CycleGAN's generator of 2 blocks: it lacks model.10.conv_block.5.weight, "
            "model.19.bias.",
        ),
        (
            dict(list(resnet().items())[:8]),  # cut off
            "it lacks model.10.conv_block.5.weight, model.11.weight, model.14.weight, "
            "model.18.weight, model.18.bias.",
        ),
        (
            resnet() | {"model.99.weight": np.zeros(3)},
            "it holds, and CycleGAN's generator of 1 blocks has not, model.99.weight.",
        ),
        (
            resnet() | {"model.7.weight": np.zeros((8, 4, 5, 5))},
            "shapes differ: model.7.weight (5, 5, 4, 8) for (3, 3, 4, 8)",
        ),
        (
            without(patches(), "model.2.weight", "model.5.bias")
            | {"model.2.weight": np.zeros((4, 2, 4, 4))},
            "a PatchGAN with a field of 16: it lacks model.5.bias.",
        ),
        (
            {"model.model.0.weight": np.zeros((2, 3, 4, 4))},
            "pix2pix's U-Net of 2 halvings: it lacks",
        ),
        (patches(4), "takes 4 channels. Pass `condition_channels`"),
        (patches(3, 7), "7 convolutions between the first and the last"),
        ({"encoder.weight": np.zeros(3)}, "are of no known network"),
        (
            {"a/x": np.zeros(3), "b/y": np.zeros(3)},
            "of several networks. Say which one: `part='a'` or `part='b'`",
        ),
        (
            {"MainLayers.0.x": np.zeros(1), "AggregationLayer.y": np.zeros(1)},
            "it lacks",
        ),
    ],
)
def test_faults_are_named(state, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        convert.convert(state)


def test_r3gan_that_is_not_whole():
    from pathlib import Path

    path = Path(__file__).parents[1] / "fixtures" / "r3gan_unconditional.npz"
    for part, name in (
        ("generator", "MainLayers.1.Layers.1.LinearLayer2.Layer.weight"),
        ("discriminator", "MainLayers.2.Layers.2.Basis.weight"),
    ):
        state = convert.read_state_dict(path, part)
        with pytest.raises(ValueError, match="it lacks .*" + re.escape(name)):
            convert.convert(without(state, name))
        with pytest.raises(ValueError, match=r"no parameter 'MainLayers\.9\.Other'"):
            convert.convert(state | {"MainLayers.9.Other": np.zeros(1)})


def test_channels_of_a_condition():
    network = convert.patch_discriminator(patches(6))
    assert [tuple(t.shape[1:]) for t in network.inputs] == [(None, None, 3)] * 2
    network = convert.patch_discriminator(patches(4), (16, 16), condition_channels=1)
    assert [t.shape[-1] for t in network.inputs] == [1, 3]
    alone = convert.patch_discriminator(patches(4), condition_channels=0)
    assert len(alone.inputs) == 1
    assert architectures.patch_discriminator((16, 16, 3), 16).output_shape


def test_settings_that_a_network_has_not():
    with pytest.raises(ValueError, match="no setting condition_channels. It has: size"):
        convert.convert(resnet(), condition_channels=1)
