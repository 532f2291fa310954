import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_gan import plotting

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def frames_of(path):
    with Image.open(path) as image:
        for index in range(image.n_frames):
            image.seek(index)
            yield np.asarray(image.convert("RGB"))


def read(path):
    with Image.open(path) as image:
        image.load()
        return image


# to_uint8


def test_bytes_by_hand():
    values = [-1.0, -0.999, -0.99, 0.2, 0.999, 1.0]
    # 127.5 * (x + 1): 0, 0.1275, 1.275, 153, 254.87, 255
    np.testing.assert_array_equal(plotting.to_uint8(values), [0, 0, 1, 153, 255, 255])


def test_every_byte_comes_back():
    every = np.arange(256, dtype="uint8")
    np.testing.assert_array_equal(
        plotting.to_uint8(every / np.float32(127.5) - 1), every
    )


def test_bytes_clip_and_take_tensors_and_bytes():
    tensor = ops.convert_to_tensor([[-1.5, 1.5]])
    np.testing.assert_array_equal(plotting.to_uint8(tensor), [[0, 255]])
    half = ops.cast(tensor, "bfloat16")
    np.testing.assert_array_equal(plotting.to_uint8(half), [[0, 255]])
    already = np.array([0, 7, 255], "uint8")
    np.testing.assert_array_equal(plotting.to_uint8(already), already)


def test_bytes_refuse_nan_and_other_integers():
    with pytest.raises(ValueError, match=r"NaN.*diverged"):
        plotting.to_uint8([0.0, np.nan])
    with pytest.raises(ValueError, match=r"int64[\s\S]*uint8"):
        plotting.to_uint8(np.array([0, 255], "int64"))


# image_grid


def test_grid_puts_pixels_where_they_belong():
    # Three images of 1 x 2 pixels, in two columns with one pixel between.
    images = np.array([[[1, 2]], [[3, 4]], [[5, 6]]], "uint8")[..., None]
    grid = plotting.image_grid(images, num_columns=2, padding=1)
    assert grid.mode == "L"
    np.testing.assert_array_equal(
        np.asarray(grid),
        [[1, 2, 255, 3, 4], [255] * 5, [5, 6, 255, 255, 255]],
    )


def test_grid_without_padding_and_from_floats():
    images = ops.reshape(ops.convert_to_tensor([-1.0, 0.2, 1.0, -1.0]), (4, 1, 1, 1))
    grid = plotting.image_grid(images, padding=0)
    np.testing.assert_array_equal(np.asarray(grid), [[0, 153], [255, 0]])


@pytest.mark.parametrize(
    ("channels", "mode", "gap"),
    [
        (1, "L", 255),
        (2, "LA", [255, 0]),
        (3, "RGB", [255, 255, 255]),
        (4, "RGBA", [255, 255, 255, 0]),
    ],
)
def test_grid_of_each_number_of_channels(tmp_path, channels, mode, gap):
    images = np.full((2, 5, 7, channels), 9, "uint8")
    path = tmp_path / "new" / "grid.png"
    grid = plotting.image_grid(images, num_columns=2, padding=3, path=path)
    assert (grid.mode, grid.size) == (mode, (7 + 3 + 7, 5))
    np.testing.assert_array_equal(np.asarray(grid)[4, 8], gap)
    np.testing.assert_array_equal(np.asarray(read(path)), np.asarray(grid))
    assert [file.name for file in path.parent.iterdir()] == ["grid.png"]


def test_grid_is_square_by_default():
    assert plotting.image_grid(np.zeros((10, 2, 2, 3)), padding=0).size == (8, 6)


def image(*shape, value=0.0):
    return np.full(shape, value, "float32")


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (image(4, 4, 1), r"\(4, 4, 1\).*`images\[None\]`"),
        (image(2, 8, 8), r"`images\[\.\.\., None\]`"),
        (image(9, 2), "scatter_2d"),
        (image(2, 3, 8, 8), r"np.moveaxis\(images, 1, -1\)"),
        (image(2, 3, 8, 8, 3), r"np.concatenate\(images\)"),
        (image(2, 8, 8, 5), "1 to 4 channels"),
        (image(0, 8, 8, 1), r"\(0, 8, 8, 1\)"),
        (image(1, 2, 2, 1, value=255), r"\[255, 255\].*go in as uint8"),
        (image(1, 2, 2, 1, value=-1.5), r"np.clip"),
        (image(1, 2, 2, 1, value=np.nan), "NaN"),
    ],
)
def test_grid_says_what_is_wrong_with_the_images(images, message):
    with pytest.raises(ValueError, match=message):
        plotting.image_grid(images)


@pytest.mark.parametrize(
    "wrong", [{"num_columns": 0}, {"num_columns": 1.5}, {"padding": -1}]
)
def test_grid_says_what_is_wrong_with_its_layout(wrong):
    with pytest.raises(ValueError, match=f"`{next(iter(wrong))}` must be an integer"):
        plotting.image_grid(image(2, 2, 2, 1), **wrong)


# animate


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".png"])
def test_animation_read_back(tmp_path, suffix):
    levels = [0, 100, 200, 255]
    frames = np.stack([np.full((6, 8, 3), level, "uint8") for level in levels])
    path = plotting.animate(frames, tmp_path / f"walk{suffix}", fps=20)
    back = list(frames_of(path))
    assert [frame.shape for frame in back] == [(6, 8, 3)] * 4
    for frame, level in zip(back, levels, strict=True):
        np.testing.assert_allclose(frame, level, atol=1)
    with Image.open(path) as image:
        image.load()
        assert image.info["loop"] == 0
        assert image.info["duration"] == 50


def test_animation_of_grids_and_of_floats(tmp_path):
    grids = [
        plotting.image_grid(image(4, 5, 5, 1, value=value), padding=1)
        for value in (-1.0, 1.0)
    ]
    path = plotting.animate(grids, tmp_path / "grids.gif", fps=30)
    assert [frame.shape for frame in frames_of(path)] == [(11, 11, 3)] * 2
    with Image.open(path) as first:
        assert first.info["duration"] == 30  # 33 ms, in hundredths of a second
    floats = np.stack([image(5, 5, 1, value=-1.0), image(5, 5, 1, value=1.0)])
    path = plotting.animate(floats, tmp_path / "floats.webp")
    assert [frame.mean() for frame in frames_of(path)] == [0, 255]


@pytest.mark.parametrize(
    ("frames", "name", "fps", "message"),
    [
        (image(2, 4, 4, 1), "walk.mp4", 10, r"\.gif, \.webp.*walk.mp4"),
        (image(2, 4, 4, 1), "walk.gif", 0, "`fps`"),
        ([], "walk.gif", 10, "no frames"),
        ([image(4, 4, 1), image(5, 5, 1)], "walk.gif", 10, "same size"),
        (image(2, 4, 4, 1, value=9), "walk.gif", 10, r"must lie in \[-1, 1\]"),
    ],
)
def test_animation_says_what_is_wrong(tmp_path, frames, name, fps, message):
    with pytest.raises(ValueError, match=message):
        plotting.animate(frames, tmp_path / name, fps)
    assert not list(tmp_path.iterdir())
