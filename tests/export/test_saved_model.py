"""SavedModels: what they hold, who they answer to, and how they appear."""

import json

import keras
import numpy as np
import pytest
from keras import layers
from on_demand import tensorflow as tf
from scipy import stats

from keras_gan import export
from keras_gan.conditions import ClassLabels
from keras_gan.export import noise
from keras_gan.latents.priors import Normal, Prior, Uniform
from keras_gan.pixels import to_uint8

pytestmark = pytest.mark.backends("tensorflow", reason="a TensorFlow format")

LATENT_DIM, NUM_CLASSES = 6, 4


@pytest.fixture(scope="module")
def exported(generator, tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "tiny"
    return export.saved_model(generator, path, prior=Normal(LATENT_DIM))


@pytest.fixture(scope="module")
def exported_conditional(conditional, tmp_path_factory):
    path = tmp_path_factory.mktemp("conditional") / "tiny"
    prior = Normal(LATENT_DIM)
    return export.saved_model(
        conditional, path, prior=prior, condition=ClassLabels(NUM_CLASSES)
    )


@pytest.fixture(scope="module")
def signatures(exported):
    return load(exported)


@pytest.fixture(scope="module")
def conditional_signatures(exported_conditional):
    return load(exported_conditional)


def load(path):
    model = tf.saved_model.load(str(path))
    return dict(model.signatures) | {"keep": model}


def rows(seed, truncation=0.0, **others):
    seed = np.asarray(seed, "int64")
    truncation = np.broadcast_to(np.float32(truncation), seed.shape)
    values = {"seed": seed, "truncation": truncation, **others}
    return {name: tf.constant(value) for name, value in values.items()}


def latents_of(num_images):
    return np.random.default_rng(0).normal(size=(num_images, LATENT_DIM)).astype("f4")


def test_serving_default_makes_the_images_that_keras_makes(generator, signatures):
    latents = latents_of(5)
    images = signatures["serving_default"](latents=tf.constant(latents))["images"]
    expected = keras.ops.convert_to_numpy(generator(latents, training=False))
    assert images.dtype == tf.float32
    np.testing.assert_allclose(images, expected, atol=1e-5)


def test_labels_go_through_as_integers(conditional, conditional_signatures):
    latents, labels = latents_of(4), np.array([3, 0, 1, 3], "int32")
    images = conditional_signatures["serving_default"](
        latents=tf.constant(latents), labels=tf.constant(labels)
    )["images"]
    expected = conditional([latents, labels], training=False)
    np.testing.assert_allclose(images, keras.ops.convert_to_numpy(expected), atol=1e-5)
    assert np.abs(images[0] - images[3]).max() > 1e-3


def test_weights_are_stored_once(generator, exported):
    data = exported / "variables" / "variables.data-00000-of-00001"
    weights = sum(weight.nbytes for weight in generator.get_weights())
    assert weights <= data.stat().st_size < 1.5 * weights + 4096


@pytest.mark.parametrize("truncation", [0.0, 0.7])
def test_a_row_is_the_same_picture_in_any_batch(signatures, truncation):
    seeds = [5, -3, 2**60, 7, 5]
    together = signatures["sample"](**rows(seeds, truncation))["images"].numpy()
    for seed, image in zip(seeds, together, strict=True):
        alone = signatures["sample"](**rows([seed], truncation))["images"].numpy()
        np.testing.assert_allclose(alone[0], image, atol=1e-6)
    assert np.abs(together[0] - together[1]).max() > 1e-3


@pytest.mark.parametrize("prior", [Normal(64), Uniform(64, 0.0, 2.0)])
def test_the_noise_has_the_priors_distribution(prior, tmp_path):
    inputs = keras.Input((64,))
    mirror = keras.Model(inputs, layers.Identity()(inputs))  # shows its latents
    signatures = load(export.saved_model(mirror, tmp_path / "mirror", prior=prior))
    assert set(signatures) - {"keep"} == {"serving_default", "sample"}
    drawn = signatures["sample"](**rows(range(300)))["images"].numpy()
    sampled = keras.ops.convert_to_numpy(prior.sample(300, seed=0))
    levels = [0.02, 0.25, 0.5, 0.75, 0.98]
    expected = np.quantile(sampled, levels)
    np.testing.assert_allclose(np.quantile(drawn, levels), expected, atol=0.07)
    half = signatures["sample"](**rows(range(300), 0.5))["images"].numpy()
    expected = prior.truncate(keras.ops.convert_to_tensor(drawn), 0.5)
    expected = keras.ops.convert_to_numpy(expected)
    np.testing.assert_allclose(half, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("prior", "exact"),
    [(Normal(2), stats.norm()), (Uniform(2, 0.0, 2.0), stats.uniform(0, 2))],
)
def test_a_walk_has_the_priors_distribution_everywhere(prior, exact):
    seeds, none = tf.range(2000, dtype="int64"), tf.zeros(2000)

    @tf.function
    def walk(position):
        way = tf.fill(none.shape, position)
        return noise.walk_latents(prior, seeds, seeds + 10**6, way, none)

    for position in np.float32([0.2, 0.5, 1]):
        latents = walk(tf.constant(position)).numpy()
        assert stats.kstest(latents.ravel(), exact.cdf).pvalue > 1e-3, position
        assert latents.var() == pytest.approx(exact.var(), rel=0.05)
        assert abs(np.corrcoef(latents.T)[0, 1]) < 0.06


def test_png_holds_the_bytes_of_sample(signatures):
    arguments = rows([1, 2, 3], 0.5)
    images = signatures["sample"](**arguments)["images"].numpy()
    files = signatures["png"](**arguments)["image_bytes"].numpy()
    pictures = np.stack([tf.io.decode_png(file).numpy() for file in files])
    np.testing.assert_array_equal(pictures, to_uint8(images))


def test_any_label_is_drawn_from_the_seed(conditional_signatures):
    sample = conditional_signatures["sample"]
    seeds = np.arange(40)
    free = sample(**rows(seeds, label=np.full(40, -1, "i4")))["images"].numpy()
    by_class = np.stack(
        [
            sample(**rows(seeds, label=np.full(40, k, "i4")))["images"].numpy()
            for k in range(NUM_CLASSES)
        ]
    )
    distance = np.abs(by_class - free).max(axis=(2, 3, 4))  # (classes, seeds)
    assert (distance.min(axis=0) < 1e-6).all()
    assert set(distance.argmin(axis=0)) == set(range(NUM_CLASSES))


@pytest.mark.parametrize("label", [-2, NUM_CLASSES])
def test_a_label_out_of_range_is_an_error(conditional_signatures, label):
    arguments = rows([0, 1], label=np.array([0, label], "i4"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be from 0 to"):
        conditional_signatures["sample"](**arguments)


def test_a_truncation_out_of_range_is_an_error(signatures):
    with pytest.raises(tf.errors.InvalidArgumentError, match="positive, or 0 for none"):
        signatures["sample"](**rows([0], -1.0))


def test_a_walk_starts_and_ends_at_its_seeds(signatures):
    def pictures(signature, **arguments):
        files = signatures[signature](**arguments)["image_bytes"].numpy()
        return np.stack([tf.io.decode_png(file).numpy() for file in files]).astype(int)

    position = np.linspace(0, 1, 9, dtype="f4")
    way = pictures(
        "walk", **rows([4] * 9, 0.8, end_seed=np.full(9, 9), position=position)
    )
    ends = pictures("png", **rows([4, 9], 0.8))
    assert np.abs(way[[0, -1]] - ends).max() <= 1
    steps = np.abs(np.diff(way, axis=0)).mean(axis=(1, 2, 3))
    assert 0 < steps.max() < 0.5 * np.abs(ends[0] - ends[1]).mean()


def test_a_walk_from_a_seed_to_itself_stands_still(signatures):
    walk = rows([4, 4], end_seed=np.array([4, 4]), position=np.array([0.3, 1], "f4"))
    files = signatures["walk"](**walk)["image_bytes"].numpy()
    assert files[0] == files[1]


def test_a_model_of_images_exports_images_and_files(tmp_path):
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, layers.Rescaling(-1.0)(inputs))
    path = export.saved_model(model, tmp_path / "negative")
    signatures = load(path)
    assert set(signatures) - {"keep"} == {"serving_default", "png"}
    pixels = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3)).astype("uint8")
    files = tf.io.encode_png(pixels)
    answer = signatures["png"](image_bytes=files)["image_bytes"].numpy()
    negatives = np.stack([tf.io.decode_png(file).numpy() for file in answer])
    np.testing.assert_array_equal(negatives, 255 - pixels)
    small = tf.io.encode_png(pixels[:, :4])
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be 8 pixels high"):
        signatures["png"](image_bytes=small)


