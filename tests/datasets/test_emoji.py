"""Emoji: variants of one drawing, downloads and the cache."""

import hashlib
import http.server
import io
import json
import sys
import tarfile
import threading

import numpy as np
import pytest
from PIL import Image

from keras_gan import datasets
from keras_gan.datasets import downloads
from keras_gan.datasets.glyphs import base_glyph

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

module = sys.modules["keras_gan.datasets.emoji"]
NAME = "emoji-datasource-google"
ARCHIVE = f"{NAME}-16.0.0.tgz"
WAVE, TONED, FLAG, FACE = "1f44b", "1f44b-1f3fd", "1f1e9-1f1ea", "1f600"
LEVELS = {FLAG: 30, WAVE: 10, TONED: 20, FACE: 40}


def png(level):
    """A drawing whose left half is transparent."""
    pixels = np.full((64, 64, 4), level, np.uint8)
    pixels[:, :32, 3], pixels[:, 32:, 3] = 0, 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def glyph(code, category, **variations):
    variations = {tone: {"image": f"{c}.png"} for tone, c in variations.items()}
    return {
        "image": f"{code}.png",
        "category": category,
        "skin_variations": variations,
    }


def write_archive(path):
    """Write an archive of the package with four drawings."""
    glyphs = [
        glyph(WAVE, "People & Body", tone=TONED),
        glyph(FACE, "Smileys & Emotion"),
        glyph(FLAG, "Flags"),
    ]
    files = {"emoji.json": json.dumps(glyphs).encode(), "LICENSE": b"text"}
    for code, level in LEVELS.items():
        files[f"img/google/64/{code}.png"] = png(level)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A registry in a folder, and an empty home directory."""
    path = tmp_path / "registry" / NAME / "-" / ARCHIVE
    write_archive(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(module.SHA256, "google", digest)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", (tmp_path / "registry").as_uri() + "/")
    monkeypatch.setattr(module, "is_held_out", lambda code: code == FLAG)
    return path


@pytest.mark.parametrize(
    ("code", "base"),
    [
        ("1f44b", "1f44b"),
        ("1f44b-1f3fd", "1f44b"),
        ("1f3c3-1f3fb-200d-2642-fe0f-200d-27a1-fe0f", "1f3c3"),
        ("1f468-1f3ff-200d-1f692", "1f9d1-1f692"),
        ("1f469-200d-1f467-200d-1f466", "1f46a"),
        ("1f469-1f3fb-200d-2764-fe0f-200d-1f468-1f3ff", "1f9d1-2764-1f9d1"),
        ("1f491", "1f9d1-2764-1f9d1"),
        ("1f1f3-1f1f4", "1f1f3-1f1f4"),  # Norway
        ("1f1f8-1f1ef", "1f1f3-1f1f4"),  # Svalbard
        ("2640-fe0f", "2640-fe0f"),
        ("0031-fe0f-20e3", "0031-20e3"),
    ],
)
def test_variants_of_one_drawing(code, base):
    assert base_glyph(code) == base


def test_one_base_glyph_in_ten_is_held_out():
    held_out = [module.is_held_out(f"{code:x}") for code in range(0x1F000, 0x1FA00)]
    assert 0.08 < np.mean(held_out) < 0.12
    assert module.is_held_out("1f44b") == module.is_held_out("1f44b-1f3fd")


def test_drawings_have_a_white_background_and_are_sorted_by_code(registry):
    train = datasets.emoji(labels=True, batch_size=3, shuffle=False)
    assert train.image_shape == (64, 64, 3)
    assert train.images[:, 0, 40, 0].tolist() == [10, 20, 40]
    assert (train.images[:, :, :32] == 255).all()
    assert train.class_names == ["Flags", "People & Body", "Smileys & Emotion"]
    assert train.labels.tolist() == [1, 1, 2]
    test = datasets.load("emoji", split="test")
    assert test[0].shape == (1, 64, 64, 3)
    np.testing.assert_allclose(test[0][0, 0, 40], 30 / 127.5 - 1, atol=1e-6)


def test_downloads_are_cached(registry, tmp_path):
    datasets.emoji(batch_size=1)
    kept = list((tmp_path / "home" / "keras_gan").iterdir())
    assert [path.name for path in kept] == [f"{NAME}-16.0.0.npz"]
    registry.unlink()
    assert datasets.emoji(batch_size=1).num_samples == 3
    kept[0].write_bytes(kept[0].read_bytes()[:-100])
    with pytest.raises(FileNotFoundError, match="not on this machine"):
        datasets.emoji()


def test_an_interrupted_download_is_repeated(registry, tmp_path):
    digest = module.SHA256["google"]
    left = tmp_path / ARCHIVE
    left.write_bytes(registry.read_bytes()[:200])
    assert downloads.fetch(registry.as_uri(), digest, tmp_path) == left
    assert left.read_bytes() == registry.read_bytes()
    registry.unlink()  # the copy is whole now
    assert downloads.fetch(registry.as_uri(), digest, tmp_path) == left


def test_a_home_that_cannot_be_written_to_costs_only_the_cache(
    registry, tmp_path, monkeypatch
):
    (tmp_path / "home").write_text("no folder")
    with pytest.warns(UserWarning, match=r"cache was not kept.*could not be written"):
        assert datasets.emoji(batch_size=1).num_samples == 3


class Breaking(http.server.BaseHTTPRequestHandler):
    """Send less than the announced content length."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"0123456789")

    def log_message(self, *args):
        pass


def test_a_download_that_the_server_interrupts_is_an_error(
    registry, tmp_path, monkeypatch
):
    with http.server.HTTPServer(("127.0.0.1", 0), Breaking) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("NPM_CONFIG_REGISTRY", address)
        with pytest.raises(FileNotFoundError, match=r"npm pack .*10 out of 1000 bytes"):
            datasets.emoji()
        server.shutdown()
    assert not (tmp_path / "home").exists()


def test_a_file_with_another_content_is_refused(registry):
    registry.write_bytes(registry.read_bytes()[:-1])
    with pytest.raises(FileNotFoundError, match="Incomplete or corrupted file"):
        datasets.emoji()


def test_data_dir(registry):
    folder = registry.parent
    assert datasets.emoji(data_dir=folder, batch_size=3).num_samples == 3
    content = registry.read_bytes()
    for damaged in (content[:-40], content[:100] + b"garbage" + content[107:], b""):
        registry.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"cannot be read .*Delete it and get it"):
            datasets.emoji(data_dir=folder)
    with pytest.raises(FileNotFoundError, match=r"There is no .*twitter.*`npm pack"):
        datasets.emoji("twitter", data_dir=folder)


def test_unknown_style_and_split():
    with pytest.raises(ValueError, match='must be "google" or "twitter"'):
        datasets.emoji("apple")
    with pytest.raises(ValueError, match='`split` must be "train" or "test"'):
        datasets.emoji(split="validation")


@pytest.mark.slow
def test_no_drawing_is_in_both_splits():
    try:
        styles = [module.load_arrays(style) for style in ("google", "twitter")]
    except FileNotFoundError as error:
        pytest.skip(str(error))
    for images, codes, _ in styles:
        assert images.shape == (3786, 64, 64, 3)
        held_out = np.array([module.is_held_out(code) for code in codes])
        assert 300 < held_out.sum() < 450
        train, test = (
            {image.tobytes() for image in images[chosen]}
            for chosen in (~held_out, held_out)
        )
        assert not train & test
    np.testing.assert_array_equal(styles[0][1], styles[1][1])
