"""What JAX and torch trained is exported by TensorFlow, with equal images."""

import json

import keras
import numpy as np
import pytest
from keras import layers
from on_demand import tensorflow as tf

import keras_gan
from keras_gan.conditions import ClassLabels, Image, Vector
from keras_gan.export import worker

not_on_jax = pytest.mark.backends(
    "tensorflow",
    "torch",
    reason="a process more; what is handed over is a file on both",
)


@keras.saving.register_keras_serializable("test_backends")
class Scale(layers.Layer):
    """A layer that only this module knows."""

    def call(self, x):
        return x * 0.5


def make_gan():
    keras.utils.set_random_seed(0)
    z = keras.Input((5,))
    x = layers.BatchNormalization()(layers.Dense(48)(z))
    x = layers.Reshape((4, 4, 3))(Scale()(layers.LeakyReLU()(x)))
    generator = keras.Model(z, layers.Activation("tanh")(x))
    images = keras.Input((4, 4, 3))
    logits = layers.Dense(1)(layers.Flatten()(images))
    return keras_gan.GAN(generator, keras.Model(images, logits), seed=0)


@pytest.fixture
def hostile_folder(tmp_path, monkeypatch):
    """Be in a folder whose files have the names of modules."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in ("numpy", "onnx", "keras", "tensorflow", "json", "tf2onnx"):
        (folder / f"{name}.py").write_text("raise SystemExit('was imported')")
    monkeypatch.chdir(folder)


def test_the_second_process_imports_nothing_from_the_current_folder(
    hostile_folder, tmp_path
):
    code = "import json, numpy; print(numpy.__file__)"
    process = worker.run_isolated(["-c", code], tmp_path)
    assert process.stdout.strip() == np.__file__, process.stderr


def test_a_trained_gan_exports_the_images_that_it_generates(hostile_folder, tmp_path):
    gan = make_gan()
    gan.compile(ema=keras_gan.EMA(half_life=50))
    data = np.random.default_rng(0).uniform(-1, 1, (64, 4, 4, 3)).astype("f4")
    gan.fit(data, epochs=2, batch_size=16, verbose=0)
    latents = keras.ops.convert_to_numpy(gan.prior.sample(4, seed=3))
    path = gan.export(tmp_path / "gan", card={"data": "noise"})
    model = tf.saved_model.load(str(path))
    signature = model.signatures["serving_default"]
    images = signature(latents=tf.constant(latents))["images"].numpy()
    np.testing.assert_allclose(images, gan.synthesize(latents), atol=1e-5)
    trained = keras.ops.convert_to_numpy(gan.generator(latents, training=False))
    assert np.abs(images - trained).max() > 1e-4  # it is the average that is shown
    assert set(model.signatures) == {"serving_default", "sample", "png", "walk"}
    card = (path / "assets.extra" / "model_card.json").read_text()
    assert '"generator_steps": 8' in card
    assert '"data": "noise"' in card


@not_on_jax
def test_a_conditional_generator_keeps_its_labels(tmp_path):
    keras.utils.set_random_seed(0)
    z, k = keras.Input((5,)), keras.Input((), dtype="int32")
    x = layers.Concatenate()([z, layers.Embedding(3, 4)(k)])
    x = layers.Reshape((2, 2, 1))(layers.Dense(4, activation="tanh")(x))
    generator = keras.Model([z, k], x)
    path = keras_gan.export.saved_model(
        generator,
        tmp_path / "x",
        prior=keras_gan.latents.Normal(5),
        condition=ClassLabels(3),
    )
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype("f4")
    labels = np.array([2, 0, 1], "i4")
    images = tf.saved_model.load(str(path)).signatures["serving_default"](
        latents=tf.constant(latents), labels=tf.constant(labels)
    )["images"]
    expected = generator.predict([latents, labels], verbose=0)
    np.testing.assert_allclose(images, expected, atol=1e-5)


@not_on_jax
@pytest.mark.parametrize("condition", [Vector(3), Image((2, 2, 1))])
def test_a_condition_goes_along(condition, tmp_path):
    keras.utils.set_random_seed(0)
    inputs = [keras.Input((5,)), keras.Input(condition.shape)]
    x = layers.Concatenate()([inputs[0], layers.Flatten()(inputs[1])])
    x = layers.Reshape((2, 2, 1))(layers.Dense(4, activation="tanh")(x))
    generator = keras.Model(inputs, x)
    prior = keras_gan.latents.Normal(5)
    path = keras_gan.export.saved_model(
        generator, tmp_path / "x", prior=prior, condition=condition
    )
    random = np.random.default_rng(0)
    latents = random.normal(size=(3, 5)).astype("f4")
    given = random.uniform(-1, 1, (3, *condition.shape)).astype("f4")
    images = tf.saved_model.load(str(path)).signatures["serving_default"](
        latents=tf.constant(latents), **{condition.name: tf.constant(given)}
    )["images"]
    expected = generator.predict([latents, given], verbose=0)
    np.testing.assert_allclose(images, expected, atol=1e-5)
    card = json.loads((path / "assets.extra" / "model_card.json").read_text())
    described = card["architecture"]["condition"]
    assert described["class_name"] == type(condition).__name__


def test_export_names_its_formats(tmp_path):
    gan = make_gan()
    with pytest.raises(ValueError, match=r"'onnx', 'litert' or 'openvino'. Received"):
        gan.export(tmp_path / "x", format="caffe")
    with pytest.raises(ValueError, match="belong to a SavedModel"):
        gan.export(tmp_path / "x.onnx", format="onnx", version=2)


def test_a_missing_tensorflow_is_named(monkeypatch):
    monkeypatch.setattr(worker.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r'pip install "keras-gan\[cpu\]"'):
        worker.is_needed()


@pytest.mark.backends("torch", reason="a second process; TensorFlow needs none")
def test_errors_of_the_second_process_come_back(tmp_path):
    gan = make_gan()
    gan.export(tmp_path / "x", version=1)
    with pytest.raises(ValueError, match="a server may be using it"):
        gan.export(tmp_path / "x", version=1)
    with pytest.raises(ValueError, match="must be what JSON can hold"):
        gan.export(tmp_path / "x", card={"data": float("nan")})
