import json
import shutil

import keras
import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.metrics import (
    Application,
    EmojiClassifier,
    FashionMNISTClassifier,
    MNISTClassifier,
    ModelExtractor,
    RawSamples,
)
from keras_gan.metrics.features import classifiers
from keras_gan.pixels import from_uint8, to_uint8
from keras_gan.pretrained import resize
from keras_gan.pretrained.fold import fold_batch_norm


def test_bytes_and_floats_are_the_same_images(fashion, extractor):
    images = fashion[0][:20]
    np.testing.assert_array_equal(to_uint8(from_uint8(images)), images)
    np.testing.assert_array_equal(
        extractor.features(images), extractor.features(from_uint8(images))
    )


def test_rounding_is_that_of_a_saved_picture():
    values = np.array([-1.0, -1 + 0.9 / 255, -1 + 1.1 / 255, 0.0, 1.0])
    assert to_uint8(values).tolist() == [0, 0, 1, 128, 255]


def test_wrong_ranges_are_refused():
    with pytest.raises(ValueError, match=r"Received values in \[-1.5, 0\]"):
        to_uint8(np.array([-1.5, 0.0]))
    with pytest.raises(ValueError, match="hold 1 values that are NaN"):
        to_uint8(np.array([np.nan, 0.0]))
    with pytest.raises(ValueError, match="Received dtype: int32"):
        to_uint8(np.zeros(3, "int32"))


def test_accuracy_of_the_fashion_classifier(fashion, extractor):
    images, labels = fashion[0][:1000], fashion[1][:1000]
    accuracy = np.mean(extractor.logits(images).argmax(axis=1) == labels)
    assert accuracy > 0.925
    assert extractor.features(images[:3]).shape == (3, 128)


@pytest.mark.parametrize(
    ("name", "num_images", "accuracy"),
    [("mnist", 10_000, 0.993), ("fashion_mnist", 10_000, 0.925), ("emoji", 376, 0.81)],
)
def test_shipped_weights_are_small_and_accurate(name, num_images, accuracy):
    path = classifiers.weights_path(name)
    with open(path.replace(".npz", ".json")) as file:
        facts = json.load(file)
    assert facts["test_images"] == num_images
    assert facts["test_accuracy"] >= accuracy
    with open(path, "rb") as file:
        assert len(file.read()) == facts["bytes"] < 2_000_000


def test_accuracy_of_the_emoji_classifier():
    try:
        images, labels = (
            datasets.emoji(split="test", labels=True, batch_size=1).as_uint8().arrays()
        )
    except FileNotFoundError as error:
        pytest.skip(str(error))
    extractor = EmojiClassifier()
    assert np.mean(extractor.logits(images).argmax(axis=1) == labels) > 0.8
    assert extractor.features(images[:3]).shape == (3, 128)


def test_images_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"\(28, 28, 1\).*\(28, 28, 3\).*PerChannel"):
        MNISTClassifier().features(np.zeros((1, 28, 28, 3), "uint8"))
    with pytest.raises(ValueError, match=r"\(64, 64, 3\).*\(64, 64, 1\). Use `Inc"):
        EmojiClassifier().features(np.zeros((1, 64, 64, 1), "uint8"))


def test_damaged_weights_are_detected(tmp_path, monkeypatch):
    for suffix in (".npz", ".json"):
        path = classifiers.weights_path("mnist").replace(".npz", suffix)
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(classifiers, "__file__", str(tmp_path / "classifiers.py"))
    assert classifiers.weights_path("mnist") == str(tmp_path / "mnist.npz")
    content = bytearray((tmp_path / "mnist.npz").read_bytes())
    content[5000] ^= 1
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        MNISTClassifier().features(np.zeros((1, 28, 28, 1), "uint8"))


def test_fingerprints_differ_between_extractors():
    fingerprints = {
        MNISTClassifier().fingerprint,
        FashionMNISTClassifier().fingerprint,
        EmojiClassifier().fingerprint,
        RawSamples().fingerprint,
    }
    assert len(fingerprints) == 4
    assert MNISTClassifier().fingerprint == MNISTClassifier().fingerprint


