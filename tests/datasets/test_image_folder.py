"""A folder of picture files: modes, sizes, classes."""

import struct

import numpy as np
import pytest
from made import save, stored
from PIL import Image

from keras_gan.datasets import image_folder

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def read_one(folder, **options):
    return stored(image_folder(folder, batch_size=1, **options))[0]


COLOUR = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [10, 20, 30]]], np.uint8)


def test_grey(tmp_path):
    save(tmp_path / "a.png", [[0, 100], [200, 255]])
    assert read_one(tmp_path).tolist() == [[[0], [100]], [[200], [255]]]
    assert read_one(tmp_path, channels=3)[0, 1].tolist() == [100, 100, 100]


def test_colour_and_its_grey(tmp_path):
    save(tmp_path / "a.PNG", COLOUR)
    np.testing.assert_array_equal(read_one(tmp_path), COLOUR)
    grey = read_one(tmp_path, channels=1)
    assert grey.shape == (2, 2, 1)
    assert grey[0, :, 0].tolist() == [76, 150]  # .299 R + .587 G + .114 B (BT.601)


def test_black_and_white(tmp_path):
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "a.png")
    assert read_one(tmp_path).tolist() == [[[255], [0]]]


def test_palette(tmp_path):
    save(tmp_path / "a.png", COLOUR, mode="P")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "P"
    np.testing.assert_array_equal(read_one(tmp_path)[0], COLOUR[0])


def test_transparent_pixels_become_white(tmp_path):
    save(tmp_path / "a.png", [[[0, 0, 0, 0], [200, 100, 0, 255], [0, 0, 0, 127]]])
    assert read_one(tmp_path).tolist() == [[[255] * 3, [200, 100, 0], [128] * 3]]


def test_transparent_palette_entry_becomes_white(tmp_path):
    picture = Image.new("P", (2, 1))
    picture.putpalette([9, 9, 9, 40, 50, 60])
    picture.putpixel((1, 0), 1)
    picture.save(tmp_path / "a.png", transparency=0)
    assert read_one(tmp_path).tolist() == [[[255, 255, 255], [40, 50, 60]]]


def test_16_bit_grey_is_scaled_not_clipped(tmp_path):
    levels = np.array([[0, 257, 128 * 257, 65535]], np.uint16)
    Image.fromarray(levels).save(tmp_path / "a.png")
    assert read_one(tmp_path).tolist() == [[[0], [1], [128], [255]]]


def test_transparent_16_bit_grey_becomes_white(tmp_path):
    picture = Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
    picture.save(tmp_path / "a.png", transparency=257)
    assert read_one(tmp_path).tolist() == [[[0], [255], [255]]]


def test_tiff_is_scaled_by_the_bits_that_it_says(tmp_path):
    save_tiff(tmp_path / "12" / "a.tif", bits=12, content=bytes([0x00, 0x0F, 0xFF]))
    assert read_one(tmp_path / "12").tolist() == [[[0], [255]]]
    save_tiff(tmp_path / "16" / "a.tif", bits=16, content=b"\x00\x00\xff\xff")
    assert read_one(tmp_path / "16").tolist() == [[[0], [255]]]


def save_tiff(path, bits, content):
    """Write two grey pixels."""
    tags = {256: 2, 257: 1, 258: bits, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1}
    tags[279] = len(content)
    offset = 8 + len(content) + len(content) % 2
    entries = [struct.pack("<HHIHH", tag, 3, 1, v, 0) for tag, v in tags.items()]
    directory = struct.pack("<H", len(tags)) + b"".join(entries) + bytes(4)
    path.parent.mkdir()
    path.write_bytes(
        struct.pack("<2sHI", b"II", 42, offset)
        + content
        + bytes(len(content) % 2)
        + directory
    )


@pytest.mark.parametrize(
    ("dtype", "reason"), [("float32", "holds floats"), ("int32", "has 32 bits")]
)
def test_values_without_a_white_are_refused(tmp_path, dtype, reason):
    Image.fromarray(np.array([[0, 1]], dtype)).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match=rf"a\.tif cannot be read .*it {reason}"):
        image_folder(tmp_path, batch_size=1)


@pytest.mark.parametrize("ending", ["bmp", "gif", "tiff"])
def test_other_formats_that_are_read(tmp_path, ending):
    save(tmp_path / f"a.{ending}", COLOUR)
    np.testing.assert_array_equal(read_one(tmp_path), COLOUR)


def test_no_other_decoder_is_tried(tmp_path, monkeypatch):
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n"
    (tmp_path / "a.png").write_bytes(postscript)
    monkeypatch.setattr("subprocess.Popen", lambda *args, **kwargs: pytest.fail("run"))
    with pytest.raises(ValueError, match="content is none of PNG, JPEG, WEBP"):
        image_folder(tmp_path, batch_size=1)


def test_webp_and_jpg(tmp_path):
    save(tmp_path / "w" / "a.webp", COLOUR, lossless=True)
    np.testing.assert_array_equal(read_one(tmp_path / "w"), COLOUR)
    save(tmp_path / "j" / "a.jpeg", np.full((8, 8, 3), 120))
    np.testing.assert_array_equal(read_one(tmp_path / "j"), np.full((8, 8, 3), 120))


def test_camera_orientation_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise
    wide = np.zeros((8, 16), np.uint8)
    wide[:, 8:] = 255
    for name in ("a.jpg", "b.png", "c.tif"):
        save(tmp_path / name, wide, exif=exif)
    upright = stored(image_folder(tmp_path, batch_size=3))
    assert upright.shape == (3, 16, 8, 1)
    assert (upright[:, :8] < 9).all()
    assert (upright[:, 8:] > 246).all()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_nonsense_orientations_are_ignored(tmp_path):
    for number in (0, 9, 255):
        exif = Image.Exif()
        exif[0x0112] = number
        save(tmp_path / f"{number}.jpg", np.full((8, 16), 90), exif=exif)
    save(tmp_path / "damaged.jpg", np.full((8, 16), 90), exif=b"Exif\0\0MM\0*garbage")
    images = stored(image_folder(tmp_path, batch_size=4)).astype(int)
    assert images.shape == (4, 8, 16, 1)
    assert np.abs(images - 90).max() <= 1


