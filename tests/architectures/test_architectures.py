"""Every architecture: shapes, gradients, files, exports, and errors."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan
from keras_gan import architectures

pytestmark = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="JAX compiles every size anew; tests/harness trains each network there",
)

PAIRS = {
    "mlp points": lambda: architectures.mlp((2,), 4, generator_units=(8,)),
    "mlp images": lambda: architectures.mlp((6, 4, 3), 4, discriminator_units=(8,)),
    "mlp conditional": lambda: architectures.mlp((5,), 4, num_classes=3),
    "mlp 2014": lambda: architectures.mlp_2014((4, 4, 1), 4),
    "dcgan 28": lambda: architectures.dcgan((28, 28, 1), 8, width=4),
    "dcgan 32 colour": lambda: architectures.dcgan((32, 32, 3), 8, width=4),
    "dcgan 64": lambda: architectures.dcgan((64, 64, 3), 8, width=2),
    "dcgan 128": lambda: architectures.dcgan((128, 128, 4), 8, width=2),
    "dcgan wide": lambda: architectures.dcgan((12, 40, 2), 8, width=4),
    "dcgan conditional": lambda: architectures.dcgan((28, 28, 1), 8, 3, width=4),
    "dcgan no norm": lambda: architectures.dcgan(
        (8, 8, 1), 8, width=4, kernel_size=4, discriminator_batch_norm=False
    ),
    "dcgan conditional, projection": lambda: architectures.dcgan(
        (8, 8, 1), 8, 3, width=4, conditioning="projection"
    ),
    "dcgan extra convs": lambda: architectures.dcgan(
        (8, 8, 1), 8, width=4, num_extra_convs=2
    ),
    "resnet 16": lambda: architectures.resnet((16, 16, 3), 8, width=4),
    "resnet critic": lambda: architectures.resnet(
        (16, 20, 1), 8, width=4, spectral_norm=False
    ),
    "resnet conditional": lambda: architectures.resnet((16, 16, 1), 8, 3, width=4),
}


# One of each kind, for what does not depend on the sizes.
KINDS = ("mlp points", "mlp conditional", "dcgan 28", "dcgan conditional")
KINDS += ("resnet 16", "resnet conditional")
# To export takes seconds: tests/export has the perceptrons.
EXPORTED = ("dcgan 28", "resnet conditional")
ON_TENSORFLOW = ("dcgan 28", "resnet conditional")
on_torch = pytest.mark.backends(
    "torch",
    reason="every size, the same on all; tests/harness trains each network, and "
    "writes each model to a file",
)


def on_torch_but(names, kept=ON_TENSORFLOW):
    """All of them on torch, which traces nothing; the kept ones on TensorFlow too."""
    return [pytest.param(x, marks=() if x in kept else on_torch) for x in names]


def make_gan(name):
    num_classes = 3 if "conditional" in name else None
    return keras_gan.GAN(*PAIRS[name](), num_classes=num_classes, seed=0)


@pytest.fixture(params=on_torch_but(PAIRS))
def gan(request):
    return make_gan(request.param)


@pytest.fixture(params=on_torch_but(KINDS, ("dcgan conditional",)))
def kind(request):
    return make_gan(request.param)


def some_data(gan, num=4):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (num, *gan.image_shape)).astype("float32")
    if gan.num_classes is None:
        return images, None
    return images, np.arange(num) % gan.num_classes


def first_reshape(model):
    return next(x for x in model.layers if isinstance(x, keras.layers.Reshape))


def test_shapes_and_ranges(gan):
    images = gan.generate(3, seed=0)
    assert images.shape == (3, *gan.image_shape)
    assert 0 < images.std() < 10
    if len(gan.image_shape) == 3:
        assert np.abs(images).max() <= 1
    images = ops.convert_to_tensor(images)
    inputs = images if gan.num_classes is None else [images, ops.array([0, 1, 2])]
    logits = gan.discriminator(inputs)
    assert logits.shape == (3, 1)


def test_every_parameter_gets_a_gradient(gan):
    images, labels = some_data(gan, 16)
    before = [ops.convert_to_numpy(v) for v in gan.trainable_variables]
    sgd = [keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)]
    gan.compile(*sgd, run_eagerly=True)
    gan.fit(images, labels, batch_size=16, verbose=0)
    for old, variable in zip(before, gan.trainable_variables, strict=True):
        change = np.abs(ops.convert_to_numpy(variable) - old).max()
        assert 0 < change < 10, f"{variable.path} moved by {change}"


def test_keras_file_round_trip(kind, tmp_path):
    kind.compile()
    kind.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.generate(3, seed=5), kind.generate(3, seed=5))


@pytest.mark.backends("tensorflow", reason="a TensorFlow format")
@pytest.mark.parametrize("kind", EXPORTED, indirect=True)
def test_saved_model_equals_keras(kind, tmp_path):
    import tensorflow as tf

    folder = kind.export(tmp_path / "model", version=1)
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    latents = ops.convert_to_numpy(kind.prior.sample(6, seed=1))
    labels = None if kind.num_classes is None else np.arange(6, dtype="int32") % 3
    inputs = {"latents": tf.constant(latents)}
    if labels is not None:
        inputs["labels"] = tf.constant(labels)
    (served,) = serve(**inputs).values()
    np.testing.assert_allclose(
        served.numpy(), kind.synthesize(latents, labels), atol=1e-5
    )


def test_label_reaches_every_pixel_alike():
    """A class is the same at every place: no stripes from a careless reshape."""
    _, discriminator = architectures.dcgan((8, 12, 1), 8, num_classes=3, width=2)
    plane = first_reshape(discriminator)
    labels = discriminator.inputs[1]
    planes = keras.Model(labels, plane.output)(ops.array([0, 2]))
    planes = ops.convert_to_numpy(planes)  # (2, 8, 12, 16)
    np.testing.assert_array_equal(
        planes, np.broadcast_to(planes[:, :1, :1], planes.shape)
    )
    assert not np.allclose(planes[0, 0, 0], planes[1, 0, 0])


def test_radford_initialisation():
    generator, discriminator = architectures.dcgan((64, 64, 3), 100, width=16)
    for model in (generator, discriminator):
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                gamma = ops.convert_to_numpy(layer.gamma)
                assert abs(gamma.mean() - 1) < 0.03
                assert 0.005 < gamma.std() < 0.04
            elif hasattr(layer, "kernel"):
                kernel = ops.convert_to_numpy(layer.kernel)
                assert kernel.std() == pytest.approx(0.02, rel=0.1)
    norm = keras.layers.BatchNormalization
    assert not isinstance(discriminator.layers[2], norm), "none on D's input"
    assert not isinstance(generator.layers[-1], norm), "none on G's output"


def test_initialisation_of_2014():
    generator, discriminator = architectures.mlp_2014()
    for model, limit in ((generator, 0.05), (discriminator, 0.005)):
        kernels = [w for w in model.trainable_weights if "kernel" in w.path]
        assert len(kernels) == 3
        for kernel in kernels:
            kernel = ops.convert_to_numpy(kernel)
            assert np.abs(kernel).max() <= limit
            assert np.abs(kernel).max() > 0.9 * limit


def test_a_discriminator_of_another_width():
    generator, discriminator = architectures.dcgan(width=4, discriminator_width=6)
    same, default = architectures.dcgan(width=4)
    filters = [v.shape[-1] for v in discriminator.weights if len(v.shape) == 4]
    assert filters == [6, 12]
    assert generator.count_params() == same.count_params()
    assert discriminator.count_params() > default.count_params()


def test_extra_convs_are_where_feature_maps_are_smallest():
    plain = architectures.dcgan(width=4)
    deeper = architectures.dcgan(width=4, num_extra_convs=(2, 1))
    for few, many, number in zip(plain, deeper, (2, 1), strict=True):
        shapes = [v.shape for v in many.weights]
        assert shapes.count((3, 3, 8, 8)) == number
        assert few.output_shape == many.output_shape
    sizes = [
        layer.output.shape[1:3]
        for network in deeper
        for layer in network.layers
        if getattr(layer, "kernel_size", None) == (3, 3)
    ]
    assert sizes == [(7, 7)] * 3


@pytest.mark.parametrize("number", [-1, (1,), (1, 2, 3), (1, 0.5), None, "two"])
def test_extra_convs_are_counts(number):
    with pytest.raises(ValueError, match=r"`num_extra_convs`.*Received"):
        architectures.dcgan(width=4, num_extra_convs=number)


@pytest.mark.parametrize("name", ["latent_dim", "width", "discriminator_width"])
@pytest.mark.parametrize("value", [0, -3, 2.5, "32"])
def test_sizes_are_counts(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be an integer of at least 1"):
        architectures.dcgan(**{name: value})


def test_stages_follow_the_size():
    def smallest(shape):
        generator, _ = architectures.dcgan(shape, 8, width=2)
        reshape = next(
            layer
            for layer in generator.layers
            if isinstance(layer, keras.layers.Reshape)
        )
        return reshape.target_shape[:2]

    assert smallest((28, 28, 1)) == (7, 7)
    assert smallest((32, 32, 1)) == (4, 4)
    assert smallest((64, 64, 1)) == (4, 4)
    assert smallest((128, 128, 1)) == (4, 4)
    assert smallest((64, 48, 1)) == (8, 6)
    assert smallest((4, 8, 1)) == (1, 2)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((28, 30, 1), r"divisible by 4.*\(28, 32\)"),
        ((28, 28), r"\(height, width, channels\). Received: \(28, 28\)"),
        ((3, 64, 64), "divisible by 4|channels come last"),
        ((64, 64, 64), "1 to 4 channels"),
        ((28, 28, 0), r"\(height, width, channels\)"),
    ],
)
def test_dcgan_refuses_a_shape(shape, message):
    with pytest.raises(ValueError, match=message):
        architectures.dcgan(shape)


def test_mlp_refuses_a_shape():
    with pytest.raises(ValueError, match="tuple of positive integers"):
        architectures.mlp(())
    with pytest.raises(ValueError, match=r"Received: \(28, 0\)"):
        architectures.mlp((28, 0))


def test_maxout_by_hand():
    layer = keras_gan.layers.Maxout(2, num_pieces=2)
    layer.build((None, 1))
    layer.pieces.kernel.assign([[1.0, -1.0, 2.0, 3.0]])  # units (1, -1) and (2, 3)
    outputs = ops.convert_to_numpy(layer(ops.array([[2.0], [-2.0]])))
    np.testing.assert_array_equal(outputs, [[2.0, 6.0], [2.0, -4.0]])
