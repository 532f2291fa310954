"""Compare with torch-fidelity, on the same weights, images and features."""

import importlib

import keras
import numpy as np
import pytest

from keras_gan.metrics import (
    FrechetDistance,
    InceptionScore,
    InceptionV3,
    KernelDistance,
    PrecisionRecall,
    RawSamples,
)
from keras_gan.metrics.features import inception, inception_weights
from keras_gan.metrics.features.graphdef import constants

NOT_ON_JAX = pytest.mark.backends("tensorflow", "torch", reason="JAX resizes one shape")
OF_NUMPY = pytest.mark.backends("torch", reason="NumPy computes it: run once")
FILES = pytest.mark.backends("torch", reason="files, not tensors: run once")
OUTPUTS = ("features", "unbiased_logits", "logits")


@pytest.fixture(scope="session")
def fidelity():
    """The peer, which takes seconds to import: only where a test needs it."""
    return importlib.import_module("fidelity")


@pytest.fixture(scope="module")
def weights_path(tmp_path_factory, fidelity):
    """Write random weights in the format of the torch port."""
    torch = fidelity.torch
    rng = torch.Generator().manual_seed(0)
    state = {}
    for layer in inception.network().layers:
        if not isinstance(layer, keras.layers.Conv2D):
            continue
        name = inception_weights.torch_name(layer.name)
        height, width, fan_in, out = layer.kernel.shape
        std = (2 / (height * width * fan_in)) ** 0.5
        kernel = torch.empty(out, fan_in, height, width)
        state[f"{name}.conv.weight"] = kernel.normal_(0, std, generator=rng)
        for part, low, high in (
            ("weight", 0.5, 1.5),
            ("bias", -0.2, 0.2),
            ("running_mean", -0.2, 0.2),
            ("running_var", 0.5, 1.5),
        ):
            values = torch.empty(out).uniform_(low, high, generator=rng)
            state[f"{name}.bn.{part}"] = values
        state[f"{name}.bn.num_batches_tracked"] = torch.tensor(0)
    state["fc.weight"] = torch.empty(1008, 2048).normal_(0, 0.02, generator=rng)
    state["fc.bias"] = torch.empty(1008).normal_(0, 1, generator=rng)
    path = tmp_path_factory.mktemp("weights") / "inception.pth"
    torch.save(state, path)
    return path


@pytest.fixture(scope="module")
def ours(weights_path):
    return InceptionV3(str(weights_path))


@pytest.fixture(scope="module")
def theirs(weights_path, fidelity):
    return fidelity.FeatureExtractorInceptionV3(
        "inception-v3-compat",
        ["2048", "logits_unbiased", "logits"],
        feature_extractor_weights_path=weights_path,
    )


@pytest.mark.parametrize(
    "shape",
    [
        (32, 32),
        pytest.param((299, 299), marks=NOT_ON_JAX),
        pytest.param((64, 400), marks=NOT_ON_JAX),
    ],
)
def test_features_agree(shape, ours, theirs, fidelity):
    torch = fidelity.torch
    images = np.random.default_rng(0).integers(0, 256, (2, *shape, 3), "uint8")
    images[1] //= 3
    found = ours.outputs(images)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(images.transpose(0, 3, 1, 2).copy()))
    for key, tensor in zip(OUTPUTS, expected, strict=True):
        reference = tensor.numpy()
        scale = np.abs(reference).max()
        np.testing.assert_allclose(found[key], reference, rtol=1e-4, atol=1e-5 * scale)
        assert np.ptp(reference) > 0.01 * scale  # not constant


@pytest.mark.backends("tensorflow", "torch", reason="NumPy repeats the channel")
def test_grey_images_are_taken_as_rgb(ours):
    grey = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 1), "uint8")
    colour = np.repeat(grey, 3, axis=-1)
    found, expected = ours.features(grey), ours.features(colour)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    with pytest.raises(ValueError, match="with 4 channels"):
        ours.features(np.zeros((1, 32, 32, 4), "uint8"))


