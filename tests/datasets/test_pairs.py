"""Pairs of images: from arrays, from two folders, from halves of pictures."""

import numpy as np
import pytest
from made import levels, save

from keras_gan import datasets
from keras_gan.pixels import to_uint8

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def random_images(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape, "uint8")


def as_bytes(batch):
    return tuple(map(to_uint8, batch))


def test_arrays_stay_pairs_in_any_order():
    data = datasets.pairs(levels(10), levels(10, (2, 3, 3)) + 100, batch_size=5, seed=3)
    assert data.shapes == ((2, 3, 1), (2, 3, 3))
    seen = []
    for batch in data:
        inputs, targets = as_bytes(batch)
        assert batch[0].dtype == batch[1].dtype == np.float32
        assert targets.shape == (5, 2, 3, 3)
        np.testing.assert_array_equal(targets[..., :1], inputs + 100)
        seen += inputs[:, 0, 0, 0].tolist()
    assert sorted(seen) == list(range(10))
    assert seen != list(range(10))


def test_as_bytes_the_batches_are_the_same():
    images = random_images(8, 4, 4, 3)
    data = datasets.pairs(images[..., :1], images, batch_size=4)
    for plain, small in zip(data, data.as_uint8(), strict=True):
        for a, b in zip(plain, small, strict=True):
            assert b.dtype == np.uint8
            np.testing.assert_array_equal(to_uint8(a), b)


@pytest.mark.parametrize("crop", [None, "random"])
def test_both_images_are_cropped_and_flipped_alike(crop):
    images = random_images(32, 12, 12, 3)
    size = None if crop is None else (6, 12)
    data = datasets.pairs(
        images[..., :1],
        images,
        batch_size=32,
        size=size,
        crop=crop,
        augment=datasets.horizontal_flip,
    ).as_uint8()
    inputs, targets = data[0]
    np.testing.assert_array_equal(inputs, targets[..., :1])
    again = data.batch(1)
    np.testing.assert_array_equal(again[0], again[1][..., :1])


def test_random_crops_differ_from_pass_to_pass():
    images = random_images(4, 12, 12, 1)
    options = {"size": (6, 12), "crop": "random", "shuffle": False}
    data = datasets.pairs(images, images, batch_size=4, **options).as_uint8()
    assert not np.array_equal(data.batch(0)[0], data.batch(1)[0])


def test_floats_and_bytes_in_one_pair():
    inputs, targets = random_images(6, 4, 4, 1), random_images(6, 4, 4, 3, seed=1)
    floats = (targets / 255).astype("float32")
    with pytest.raises(ValueError, match=r"Of the targets: .*value_range=\(0, 1\)"):
        datasets.pairs(inputs, floats, batch_size=6)
    data = datasets.pairs(inputs, floats * 2 - 1, batch_size=6, shuffle=False)
    a, b = as_bytes(data[0])
    np.testing.assert_array_equal(a, inputs)
    np.testing.assert_array_equal(b, targets)


def test_parts_and_the_remainder():
    data = datasets.pairs(levels(10), levels(10), batch_size=4)
    assert len(data) == 2
    assert [len(a) for a, _ in data.with_remainder()] == [4, 4, 2]
    inputs, targets = data.with_remainder().take(3).arrays()
    assert to_uint8(inputs)[:, 0, 0, 0].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(inputs, targets)


def test_a_resumed_run_sees_the_same_pairs():
    images = random_images(20, 8, 8, 3)
    options = {"batch_size": 4, "augment": datasets.horizontal_flip, "seed": 5}
    data = datasets.pairs(images, images, **options)
    whole = [batch for _ in range(3) for batch in data]
    resumed = datasets.pairs(images, images, **options)
    resumed.seek(1, start=2)
    rest = [*resumed, *resumed]
    for expected, found in zip(whole[7:], rest, strict=True):
        for a, b in zip(expected, found, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("inputs", "targets", "options", "message"),
    [
        (levels(3), levels(4), {}, "3 inputs and 4 targets.*no pairs.*unpaired"),
        (levels(3), levels(3, (4, 3, 1)), {}, r"size \(2, 3\) .* size \(4, 3\)\. Both"),
        (levels(3), None, {}, "two folders, one folder .*: ndarray and NoneType"),
        (levels(3), "folder", {}, "Received: ndarray and str"),
        (
            levels(3),
            levels(3),
            {"labels": [0, 1, 2]},
            "`labels` was passed.*two images",
        ),
        (levels(3), levels(3), {"channels": (1, 3, 3)}, "or a pair of them"),
        (levels(3).astype("float32"), levels(3), {}, "Of the inputs: Float images"),
        (
            levels(3, (4, 8, 1)),
            levels(3, (8, 8, 1)),
            {"size": 4, "crop": "random"},
            r"\(4, 8\) and .*\(4, 4\), after resizing",
        ),
    ],
)
def test_what_is_refused(inputs, targets, options, message):
    with pytest.raises(ValueError, match=message):
        datasets.pairs(inputs, targets, batch_size=1, **options)


