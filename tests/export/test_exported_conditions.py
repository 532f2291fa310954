"""Exported generators with each kind of condition."""

import json

import keras
import numpy as np
import pytest
from keras import layers
from on_demand import tensorflow as tf

from keras_gan import export
from keras_gan.conditions import ClassLabels, Image, Vector
from keras_gan.export import noise
from keras_gan.latents.priors import Normal
from keras_gan.serving import protos

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes the file; test_backends.py comes from the others",
)

LATENT_DIM = 6
SHAPE = (8, 8, 1)
CONDITIONS = {
    "labels": ClassLabels(4),
    "vectors": Vector(5),
    "images": Image(SHAPE),
}


def make_generator(condition, with_latents=True):
    """A generator whose images depend on its latents and on its condition."""
    keras.utils.set_random_seed(2)
    given = keras.Input(condition.shape, dtype=condition.dtype)
    x = given
    if isinstance(condition, ClassLabels):
        x = layers.Embedding(4, 3, embeddings_initializer="normal")(x) * 30
    inputs, x = given, layers.Flatten()(x)
    if with_latents:
        latents = keras.Input((LATENT_DIM,))
        inputs, x = [latents, given], layers.Concatenate()([latents, x])
    x = layers.Dense(64, activation="tanh")(x)
    return keras.Model(inputs, layers.Reshape(SHAPE)(x), name="tiny")


def example(condition, num_rows=3):
    random = np.random.default_rng(0)
    if isinstance(condition, ClassLabels):
        return np.arange(num_rows, dtype="i4")
    return random.uniform(-1, 1, (num_rows, *condition.shape)).astype("f4")


def latents_of(num_rows=3):
    return np.random.default_rng(1).normal(size=(num_rows, LATENT_DIM)).astype("f4")


@pytest.fixture(scope="module", params=CONDITIONS)
def exported(request, tmp_path_factory):
    condition = CONDITIONS[request.param]
    generator = make_generator(condition)
    path = export.saved_model(
        generator,
        tmp_path_factory.mktemp("models") / request.param,
        prior=Normal(LATENT_DIM),
        condition=condition,
    )
    return condition, generator, path


def load(path):
    model = tf.saved_model.load(str(path))
    return dict(model.signatures) | {"keep": model}


def rows(seeds, **others):
    values = {"seed": np.array(seeds), "truncation": np.zeros(len(seeds), "f4")}
    return {k: tf.constant(v) for k, v in (values | others).items()}


def names_of(signature):
    return set(signature.structured_input_signature[1])


def test_serving_default_takes_the_condition_by_its_name(exported):
    condition, generator, path = exported
    given, latents = example(condition), latents_of()
    signature = load(path)["serving_default"]
    assert names_of(signature) == {"latents", condition.name}
    inputs = {"latents": tf.constant(latents), condition.name: tf.constant(given)}
    images = signature(**inputs)["images"]
    expected = generator([latents, given], training=False)
    expected = keras.ops.convert_to_numpy(expected)
    np.testing.assert_allclose(images, expected, atol=1e-5)
    inputs[condition.name] = tf.constant(np.roll(given, 1, axis=0))
    assert np.abs(signature(**inputs)["images"] - expected).max() > 1e-2


ROWS = {
    "labels": ("label", "label"),
    "vectors": ("vector", "vector"),
    "images": ("image", "image_bytes"),
}


def test_sample_png_and_walk_take_one_condition_a_row(exported):
    condition, _, path = exported
    given, signatures = example(condition), load(path)
    in_floats, in_files = ROWS[path.parent.name]
    common = {"seed", "truncation"}
    assert names_of(signatures["sample"]) == common | {in_floats}
    assert names_of(signatures["png"]) == common | {in_files}
    assert names_of(signatures["walk"]) == (common | {in_files, "end_seed", "position"})
    asked = given
    if in_files == "image_bytes":
        levels = np.floor((given + 1) * 127.5 + 0.5).astype("uint8")
        asked = tf.io.encode_png(levels).numpy()
        given = (levels / np.float32(127.5) - 1).astype("f4")
    seeds = [5, 5, 7]
    images = signatures["sample"](**rows(seeds, **{in_floats: given}))["images"]
    assert np.abs(images[0] - images[1]).max() > 1e-2  # same seed, other condition
    files = signatures["png"](**rows(seeds, **{in_files: asked}))["image_bytes"]
    shown = np.stack([tf.io.decode_png(file).numpy() for file in files.numpy()])
    wanted = np.floor((images.numpy() + 1) * 127.5 + 0.5)
    assert np.abs(shown - wanted).max() <= 1
    way = {"end_seed": np.array([9] * 3), "position": np.zeros(3, "f4")}
    start = signatures["walk"](**rows(seeds, **{in_files: asked}, **way))
    start = [tf.io.decode_png(f).numpy() for f in start["image_bytes"].numpy()]
    assert np.abs(np.stack(start).astype(int) - shown).max() <= 1


