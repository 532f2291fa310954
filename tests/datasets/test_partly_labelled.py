import numpy as np
import pytest

from keras_gan import datasets

pytestmark = pytest.mark.backends(
    "torch", "tensorflow", reason="no backend code: run once"
)

IMAGES = np.arange(40, dtype="uint8").reshape(40, 1, 1, 1)
CLASSES = np.arange(40) % 4
FEW = datasets.hide_labels(CLASSES, per_class=2, seed=1)


def new(**options):
    return datasets.PartlyLabelled(IMAGES, FEW, **{"batch_size": 10} | options)


def rows(images):
    return np.round((images.ravel() + 1) * 127.5).astype(int)


def test_some_labels_are_kept():
    assert np.bincount(FEW[FEW >= 0]).tolist() == [2, 2, 2, 2]
    assert (FEW[FEW >= 0] == CLASSES[FEW >= 0]).all()
    assert (datasets.hide_labels(CLASSES, 2, seed=1) == FEW).all()
    assert (datasets.hide_labels(CLASSES, 2, seed=2) != FEW).any()
    with pytest.raises(ValueError, match="Class 0 has 10 labels"):
        datasets.hide_labels(CLASSES, 11)
    for wrong in (np.zeros(4), np.zeros((4, 2), int), np.array([-1, 0])):
        with pytest.raises(ValueError, match="`labels` must"):
            datasets.hide_labels(wrong, 1)


def test_every_second_row_has_its_label():
    for images, labels in new():
        assert (labels[1::2] == -1).all()
        assert (labels[::2] == CLASSES[rows(images)[::2]]).all()


def test_passes_over_both_use_all_equally():
    data = new()
    assert len(data) == 8
    batches = [data.batch(step) for step in range(8)]
    others = np.concatenate([rows(images)[1::2] for images, _ in batches])
    assert sorted(others) == list(range(40))
    known = np.concatenate([rows(images)[::2] for images, _ in batches])
    counts = np.bincount(known, minlength=40)
    assert (counts[FEW >= 0] == 5).all()
    assert counts.sum() == 40
    assert not np.array_equal(known[:8], known[8:16])


def test_batches_are_functions_of_the_seed():
    one, other = new(seed=3).batch(5), new(seed=3).batch(5)
    np.testing.assert_array_equal(one[0], other[0])
    assert (rows(new(seed=4).batch(5)[0]) != rows(one[0])).any()


def test_subsets_keep_their_labels():
    half = new(batch_size=4).subset(np.flatnonzero((FEW >= 0) | (CLASSES < 2)))
    seen = np.concatenate([rows(images) for images, _ in half])
    assert set(CLASSES[seen[1::2]]) <= {0, 1, 2, 3}
    assert half.num_classes == 4
    with pytest.raises(ValueError, match="None of these samples has a label"):
        new().subset(np.flatnonzero(FEW < 0))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (CLASSES, "40 of 40 images have a label"),
        (np.full(40, -1), "0 of 40"),
        (np.full(40, -2), "Received: -2"),
        (np.zeros(40), "must be integers"),
        (FEW[:7], "one for each"),
    ],
)
def test_labels_that_cannot_be(labels, message):
    with pytest.raises(ValueError, match=message):
        datasets.PartlyLabelled(IMAGES, labels, batch_size=10)


def test_an_odd_batch_is_refused():
    with pytest.raises(ValueError, match="must be even"):
        new(batch_size=9)