def test_one_colour_picture_makes_all_images_colour(greys):
    assert image_folder(greys, batch_size=2).image_shape == (5, 7, 1)
    save(greys / "z.png", np.zeros((5, 7, 3)))
    assert image_folder(greys, batch_size=2).image_shape == (5, 7, 3)


def test_order_is_by_path_without_hidden_and_other_files(greys):
    (greys / "notes.txt").write_text("not a picture")
    (greys / "._0.png").write_text("not a picture either")
    save(greys / ".thumbnails" / "0.png", np.full((5, 7), 99))
    save(greys / "deeper" / "0.png", np.full((5, 7), 60))
    levels = stored(image_folder(greys, batch_size=1))[:, 0, 0, 0]
    assert levels.tolist() == [0, 10, 20, 30, 40, 50, 60]


def test_centre_crop_and_stretch(tmp_path):
    wide = np.zeros((4, 12), np.uint8)
    wide[:, 4:8] = 90
    save(tmp_path / "a.png", wide)
    cropped = read_one(tmp_path, size=(4, 4), crop="center")
    np.testing.assert_array_equal(cropped, np.full((4, 4, 1), 90))
    stretched = read_one(tmp_path, size=(4, 3))[:, :, 0]
    assert (stretched[:, 1] > stretched[:, 0]).all()
    assert stretched.shape == (4, 3)


def test_random_crop_of_pictures_of_different_shapes(tmp_path):
    save(tmp_path / "tall.png", np.repeat(np.arange(40), 4).reshape(40, 4))
    save(tmp_path / "wide.png", np.tile(np.arange(40), (4, 1)))
    data = image_folder(tmp_path, size=(4, 4), crop="random", batch_size=2)
    assert data.image_shape == (4, 4, 1)
    corners = {tuple(batch[:, 0, 0, 0]) for _ in range(4) for batch in data}
    assert len(corners) == 4
    assert sorted(stored(data)[:, 0, 0, 0]) == [18, 18]


def test_resized_pictures_of_different_sizes(tmp_path):
    save(tmp_path / "a.png", np.full((30, 20), 7))
    save(tmp_path / "b.jpg", np.full((16, 64), 9))
    for crop in (None, "center"):
        images = stored(image_folder(tmp_path, size=8, crop=crop, batch_size=1))
        assert images.shape == (2, 8, 8, 1)
        assert (images[0] == 7).all()
        assert (images[1] == 9).all()


def test_different_sizes_need_a_size(greys):
    save(greys / "z.png", np.zeros((6, 7)))
    with pytest.raises(ValueError, match=r"0.png has \(5, 7\), .*z.png has \(6, 7\)"):
        image_folder(greys, batch_size=2)


def test_subfolders_as_classes(tmp_path):
    for name, level in (("dog", 1), ("cat", 2), ("cat/old", 3)):
        save(tmp_path / name / "a.png", np.full((2, 2), level))
    data = image_folder(tmp_path, labels=True, batch_size=1)
    assert data.class_names == ["cat", "dog"]
    images, labels = data.arrays()
    levels = np.round((images[:, 0, 0, 0] + 1) * 127.5).tolist()
    assert dict(zip(levels, labels.tolist(), strict=True)) == {2: 0, 3: 0, 1: 1}


def test_class_numbers_follow_the_names(tmp_path):
    for name in ("a", "c"):
        save(tmp_path / name / "0.png", np.zeros((2, 2)))
    (tmp_path / "b").mkdir()
    with pytest.warns(UserWarning, match=r"No pictures of the classes \['b'\]"):
        data = image_folder(tmp_path, labels=True, batch_size=1)
    assert (data.class_names, data.labels.tolist()) == (["a", "b", "c"], [0, 2])
    assert data.num_classes == 3
    named = {"class_names": ["c", "x", "a"], "labels": True, "batch_size": 1}
    data = image_folder(tmp_path, **named)
    assert (data.class_names, data.labels.tolist()) == (["c", "x", "a"], [2, 0])
    with pytest.raises(ValueError, match=r"'c' in .* is not among the `class_names`"):
        image_folder(tmp_path, labels=True, class_names=["a", "b"])


def test_the_cache_is_not_a_class(tmp_path):
    save(tmp_path / "a" / "0.png", np.zeros((2, 2)))
    for _ in range(2):
        options = {"labels": True, "cache": tmp_path / "cache", "batch_size": 1}
        assert image_folder(tmp_path, **options).class_names == ["a"]


def test_picture_outside_the_classes(greys):
    with pytest.raises(ValueError, match=r"0\.png lies in none of them"):
        image_folder(greys, labels=True, batch_size=2)


def test_folder_without_images(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(ValueError, match=r"hold no picture. .*\.png, \.jpg"):
        image_folder(tmp_path)


def test_missing_folder(tmp_path):
    with pytest.raises(ValueError, match=r"There is no folder '.*nowhere'"):
        image_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": 4}, "`channels` must be 1, 3 or None"),
        ({"on_error": "ignore"}, '`on_error` must be "raise" or "skip"'),
        ({"crop": "center"}, "needs to know what to cut out"),
        ({"batch_size": 7}, "6 samples do not fill one batch of 7"),
    ],
)
def test_bad_options(greys, options, message):
    with pytest.raises(ValueError, match=message):
        image_folder(greys, **options)