@pytest.mark.backends("tensorflow", reason="files: no backend code")
def test_the_original_graph_file_gives_the_same_weights(
    weights_path, tmp_path, fidelity
):
    pytest.importorskip("tensorflow")
    from tensorflow.core.framework import graph_pb2
    from tensorflow.python.framework import tensor_util

    state = fidelity.torch.load(weights_path, weights_only=True)
    arrays = {
        "softmax/weights": state["fc.weight"].numpy().T,
        "softmax/biases": state["fc.bias"].numpy(),
        "scalar": np.float32(3.5),
    }
    network = inception.network()
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            node = layer.name.replace("-", "/")
            name = inception_weights.torch_name(layer.name)
            kernel = state[f"{name}.conv.weight"].numpy().transpose(2, 3, 1, 0)
            arrays[f"{node}/conv2d_params"] = kernel
            for graph, port in (
                ("gamma", "weight"),
                ("beta", "bias"),
                ("moving_mean", "running_mean"),
                ("moving_variance", "running_var"),
            ):
                values = state[f"{name}.bn.{port}"].numpy()
                arrays[f"{node}/batchnorm/{graph}"] = values
    graph = graph_pb2.GraphDef()
    for name, array in arrays.items():
        node = graph.node.add(name=name, op="Const")
        node.attr["value"].tensor.CopyFrom(tensor_util.make_tensor_proto(array))
    graph.node.add(name="pool_3", op="AvgPool")
    path = tmp_path / "classify_image_graph_def.pb"
    path.write_bytes(graph.SerializeToString())
    assert constants(path.read_bytes())["scalar"] == 3.5

    from_graph = inception_weights.read(path)
    from_port = inception_weights.read(weights_path)
    for layer in network.layers:
        if layer.weights:
            for one, other in zip(
                from_graph(layer.name), from_port(layer.name), strict=True
            ):
                np.testing.assert_array_equal(one, other)


@FILES
def test_missing_and_foreign_files(tmp_path, monkeypatch, fidelity):
    torch = fidelity.torch
    with pytest.raises(ValueError, match="There is no file.*Fetch one of the two"):
        InceptionV3(str(tmp_path / "none.pth")).features(
            np.zeros((1, 8, 8, 3), "uint8")
        )
    torch.save({"other": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(ValueError, match="does not hold the 2015 Inception"):
        inception_weights.read(tmp_path / "other.pth")
    (tmp_path / "text.pb").write_bytes(b"\x0a\x7fno graph")
    with pytest.raises(ValueError, match="ends in the middle"):
        inception_weights.read(tmp_path / "text.pb")

    def unreachable(**_):
        raise OSError("no network")

    monkeypatch.setattr(keras.utils, "get_file", unreachable)
    with pytest.raises(ValueError, match=r"could not be downloaded \(.*no network"):
        inception_weights.read()


@pytest.fixture(scope="module")
def features():
    """Return two sets of correlated, skewed features, float64."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(48, 48)) / 7
    real = np.maximum(rng.normal(0.3, 1, (1200, 48)) @ mixing, 0)
    fake = np.maximum(rng.normal(0.5, 1.1, (1100, 48)) @ mixing, 0)
    return real, fake


@OF_NUMPY
def test_frechet_distance_agrees(features, fidelity):
    real, fake = (fidelity.torch.from_numpy(each) for each in features)
    expected = fidelity.metric_fid.fid_statistics_to_metric(
        fidelity.metric_fid.fid_features_to_statistics(fake),
        fidelity.metric_fid.fid_features_to_statistics(real),
        verbose=False,
    )["frechet_inception_distance"]
    metric = FrechetDistance(RawSamples())
    metric.update_state(*features)
    assert metric.result() == pytest.approx(expected, rel=1e-6)


@OF_NUMPY
def test_kernel_distance_agrees(features, fidelity):
    real, fake = (fidelity.torch.from_numpy(each) for each in features)
    expected = fidelity.metric_kid.kid_features_to_metric(
        fake, real, kid_subsets=10, kid_subset_size=200, verbose=False
    )
    metric = KernelDistance(RawSamples(), num_subsets=10, subset_size=200)
    metric.update_state(*features)
    found = metric.result()
    mean, std = (expected[f"kernel_inception_distance_{k}"] for k in ("mean", "std"))
    assert found["kernel_distance"] == pytest.approx(mean, rel=1e-6)
    assert found["kernel_distance_std"] == pytest.approx(std, rel=1e-6)


@OF_NUMPY
def test_inception_score_agrees(features, fidelity):
    logits = 3 * features[1]
    expected = fidelity.metric_isc.isc_features_to_metric(
        fidelity.torch.from_numpy(logits)
    )
    metric = InceptionScore(RawSamples())
    metric.extractor.score_logits = "features"
    metric.reset_state()
    metric.update_fake(logits)
    found = metric.result()
    for ours, theirs in (("", "mean"), ("_std", "std")):
        assert found[f"inception_score{ours}"] == pytest.approx(
            expected[f"inception_score_{theirs}"], rel=1e-6
        )
    assert found["inception_score"] > 1.5


@OF_NUMPY
def test_precision_and_recall_agree(features, fidelity):
    real, fake = (fidelity.torch.from_numpy(each) for each in features)
    expected = fidelity.metric_prc.prc_features_to_metric(fake, real, verbose=False)
    metric = PrecisionRecall(RawSamples())
    metric.update_state(*features)
    found = metric.result()
    for key in ("precision", "recall"):
        assert 0 < found[key] < 1
        assert found[key] == pytest.approx(expected[key], rel=1e-6)
