"""Two domains of which nothing says what belongs together."""

import numpy as np
import pytest
from made import levels, save

from keras_gan import datasets
from keras_gan.pixels import to_uint8

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def seen(data, num_epochs=1):
    """The levels of both domains in the order of training."""
    batches = [batch for _ in range(num_epochs) for batch in data]
    return tuple(
        np.concatenate([to_uint8(images)[:, 0, 0, 0] for images in side]).tolist()
        for side in zip(*batches, strict=True)
    )


def test_an_epoch_is_a_pass_over_the_larger_domain():
    data = datasets.unpaired(levels(10), levels(4) + 100, batch_size=2)
    assert len(data) == 5
    assert data.num_samples == 10
    a, b = seen(data, num_epochs=2)
    assert sorted(a[:10]) == sorted(a[10:]) == list(range(10))
    # Of the smaller one five whole passes, each in its own order.
    passes = [b[i : i + 4] for i in range(0, 20, 4)]
    assert all(sorted(each) == [100, 101, 102, 103] for each in passes)
    assert len({tuple(each) for each in passes}) > 1
    assert seen(datasets.unpaired(levels(4), levels(10) + 100))[1] != a


def test_a_domain_may_be_smaller_than_a_batch():
    data = datasets.unpaired(levels(3), levels(20) + 100, batch_size=8)
    a, b = seen(data, num_epochs=3)
    assert len(a) == len(b) == 3 * 2 * 8
    assert np.bincount(a).tolist() == [16, 16, 16]
    assert [len(each[0]) for each in data.with_remainder()] == [8, 8, 4]


def test_domains_of_one_size_have_orders_of_their_own():
    images = np.random.default_rng(0).integers(0, 256, (50, 8, 8, 3), "uint8")
    images[:, 0, 0, 0] = images[:, 0, -1, 0] = np.arange(50)
    data = datasets.unpaired(
        images, images.copy(), batch_size=50, augment=datasets.horizontal_flip
    )
    a, b = data.as_uint8()[0]
    assert a[:, 0, 0, 0].tolist() != b[:, 0, 0, 0].tolist()
    order = [np.argsort(each[:, 0, 0, 0]) for each in (a, b)]
    assert not np.array_equal(a[order[0]], b[order[1]]), "they are flipped alike"


def test_the_seed_and_the_step_determine_a_batch():
    def load(seed=4):
        return datasets.unpaired(levels(9), levels(5) + 100, batch_size=2, seed=seed)

    whole = seen(load(), num_epochs=3)
    resumed = load()
    resumed.seek(1, start=3)
    rest = seen(resumed, num_epochs=2)
    for all_of_it, end in zip(whole, rest, strict=True):
        assert all_of_it[2 * (4 + 3) :] == end
    assert seen(load(5)) != seen(load())
    short = load().with_steps_per_epoch(3)
    assert seen(short, num_epochs=4) == seen(load(), num_epochs=3)
    small = load().as_uint8()
    assert small[2][0].dtype == np.uint8
    np.testing.assert_array_equal(small[2][1], to_uint8(load()[2][1]))


def test_prefetched_batches_are_the_same():
    options = {"batch_size": 2, "seed": 1}
    plain = datasets.unpaired(levels(9), levels(5), **options)
    ahead = datasets.unpaired(levels(9), levels(5), prefetch=2, **options)
    assert seen(plain, 2) == seen(ahead, 2)


def test_other_data_have_another_fingerprint():
    first = datasets.unpaired(levels(6), levels(4)).fingerprint()
    assert datasets.unpaired(levels(6), levels(4)).fingerprint() == first
    assert datasets.unpaired(levels(6), levels(4) + 1).fingerprint() != first
    assert datasets.unpaired(levels(4), levels(6)).fingerprint() != first


def test_datasets_as_domains():
    a = datasets.Batches(levels(10), batch_size=3).subset([1, 3, 5])
    b = datasets.Batches(levels(4) + 100, batch_size=1)
    data = datasets.UnpairedBatches(a, b, batch_size=1)
    assert sorted(set(seen(data, 3)[0])) == [1, 3, 5]
    assert data.num_samples == 4
    assert a.batch_size == 3
    with pytest.raises(ValueError, match=r"first domain: \['size'\] cannot be changed"):
        datasets.UnpairedBatches(a, b, size=4)
    labelled = datasets.Batches(levels(4), [0, 1, 0, 1], batch_size=1)
    with pytest.raises(ValueError, match="second domain: its batches have labels"):
        datasets.UnpairedBatches(b, labelled)


def test_what_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"size \(2, 3\), .* second of size \(4, 3\)"):
        datasets.unpaired(levels(4), levels(4, (4, 3, 1)))
    images = levels(4)
    with pytest.raises(ValueError, match="Both domains are the same array"):
        datasets.unpaired(images, images)
    with pytest.raises(ValueError, match=r"two folders or two arrays.*ndarray and str"):
        datasets.unpaired(images, str(tmp_path))
    with pytest.raises(ValueError, match=r"Received: NoneType"):
        datasets.unpaired(images, None)
    with pytest.raises(ValueError, match="first domain: 4 samples do not fill one"):
        datasets.unpaired(images, levels(3), batch_size=8)
    with pytest.raises(ValueError, match="second domain: `images` must be a non-empty"):
        datasets.unpaired(images, images[:0])
    with pytest.raises(ValueError, match="`seed` must be an integer of at least 0"):
        datasets.unpaired(images, levels(3), seed=-1)


# In folders.


@pytest.fixture
def folders(tmp_path):
    for i in range(5):
        save(tmp_path / "photos" / f"{i}.png", np.full((6, 8, 3), 10 * i))
    for i in range(2):
        save(tmp_path / "drawings" / f"{i}.png", np.full((6, 8), 10 * i + 100))
    return tmp_path / "photos", tmp_path / "drawings"


def test_two_folders(folders):
    data = datasets.unpaired(*folders)
    assert data.shapes == ((6, 8, 3), (6, 8, 3)), "grey beside colour is colour"
    a, b = seen(data, 2)
    assert sorted(a[:5]) == [0, 10, 20, 30, 40]
    assert set(b) == {100, 110}
    assert "5 and 2 samples" in repr(data)
    assert datasets.unpaired(*folders, channels=1).shapes == ((6, 8, 1), (6, 8, 1))
    cropped = datasets.unpaired(*folders, size=4, crop="random", cache=None)
    assert cropped.prefetch == 2
    memory = datasets.unpaired(*folders, size=4, crop="random")
    for a, b in zip(cropped, memory, strict=True):
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])


def test_folders_that_cannot_be_two_domains(folders, tmp_path):
    with pytest.raises(ValueError, match="Both folders are the same"):
        datasets.unpaired(folders[0], folders[0])
    with pytest.raises(ValueError, match="lies in the other one"):
        datasets.unpaired(tmp_path, folders[0])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="hold no picture"):
        datasets.unpaired(folders[0], tmp_path / "empty")