def test_partial_batches_give_the_same_features(fashion, extractor):
    whole = extractor.features(fashion[0][:10])
    parts = extractor.features(fashion[0][:10], batch_size=4)
    np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-6)


def test_tf1_resize_by_hand():
    matrix = resize.tf1_bilinear(2, 4)  # samples at 0, 0.5, 1, 1.5
    np.testing.assert_allclose(matrix, [[1, 0], [0.5, 0.5], [0, 1], [0, 1]])


def test_tf1_resize_is_tensorflows():
    tf = pytest.importorskip("tensorflow")
    images = np.random.default_rng(0).uniform(0, 255, (2, 37, 500, 3))
    images = images.astype("float32")
    expected = tf.compat.v1.image.resize_bilinear(images, (299, 299)).numpy()
    found = keras.ops.convert_to_numpy(
        resize.resize(keras.ops.convert_to_tensor(images), 299, resize.tf1_bilinear)
    )
    np.testing.assert_allclose(found, expected, atol=2e-3)


@pytest.mark.parametrize("size", [24, 100])
def test_smooth_resize_is_pillows(size):
    from PIL import Image

    image = np.random.default_rng(0).uniform(0, 255, (40, 64)).astype("float32")
    expected = Image.fromarray(image).resize((size, size), Image.Resampling.BILINEAR)
    found = resize.resize(keras.ops.convert_to_tensor(image[None, ..., None]), size)
    found = keras.ops.convert_to_numpy(found)[0, ..., 0]
    np.testing.assert_allclose(found, np.asarray(expected), atol=1e-3)


def test_folding_equals_convolution_then_normalisation():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 8, 8, 3)).astype("float32")
    convolution = keras.layers.Conv2D(5, 3, use_bias=False)
    norm = keras.layers.BatchNormalization(epsilon=1e-3)
    norm.build((None, 6, 6, 5))
    norm.set_weights([rng.uniform(0.5, 2, 5) for _ in range(4)])
    expected = norm(convolution(x), training=False)
    kernel, bias = fold_batch_norm(
        keras.ops.convert_to_numpy(convolution.kernel),
        mean=keras.ops.convert_to_numpy(norm.moving_mean),
        variance=keras.ops.convert_to_numpy(norm.moving_variance),
        beta=keras.ops.convert_to_numpy(norm.beta),
        gamma=keras.ops.convert_to_numpy(norm.gamma),
    )
    folded = keras.layers.Conv2D(5, 3)
    folded.build(x.shape)
    folded.set_weights([kernel, bias])
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(folded(x)),
        keras.ops.convert_to_numpy(expected),
        rtol=1e-4,
        atol=1e-5,
    )


def test_a_custom_model_is_averaged_over_positions():
    network = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Identity()])
    extractor = ModelExtractor(network, name="colour", size=4)
    images = np.full((2, 9, 7, 1), 255, "uint8")  # grey becomes RGB
    np.testing.assert_allclose(extractor.features(images), np.ones((2, 3)), atol=1e-6)


@pytest.mark.backends("tensorflow", "torch", reason="a network of Keras")
def test_an_application_with_its_own_preprocessing():
    extractor = Application("MobileNetV2", weights=None, size=64)
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1), "uint8")
    features = extractor.features(images)
    assert features.shape == (2, 1280)
    assert extractor.name == "mobilenetv2-random-64"
    pixels = keras.ops.convert_to_tensor(np.full((1, 64, 64, 3), 255, "float32"))
    prepared = keras.ops.convert_to_numpy(extractor.preprocess(pixels))
    np.testing.assert_allclose(prepared, 1.0, atol=1e-5)


def test_unknown_applications_and_missing_weights():
    with pytest.raises(ValueError, match="must name a model of keras.applications"):
        Application("InceptionV5")
    extractor = Application("MobileNetV2", weights="nowhere.weights.h5", size=64)
    with pytest.raises(ValueError, match="could not be built with"):
        extractor.features(np.zeros((1, 64, 64, 3), "uint8"))


def test_half_precision_policy_does_not_change_features():
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1), "uint8")
    expected = MNISTClassifier().features(images)
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        features = MNISTClassifier().features(images)
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy(policy)
    np.testing.assert_array_equal(features, expected)