def test_an_augmentation_must_keep_the_channels():
    with pytest.raises(ValueError, match="joined images have 1 channels"):
        datasets.pairs(
            levels(3),
            levels(3),
            batch_size=1,
            augment=lambda images, rng: images[..., :1],
        )


# In folders.


@pytest.fixture
def sides(tmp_path):
    """Two folders with pictures of three names: grey JPEG-like, and in colour."""
    folders = tmp_path / "sketches", tmp_path / "photos"
    for i, name in enumerate(("cats/1", "cats/2", "dogs/1")):
        save(folders[0] / f"{name}.png", np.full((6, 8), 10 * i + 10))
        save(folders[1] / f"{name}.bmp", np.full((6, 8, 3), 10 * i + 100))
    return folders


def test_pictures_of_one_name_are_pairs(sides):
    data = datasets.pairs(*sides, batch_size=3, shuffle=False)
    assert data.shapes == ((6, 8, 1), (6, 8, 3))
    inputs, targets = data.as_uint8()[0]
    assert inputs[:, 0, 0, 0].tolist() == [10, 20, 30]
    assert targets[:, 0, 0, 0].tolist() == [100, 110, 120]
    both = datasets.pairs(*sides, batch_size=3, channels=3)
    assert both.shapes == ((6, 8, 3), (6, 8, 3))
    swapped = datasets.pairs(*sides[::-1], batch_size=3, channels=(3, 1))
    assert swapped.shapes == ((6, 8, 3), (6, 8, 1))


@pytest.mark.parametrize("cache", [None, "folder"])
def test_caches_give_the_same_pairs(sides, tmp_path, cache):
    def load(cache):
        data = datasets.pairs(*sides, batch_size=3, size=4, crop="random", cache=cache)
        return data, data.as_uint8()[0]

    cache = cache and tmp_path / "cache"
    data, kept = load(cache)
    expected, found = load("memory")[1], load(cache)[1]
    for a, b, c in zip(expected, kept, found, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)
    assert data.prefetch == 2
    assert data.fingerprint() == load("memory")[0].fingerprint()


def test_a_changed_target_is_decoded_again(sides, tmp_path):
    options = {"batch_size": 3, "cache": tmp_path / "cache", "shuffle": False}
    before = datasets.pairs(*sides, **options).fingerprint()
    save(sides[1] / "cats" / "1.bmp", np.full((6, 8, 3), 7))
    after = datasets.pairs(*sides, **options)
    assert after.as_uint8()[0][1][0, 0, 0, 0] == 7
    assert before != after.fingerprint()


def test_pictures_without_partners_are_named(sides):
    save(sides[0] / "alone.png", np.zeros((6, 8)))
    save(sides[1] / "dogs" / "2.bmp", np.zeros((6, 8, 3)))
    with pytest.raises(ValueError, match=r"2 of 8 .*alone\.png, .*2\.bmp\. Add"):
        datasets.pairs(*sides, batch_size=3)
    with pytest.warns(UserWarning, match=r"2 of 8 .*alone\.png, .*They are left out"):
        data = datasets.pairs(*sides, batch_size=3, on_error="skip")
    assert data.num_samples == 3


def test_a_broken_half_of_a_pair_is_named_or_left_out(sides):
    (sides[1] / "cats" / "2.bmp").write_bytes(b"BM nothing")
    with pytest.raises(ValueError, match=r"cats/2\.bmp cannot be read"):
        datasets.pairs(*sides, batch_size=2)
    with pytest.warns(UserWarning, match=r"1 of 3 pairs.*2\.png, .*2\.bmp"):
        data = datasets.pairs(*sides, batch_size=2, on_error="skip", shuffle=False)
    assert data.as_uint8()[0][0][:, 0, 0, 0].tolist() == [10, 30]


