"""Pairs side by side: what belongs to which domain, edges and negatives."""

import importlib

import numpy as np
import pytest

from keras_gan import datasets

# Its function of the same name hides the module.
module = importlib.import_module("keras_gan.datasets.coupled")


def images(num, value):
    return (
        np.full((num, 4, 6, 1), value, "uint8")
        + np.arange(num, dtype="uint8")[:, None, None, None]
    )


def test_rows_hold_one_image_of_each_domain():
    data = datasets.coupled(images(9, 0), images(4, 100), batch_size=3).as_uint8()
    seen = np.concatenate([data[i] for i in range(len(data))])
    assert seen.shape == (9, 4, 12, 1)
    first, second = seen[:, 0, 0, 0], seen[:, 0, 6, 0]
    assert sorted(first) == list(range(9))
    assert set(second) == {100, 101, 102, 103}
    assert data.image_shape == (4, 12, 1)


def test_labels_are_those_of_the_first_domain():
    labels = np.arange(4) % 2
    data = datasets.coupled(images(4, 0), images(9, 100), labels, batch_size=3)
    data = data.as_uint8()
    for i in range(len(data)):
        pairs, found = data[i]
        np.testing.assert_array_equal(pairs[:, 0, 0, 0] % 2, found)
    assert data.num_classes == 2


def test_batches_are_a_function_of_the_seed():
    def first(seed):
        return datasets.coupled(images(9, 0), images(9, 50), batch_size=4, seed=seed)[0]

    np.testing.assert_array_equal(first(1), first(1))
    assert not np.array_equal(first(1), first(2))


def test_floats_stay_floats():
    a = images(4, 0).astype("float32") / 127.5 - 1
    data = datasets.coupled(a, images(4, 9), batch_size=2)
    assert data.as_uint8() is data
    assert data[0].dtype == np.float32


def test_edges_by_hand():
    shape = np.zeros((1, 5, 5, 1), "uint8")
    shape[0, 1:4, 1:4] = 200
    found = datasets.edges(shape)[0, ..., 0]
    assert found[0].tolist() == [200] * 5
    assert found[2].tolist() == [200, 0, 0, 0, 200]
    floats = datasets.edges(shape / 127.5 - 1)[0, ..., 0]
    np.testing.assert_allclose(floats, found / 127.5 - 1, atol=1e-6)


def test_negatives_by_hand():
    bytes_ = np.array([0, 10, 255], "uint8")
    assert datasets.negatives(bytes_).tolist() == [255, 245, 0]
    assert datasets.negatives(np.array([-1.0, 0.5])).tolist() == [1.0, -0.5]


def test_domains_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="side by side"):
        datasets.coupled(images(4, 0), np.zeros((4, 4, 4, 1), "uint8"), batch_size=2)
    with pytest.raises(ValueError, match="labels"):
        datasets.coupled(images(4, 0), images(4, 0), np.zeros(3, int), batch_size=2)


@pytest.mark.parametrize("name", ["mnist_edges", "mnist_negatives"])
def test_halves_of_mnist_are_disjoint(name, monkeypatch):
    digits = images(10, 5)[..., 0]
    arrays = digits, np.arange(10)
    monkeypatch.setattr(module, "load_arrays", lambda split, data_dir: arrays)
    data = datasets.load(name, batch_size=5, labels=True).as_uint8()
    pairs, labels = data[0]
    np.testing.assert_array_equal(pairs[:, 0, 0, 0], labels + 5)
    assert labels.max() < 5
    made = module.TRANSFORMS[name.removeprefix("mnist_")](digits[5:, ..., None])
    assert {p.tobytes() for p in pairs[:, :, 6:]} == {m.tobytes() for m in made}
