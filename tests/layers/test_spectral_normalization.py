"""Spectral normalisation: sigma, its gradient, its state, and files."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan
from keras_gan import backend
from keras_gan.layers import SpectralNormalization

KERNEL = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]], "float32")  # 3 in, 2 out
U = np.array([0.6, 0.8], "float32")


def unit(vector):
    return vector / np.linalg.norm(vector)


def dense(kernel=KERNEL, u=U, **kwargs):
    layer = SpectralNormalization(layers.Dense(kernel.shape[1], **kwargs))
    layer.build((None, kernel.shape[0]))
    layer.layer.kernel.assign(kernel)
    layer.u.assign(u)
    return layer


def largest_singular_value(layer):
    kernel = ops.convert_to_numpy(layer.normalized_kernel())
    return np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), ord=2)


def test_by_hand():
    """diag(3, 4) stretches most along its second axis, by 4."""
    layer = dense(np.diag([3.0, 4.0]).astype("float32"), u=[0.0, 1.0])
    layer.layer.bias.assign([0.0, 10.0])
    outputs = layer(ops.array([[1.0, 1.0]]), training=True)
    np.testing.assert_allclose(ops.convert_to_numpy(outputs), [[0.75, 11.0]])


def test_one_step_of_power_iteration():
    layer = dense()
    v = unit(KERNEL @ U)
    u = unit(v @ KERNEL)
    outputs = layer(ops.eye(3), training=True)
    sigma = v @ KERNEL @ u
    np.testing.assert_allclose(ops.convert_to_numpy(layer.u), u, rtol=1e-5)
    np.testing.assert_allclose(
        ops.convert_to_numpy(outputs), KERNEL / sigma, rtol=1e-4, atol=1e-6
    )


def test_inference_leaves_u():
    layer = dense()
    layer(ops.eye(3), training=False)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer.u), U)


def test_gradient_flows_through_sigma():
    """Equation 12 of the paper, and equal on all backends."""
    layer = dense(use_bias=False)
    upstream = np.arange(6, dtype="float32").reshape(3, 2) - 2

    def loss():
        return ops.sum(layer(ops.eye(3), training=True) * ops.array(upstream)), {}

    _, (gradient,) = backend.gradients(loss, layer.trainable_variables)
    v = unit(KERNEL @ U)
    u = unit(v @ KERNEL)
    sigma = v @ KERNEL @ u
    slope = (upstream * KERNEL).sum() / sigma
    expected = (upstream - slope * np.outer(v, u)) / sigma
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), expected, rtol=1e-4)


def test_what_only_looks_leaves_u():
    layer = dense()
    look = backend.without_updates(lambda inputs: layer(inputs, training=True))
    look(ops.ones((2, 3)))
    np.testing.assert_array_equal(ops.convert_to_numpy(layer.u), U)


def test_a_kernel_of_zeros_stays_finite():
    layer = dense(np.zeros((3, 2), "float32"), use_bias=False)

    def loss():
        return ops.sum(layer(ops.ones((4, 3)), training=True)), {}

    (value, _), (gradient,) = backend.gradients(loss, layer.trainable_variables)
    assert float(value) == 0
    np.testing.assert_allclose(ops.convert_to_numpy(gradient), 4.0)
    np.testing.assert_allclose(ops.convert_to_numpy(layer.u), U, rtol=1e-6)


def critic():
    """Every kind of layer that can be normalised."""
    images = keras.Input((8, 8, 1), name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    x = SpectralNormalization(layers.Conv2D(4, 3, strides=2))(images)
    x = layers.Flatten()(layers.LeakyReLU(0.2)(x))
    x = SpectralNormalization(layers.Dense(6))(x)
    embedding = SpectralNormalization(layers.Embedding(3, 6))(labels)
    x = layers.Multiply()([layers.LeakyReLU(0.2)(x), embedding])
    logits = SpectralNormalization(layers.Dense(1, dtype="float32"))(x)
    return keras.Model([images, labels], logits)


def train(penalties=()):
    generator, _ = keras_gan.architectures.dcgan((8, 8, 1), 4, 3, 4, 3)
    gan = keras_gan.GAN(generator, critic(), num_classes=3, seed=0)
    adam = [keras.optimizers.Adam(2e-4, beta_1=0.0) for _ in range(2)]
    gan.compile(*adam, loss="hinge", discriminator_penalties=list(penalties))
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (320, 8, 8, 1)).astype("float32")
    history = gan.fit(images, np.arange(320) % 3, batch_size=8, verbose=0).history
    assert history["d_loss"][0] == pytest.approx(2.0, abs=0.5)  # a hinge at 0
    return [x for x in gan.discriminator.layers if isinstance(x, SpectralNormalization)]


@pytest.mark.parametrize(
    "penalties",
    [
        pytest.param(
            (),
            marks=pytest.mark.backends(
                "tensorflow", reason="the norm is that of the layer, on all"
            ),
        ),
        (keras_gan.penalties.R1(0.1),),
    ],
)
def test_spectral_norm_is_one_after_training(penalties):
    normalized = train(penalties)
    assert len(normalized) == 4
    for layer in normalized:
        assert largest_singular_value(layer) == pytest.approx(1, abs=0.01), layer.name
        raw = ops.convert_to_numpy(layer.kernel)
        norm = np.linalg.norm(raw.reshape(-1, raw.shape[-1]), ord=2)
        assert abs(norm - 1) > 0.02, "the trained kernel itself is left alone"


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(policy):
    layer = dense(use_bias=False, dtype=policy)
    outputs = layer(ops.eye(3), training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == policy[6:]
    assert keras.backend.standardize_dtype(layer.u.dtype) == "float32"
    v = unit(KERNEL @ U)
    sigma = v @ KERNEL @ unit(v @ KERNEL)
    outputs = ops.convert_to_numpy(ops.cast(outputs, "float32"))
    np.testing.assert_allclose(outputs, KERNEL / sigma, atol=4e-3)


def test_keras_file_round_trip(tmp_path):
    model = critic()
    rng = np.random.default_rng(0)
    inputs = [ops.array(rng.normal(size=(3, 8, 8, 1))), ops.array([0, 1, 2])]
    model(inputs, training=True)
    model.save(tmp_path / "critic.keras")
    again = keras.saving.load_model(tmp_path / "critic.keras")
    for _ in range(2):  # in training too, where u moves on
        np.testing.assert_array_equal(
            ops.convert_to_numpy(again(inputs, training=True)),
            ops.convert_to_numpy(model(inputs, training=True)),
        )


def test_refuses_a_layer_without_kernel():
    layer = SpectralNormalization(layers.ReLU())
    with pytest.raises(ValueError, match="layers with a kernel or embeddings"):
        layer.build((None, 3))


def test_refuses_no_iterations():
    with pytest.raises(ValueError, match="at least 1. Received: 0"):
        SpectralNormalization(layers.Dense(1), num_iterations=0)


def test_names_in_checkpoints_outlast_a_file(tmp_path):
    networks = keras_gan.architectures.resnet((16, 16, 1), 4, width=2, attention_at=8)
    gan = keras_gan.GAN(*networks, seed=0)
    gan.compile(keras.optimizers.SGD(0.1, 0.9), keras.optimizers.SGD(0.1, 0.9))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert list(loaded.checkpoint_variables()) == list(gan.checkpoint_variables())
