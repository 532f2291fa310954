"""Picture files of requests: read as training reads them, refused by their headers."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets.pictures import Reader
from keras_gan.serving import ServingError, pictures

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

RNG = np.random.default_rng(0)
ANY = [-1, -1, -1, 3]


def file_of(levels, kind="png", **options):
    file = io.BytesIO()
    Image.fromarray(levels).save(file, kind, **options)
    return file.getvalue()


def levels_of(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def noise(*shape):
    return RNG.integers(0, 256, shape, "uint8")


def read(*files, shape=ANY, max_side=1024):
    return list(pictures.read("image_bytes", files, shape, max_side))


def turned(levels, orientation):
    """A JPEG file that Exif data turn."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return file_of(levels, "jpeg", exif=exif, quality=95)


def png_header(width, height):
    """A PNG file that says it is as large, and holds nothing."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(chunk))
    end = b"\0\0\0\0IDAT\x35\xaf\x06\x1e"
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + check + end


FILES = {
    "grey.png": file_of(noise(9, 14)),
    "alpha.png": file_of(noise(9, 14, 4)),
    "grey_alpha.png": file_of(noise(9, 14, 2)),
    "deep.png": file_of(RNG.integers(0, 2**16, (9, 14), "uint16")),
    "colour.jpg": file_of(noise(9, 14, 3), "jpeg"),
    "turned.jpg": turned(noise(14, 9, 3), 6),
    "mirrored.jpg": turned(noise(9, 14, 3), 2),
    "colour.webp": file_of(noise(9, 14, 3), "webp"),
    "colour.tif": file_of(noise(9, 14, 3), "tiff"),
    "palette.gif": file_of(noise(9, 14, 3), "gif"),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [None, (6, 8)])
def test_every_kind_is_read_as_training_reads_it(name, channels, size, tmp_path):
    (tmp_path / name).write_bytes(FILES[name])
    crop = "center" if size else None
    expected = Reader(channels, size, crop)(tmp_path / name)
    shape = [-1, *(size or (-1, -1)), channels]
    (file,) = read(FILES[name], shape=shape)
    assert file.startswith(b"\x89PNG")
    (tmp_path / "read.png").write_bytes(file)
    np.testing.assert_array_equal(Reader(channels)(tmp_path / "read.png"), expected)


def test_a_png_of_the_right_size_stays_as_it_is():
    file = file_of(noise(9, 14, 3))
    assert read(file, file, shape=[-1, 9, 14, 3]) == [file, file]
    assert read(file) == [file]
    with pytest.raises(ServingError, match="takes 4 channels: expected a PNG file of"):
        read(file, shape=[-1, 8, 14, 4])


def test_a_photograph_is_scaled_down():
    ramp = np.linspace(0, 255, 3000, dtype="uint8")
    photo = np.broadcast_to(ramp[None, :, None], (2000, 3000, 3))
    (file,) = read(file_of(np.ascontiguousarray(photo), "jpeg"), max_side=300)
    assert levels_of(file).shape == (200, 300, 3)
    (file,) = read(turned(np.ascontiguousarray(photo), 6), max_side=300)
    assert levels_of(file).shape == (300, 200, 3)


BROKEN = {
    "a text": (b"a text\n", "its content is none of PNG, JPEG, WEBP, BMP, GIF, TIFF"),
    "nothing": (b"", "its content is none of"),
    "half a JPEG": (file_of(noise(60, 60, 3), "jpeg")[:-900], "truncated"),
    "half a PNG": (file_of(noise(60, 61, 3))[:-900], "[Tt]runcated"),
    "a bomb": (png_header(40_000, 40_000), "too large: a request may have 67108864"),
    "a large one": (png_header(9_000, 8_000), "72000000 pixels together, the first"),
}


@pytest.mark.filterwarnings("ignore:Image size:PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("shape", [ANY, [-1, 8, 8, 3]])
def test_what_is_broken_or_too_large_is_named(name, shape):
    file, reason = BROKEN[name]
    with pytest.raises(ServingError, match=reason) as caught:
        read(file, shape=shape)
    assert caught.value.status == 400


def test_pictures_of_one_request_have_one_size():
    with pytest.raises(ServingError, match="Received: 14 x 9 and 9 x 14. Send them"):
        read(file_of(noise(9, 14, 3)), file_of(noise(14, 9, 3)))
    files = [file_of(noise(9, 14, 3)), file_of(noise(14, 9, 3))]
    assert [levels_of(f).shape for f in read(*files, shape=[-1, 4, 4, 3])] == [
        (4, 4, 3),
        (4, 4, 3),
    ]
    large = file_of(np.zeros((1024, 1024), "uint8"))
    with pytest.raises(ServingError, match="a request may have 16777216"):
        read(*[large] * 17)