def test_the_latents_of_a_row_do_not_depend_on_the_condition(exported):
    condition, generator, path = exported
    given = example(condition, 1)
    in_floats = ROWS[path.parent.name][0]
    image = load(path)["sample"](**rows([3], **{in_floats: given}))["images"]
    latents = noise.draw_latents(
        Normal(LATENT_DIM), tf.constant([3], tf.int64), tf.constant([0.0])
    )
    expected = generator([latents.numpy(), given], training=False)
    expected = keras.ops.convert_to_numpy(expected)
    np.testing.assert_allclose(image, expected, atol=1e-5)


def test_the_card_describes_the_condition(exported):
    condition, _, path = exported
    card = json.loads((path / "assets.extra/model_card.json").read_text())
    described = dict(card["architecture"]["condition"])
    assert described.pop("class_name") == type(condition).__name__
    assert type(condition).from_config(described).get_config() == (
        condition.get_config()
    )
    ranges = card["value_ranges"]
    expected = {
        "labels": {"labels": [0, 3], "label": [-1, 3]},
        "vectors": {"vectors": [None, None], "vector": [None, None]},
        "images": {"images": [-1, 1], "image": [-1, 1]},
    }[path.parent.name]
    assert {name: ranges[name] for name in expected} == expected


def test_warm_up_requests_have_every_input(exported):
    _, _, path = exported
    check_warm_up(path)


def check_official(log):
    """Check that TensorFlow Serving's own classes read what is meant."""
    try:
        from tensorflow_serving.apis import prediction_log_pb2
    except ImportError:
        return
    data = log.SerializeToString()
    request = prediction_log_pb2.PredictionLog.FromString(data).predict_log.request
    ours = log.predict_log.request
    assert request.model_spec.signature_name == ours.model_spec.signature_name
    assert set(request.inputs) == set(ours.inputs)
    for name, value in request.inputs.items():
        array = protos.to_array(ours.inputs[name])
        np.testing.assert_array_equal(tf.make_ndarray(value), array)


def check_warm_up(path):
    """Answer each warm-up request of a model, and return their signatures."""
    records = path / "assets.extra" / "tf_serving_warmup_requests"
    signatures, answered = load(path), set()
    for record in tf.data.TFRecordDataset(str(records)):
        log = protos.PredictionLog.FromString(record.numpy())
        check_official(log)
        request = log.predict_log.request
        name = request.model_spec.signature_name
        assert set(request.inputs) == names_of(signatures[name])
        inputs = {k: tf.constant(protos.to_array(v)) for k, v in request.inputs.items()}
        signatures[name](**inputs)
        answered.add(name)
    assert answered == set(signatures) - {"keep"}
    return answered


@pytest.mark.parametrize("condition", [None, Image(SHAPE)])
def test_an_image_without_a_prior_is_translated(condition, tmp_path):
    generator = make_generator(Image(SHAPE), with_latents=False)
    path = export.saved_model(generator, tmp_path / "x", condition=condition)
    signatures = load(path)
    assert set(signatures) - {"keep"} == {"serving_default", "png"}
    images = example(Image(SHAPE))
    answer = signatures["serving_default"](images=tf.constant(images))["images"]
    expected = keras.ops.convert_to_numpy(generator(images, training=False))
    np.testing.assert_allclose(answer, expected, atol=1e-5)
    assert check_warm_up(path) == {"serving_default", "png"}


def test_a_condition_that_does_not_fit_is_explained(tmp_path):
    prior = Normal(LATENT_DIM)
    generator = make_generator(Vector(5))
    with pytest.raises(ValueError, match=r"condition of shape \(5,\), and Vector"):
        export.saved_model(generator, tmp_path, prior=prior, condition=Vector(4))
    with pytest.raises(ValueError, match=r"`ClassLabels\(10\)`. Received: 10"):
        export.saved_model(generator, tmp_path, prior=prior, condition=10)
    with pytest.raises(ValueError, match="takes a condition beside its latents"):
        export.saved_model(generator, tmp_path, prior=prior)
    inputs = keras.Input((LATENT_DIM,))
    plain = keras.Model(inputs, layers.Dense(3)(inputs))
    with pytest.raises(ValueError, match=r"takes one input, and the condition Vector"):
        export.saved_model(plain, tmp_path, prior=prior, condition=Vector(4))
