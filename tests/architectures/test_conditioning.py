"""What a label does: to a generator, to a discriminator, by each method."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gan import architectures
from keras_gan.layers import ConditionalBatchNormalization

pytestmark = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every size anew; tests/harness trains each network there",
)

BUILDERS = {
    "dcgan": lambda **kw: architectures.dcgan((16, 16, 1), 8, 3, width=4, **kw),
    "resnet": lambda **kw: architectures.resnet((16, 16, 1), 8, 3, width=4, **kw),
    "resnet critic": lambda **kw: architectures.resnet(
        (16, 16, 1), 8, 3, width=4, spectral_norm=False, **kw
    ),
}


on_torch = pytest.mark.backends("torch", reason="one of three on TensorFlow too")


@pytest.fixture(
    params=[
        pytest.param(name, marks=() if name == "resnet" else on_torch)
        for name in BUILDERS
    ]
)
def build(request):
    return BUILDERS[request.param]


def call(network, data, label):
    labels = np.full(len(data), label)
    return ops.convert_to_numpy(network([data, labels]))


@pytest.mark.parametrize("conditioning", ["projection", "concatenation"])
def test_labels_matter(build, conditioning):
    generator, discriminator = build(conditioning=conditioning)
    rng = np.random.default_rng(0)
    if conditioning == "projection":  # the classes start alike in scale and offset
        for layer in generator.layers:
            if isinstance(layer, ConditionalBatchNormalization):
                layer.gamma.assign(rng.normal(1, 0.5, layer.gamma.shape))
    latents = rng.normal(size=(2, 8)).astype("float32")
    images = rng.uniform(-1, 1, (2, 16, 16, 1)).astype("float32")
    for network, data in ((generator, latents), (discriminator, images)):
        outputs = [call(network, data, label) for label in range(3)]
        for a, b in ((0, 1), (0, 2), (1, 2)):
            assert not np.allclose(outputs[a], outputs[b], rtol=1e-4), network.name


def test_projection_by_hand(build):
    """logit = linear(features) + embedding(label) . features"""
    _, discriminator = build(conditioning="projection")
    total = discriminator.layers[-1]
    assert isinstance(total, layers.Add)
    dot = next(x for x in discriminator.layers if isinstance(x, layers.Dot))
    features, embedded = dot.input
    linear, _ = total.input
    parts = keras.Model(discriminator.inputs, [features, embedded, linear])
    images = np.random.default_rng(0).normal(size=(3, 16, 16, 1)).astype("float32")
    labels = np.array([2, 0, 2])

    features, embedded, linear = map(ops.convert_to_numpy, parts([images, labels]))
    np.testing.assert_array_equal(embedded[0], embedded[2])
    expected = linear[:, 0] + (features * embedded).sum(1)
    logits = ops.convert_to_numpy(discriminator([images, labels]))
    np.testing.assert_allclose(logits[:, 0], expected, rtol=1e-4, atol=1e-6)
    # The features and the linear part know nothing of the label.
    others = [ops.convert_to_numpy(x) for x in parts([images, np.array([1, 1, 1])])]
    np.testing.assert_array_equal(others[0], features)
    np.testing.assert_array_equal(others[2], linear)
    assert not np.allclose(others[1], embedded)


def test_projection_normalises_by_class_everywhere(build):
    generator, _ = build(conditioning="projection")
    norms = [
        x for x in generator.layers if isinstance(x, ConditionalBatchNormalization)
    ]
    relus = [x for x in generator.layers if isinstance(x, layers.ReLU)]
    assert len(norms) == len(relus) > 1
    assert not any(isinstance(x, layers.BatchNormalization) for x in generator.layers)
    assert all(norm.num_classes == 3 for norm in norms)


@pytest.mark.parametrize("name", ["dcgan", "resnet"])
def test_a_label_is_equal_at_every_pixel(name):
    _, discriminator = BUILDERS[name](conditioning="concatenation")
    planes = next(x for x in discriminator.layers if isinstance(x, layers.Reshape))
    planes = keras.Model(discriminator.inputs[1], planes.output)(np.array([0, 2]))
    planes = ops.convert_to_numpy(planes)  # (2, 16, 16, 16)
    np.testing.assert_array_equal(
        planes, np.broadcast_to(planes[:, :1, :1], planes.shape)
    )
    assert not np.allclose(planes[0, 0, 0], planes[1, 0, 0])


@pytest.mark.parametrize("num_classes", [None, 3])
def test_dcgan_refuses_a_conditioning(num_classes):
    with pytest.raises(ValueError, match='"concatenation", "projection" or .*stripes'):
        architectures.dcgan(num_classes=num_classes, conditioning="stripes")
