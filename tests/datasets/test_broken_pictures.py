"""Pictures that cannot be decoded: an error names them, or they are left out."""

import numpy as np
import pytest
from made import save, stored

from keras_gan.datasets import image_folder

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.fixture(params=["empty", "text", "truncated"])
def broken(request, greys):
    """A folder with one broken file, 3.png."""
    path = greys / "3.png"
    noise = np.random.default_rng(0).integers(0, 256, (5, 7))
    save(path, noise)
    content = path.read_bytes()
    damaged = {"empty": b"", "text": b"oops", "truncated": content[:-30]}
    path.write_bytes(damaged[request.param])
    return greys


@pytest.mark.parametrize("cache", ["memory", "file", None])
def test_broken_file_is_named(broken, cache, tmp_path):
    cache = tmp_path / "cache" if cache == "file" else cache
    with pytest.raises(ValueError, match=r"3\.png cannot be read as a picture"):
        list(image_folder(broken, batch_size=2, cache=cache))


@pytest.mark.parametrize("cache", ["memory", "file", None])
def test_broken_file_is_skipped_with_one_warning(broken, cache, tmp_path):
    cache = tmp_path / "cache" if cache == "file" else cache
    for _ in range(2):  # the second time from the file, if there is one
        with pytest.warns(UserWarning, match=r"Left out 1 of 6 .*3\.png") as warned:
            data = image_folder(broken, batch_size=1, cache=cache, on_error="skip")
        assert len(warned) == 1
        assert stored(data)[:, 0, 0, 0].tolist() == [0, 10, 20, 40, 50]


def test_an_interrupted_cache_leaves_no_incomplete_file(broken, tmp_path):
    cache = tmp_path / "cache"
    with pytest.raises(ValueError, match="cannot be read"):
        image_folder(broken, batch_size=2, cache=cache)
    assert not cache.exists() or not list(cache.iterdir())


def test_labels_match_the_readable_files(tmp_path):
    for name in ("a", "b", "c"):
        save(tmp_path / name / "0.png", np.zeros((2, 2)))
    (tmp_path / "b" / "0.png").write_bytes(b"")
    options = {"labels": True, "batch_size": 1, "on_error": "skip"}
    with pytest.warns(UserWarning, match="Left out 1 of 3"):
        data = image_folder(tmp_path, class_names=["a", "b", "c"], **options)
    assert data.labels.tolist() == [0, 2]
    assert data.class_names == ["a", "b", "c"]


def test_no_readable_picture(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(ValueError, match=r"None of the 1 pictures .*a\.png"):
        image_folder(tmp_path, on_error="skip")


@pytest.fixture(params=["vanished", "another size"])
def change(request):
    """Return a function that removes or changes a picture."""

    def apply(path):
        path.unlink()
        if request.param == "another size":
            save(path, np.zeros((6, 7)))

    return apply


MESSAGES = r"3\.png (cannot be .*the file has vanished|has changed .*is \(6, 7, 1\))"


def test_a_picture_that_changes_in_training_is_named(greys, change):
    data = image_folder(greys, batch_size=3, shuffle=False, cache=None)
    change(greys / "3.png")
    with pytest.raises(ValueError, match=MESSAGES):
        data[1]


def test_others_stand_in_for_it_where_asked(tmp_path, change):
    for i in range(6):
        save(tmp_path / "ab"[i % 2] / f"{i}.png", np.full((5, 7), 10 * i))
    options = {"labels": True, "on_error": "skip", "cache": None, "prefetch": 0}
    data = image_folder(tmp_path, batch_size=6, shuffle=False, **options)
    change(tmp_path / "b" / "3.png")
    with pytest.warns(UserWarning, match=r"3\.png has vanished or changed") as warned:
        pairs = [data[0], data[0], data.arrays()]
    assert len(warned) == 1
    for images, labels in pairs:
        assert len(images) == 6
        levels = np.round((images[:, 0, 0, 0] + 1) * 127.5)
        np.testing.assert_array_equal(levels // 10 % 2, labels)
        assert 30 not in levels
    for path in tmp_path.rglob("*.png"):
        path.unlink()
    with (
        pytest.warns(UserWarning, match="others stand in"),
        pytest.raises(ValueError, match="None of 6 pictures of a batch"),
    ):
        data[0]