def test_mixed_precision_answers_in_float32(tiny, tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        half = tiny()
    finally:
        keras.config.set_dtype_policy("float32")
    signatures = load(
        export.saved_model(half, tmp_path / "half", prior=Normal(LATENT_DIM))
    )
    images = signatures["sample"](**rows([0]))["images"]
    assert images.dtype == tf.float32


def test_a_prior_without_quantiles_exports_its_latents_only(generator, tmp_path):
    path = export.saved_model(generator, tmp_path / "x", prior=Prior(LATENT_DIM))
    assert set(load(path)) - {"keep"} == {"serving_default"}


def test_warmup_requests_are_answered(exported, signatures):
    logs = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")
    records = exported / "assets.extra" / "tf_serving_warmup_requests"
    names = []
    for record in tf.data.TFRecordDataset(str(records)):
        log = logs.PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        names.append(request.model_spec.signature_name)
        inputs = {k: tf.constant(tf.make_ndarray(v)) for k, v in request.inputs.items()}
        signatures[names[-1]](**inputs)
    assert sorted(names) == ["png", "sample", "serving_default", "walk"]


def test_the_model_card_says_what_it_is(exported_conditional, conditional):
    card = json.loads(
        (exported_conditional / "assets.extra/model_card.json").read_text()
    )
    assert card["architecture"]["num_parameters"] == conditional.count_params()
    assert card["architecture"]["prior"] == {"class_name": "Normal", "latent_dim": 6}
    assert card["value_ranges"]["labels"] == [0, 3]
    assert card["value_ranges"]["label"] == [-1, 3]
    assert card["value_ranges"]["images"] == [-1, 1]
    assert card["versions"]["keras"] == keras.__version__
    assert card["licence"] is None


def test_what_the_maker_knows_goes_into_the_card(generator, tmp_path):
    given = {"licence": "MIT", "metrics": {"distance": 3.5}}
    path = export.saved_model(generator, tmp_path / "x", card=given)
    card = json.loads((path / "assets.extra/model_card.json").read_text())
    assert card["licence"] == "MIT"
    assert card["metrics"] == {"distance": 3.5}
    with pytest.raises(ValueError, match="must be what JSON can hold"):
        export.saved_model(generator, tmp_path / "x", card={"data": {1, 2}})


def test_bad_input_is_explained(generator, tmp_path):
    with pytest.raises(ValueError, match="is not built"):
        export.saved_model(keras.Sequential([layers.Dense(3)]), tmp_path)
    with pytest.raises(ValueError, match=r"the prior draws \(7,\)"):
        export.saved_model(generator, tmp_path, prior=Normal(7))
    with pytest.raises(ValueError, match=r"must be a `keras.Model`. Received: str"):
        export.saved_model("generator", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Pass a path that can be made and written to"):
        export.saved_model(generator, tmp_path / "file" / "name")