def test_others_stand_in_for_a_pair_that_vanishes(sides):
    data = datasets.pairs(*sides, batch_size=3, on_error="skip", cache=None, prefetch=0)
    (sides[1] / "cats" / "2.bmp").unlink()
    with pytest.warns(UserWarning, match="has vanished or changed"):
        inputs, targets = data.as_uint8()[0]
    np.testing.assert_array_equal(targets[..., :1], inputs + 90)


def test_folders_that_cannot_be_pairs(sides, tmp_path):
    with pytest.raises(ValueError, match="Both folders are the same"):
        datasets.pairs(sides[0], tmp_path / "photos" / ".." / "sketches")
    with pytest.raises(ValueError, match="lies in the other one"):
        datasets.pairs(sides[0], sides[0] / "cats")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"empty' and its subfolders hold no picture"):
        datasets.pairs(sides[0], tmp_path / "empty")
    with pytest.raises(ValueError, match="There is no folder"):
        datasets.pairs(sides[0], tmp_path / "nowhere")
    save(tmp_path / "other" / "x.png", np.zeros((6, 8)))
    with pytest.raises(ValueError, match=r"No picture .*1\.png, .*x\.png there"):
        datasets.pairs(sides[0], tmp_path / "other")
    save(sides[0] / "cats" / "1.gif", np.zeros((6, 8)))
    with pytest.raises(ValueError, match=r"1\.gif and .*1\.png have one name"):
        datasets.pairs(*sides)


def test_sizes_of_partners(sides):
    save(sides[1] / "dogs" / "1.bmp", np.zeros((12, 12, 3)))
    with pytest.raises(ValueError, match=r"differ in size .*1\.bmp has \(12, 12\)"):
        datasets.pairs(*sides, batch_size=1)
    assert datasets.pairs(*sides, batch_size=1, size=4).image_shape == (4, 4, 1)
    for crop in ("center", "random"):
        with pytest.raises(ValueError, match=r"1\.png .*1\.bmp.*aspect ratios"):
            datasets.pairs(*sides, batch_size=1, size=4, crop=crop)


# Two side by side.


def test_halves_of_pictures(tmp_path):
    picture = np.zeros((4, 10, 3))
    picture[:, :5], picture[:, 5:] = 40, 200
    save(tmp_path / "1.png", picture)
    for half, levels_read in (("left", (40, 200)), ("right", (200, 40))):
        data = datasets.pairs(tmp_path, batch_size=1, input_half=half).as_uint8()
        assert data.shapes == ((4, 5, 3), (4, 5, 3))
        inputs, targets = data[0]
        assert (inputs == levels_read[0]).all()
        assert (targets == levels_read[1]).all()
    grey = datasets.pairs(tmp_path, batch_size=1, channels=(1, 3), size=8).as_uint8()
    assert grey.shapes == ((8, 8, 1), (8, 8, 3))
    assert (grey[0][0] == 40).all(), "the other half bleeds into it"
    with pytest.raises(ValueError, match='`input_half` must be "left" or "right"'):
        datasets.pairs(tmp_path, input_half="top")


def test_halves_of_a_picture_of_16_bits_that_is_turned(tmp_path):
    from PIL import Image

    levels16 = np.zeros((4, 2), np.uint16)  # turned by 90 degrees: 2 rows, 4 columns
    levels16[:2], levels16[2:] = 257 * 10, 257 * 20
    exif = Image.Exif()
    exif[0x0112] = 8
    Image.fromarray(levels16).save(tmp_path / "1.png", exif=exif)
    inputs, targets = datasets.pairs(tmp_path, batch_size=1).as_uint8()[0]
    assert inputs.shape == targets.shape == (1, 2, 2, 1)
    assert (inputs == 10).all()
    assert (targets == 20).all()


def test_an_odd_width_is_named(tmp_path):
    save(tmp_path / "1.png", np.zeros((4, 7)))
    save(tmp_path / "2.png", np.zeros((4, 8)))
    with pytest.raises(ValueError, match=r"1\.png cannot hold two .*7, is odd"):
        datasets.pairs(tmp_path)
    with pytest.warns(UserWarning, match=r"Left out 1 of 2 .*1\.png"):
        assert datasets.pairs(tmp_path, batch_size=1, on_error="skip").num_samples == 1
