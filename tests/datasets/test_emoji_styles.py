"""Emoji in two styles, and OpenMoji's outlines and colours."""

import hashlib
import io
import sys
import tarfile

import numpy as np
import pytest

from keras_gan import datasets
from keras_gan.datasets.emoji_styles import has_skin_tone, is_held_out

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

styles = sys.modules["keras_gan.datasets.emoji_styles"]
drawings = sys.modules["keras_gan.datasets.openmoji"]

HELD_OUT = [code for code in (f"1f6{i:02x}" for i in range(99)) if is_held_out(code)]
KEPT = [code for code in (f"1f6{i:02x}" for i in range(99)) if not is_held_out(code)]
CAPITALS = {
    is_test: [
        c for c in (f"1F6{i:02X}" for i in range(99)) if is_held_out(c) == is_test
    ]
    for is_test in (False, True)
}


def test_one_glyph_in_ten_is_held_out():
    codes = [f"{code:x}" for code in range(0x1F000, 0x1FA00)]
    assert 0.08 < np.mean([is_held_out(code) for code in codes]) < 0.12
    digest = hashlib.md5(b"1f600").hexdigest()
    assert is_held_out("1f600") == (int(digest, 16) % 10 == 0)


def test_skin_tones_are_variants():
    assert has_skin_tone("1f44b-1f3fd")
    assert has_skin_tone("1f468-1f3ff-200d-1f692")
    assert has_skin_tone("1F44B-1F3FD")
    assert not has_skin_tone("1f44b")


@pytest.fixture
def two_styles(monkeypatch):
    codes = np.array([*KEPT[:6], f"{KEPT[0]}-1f3fd", *HELD_OUT[:2]])

    def load_arrays(style, data_dir=None):
        base = {"google": 0, "twitter": 100}[style]
        images = np.arange(len(codes), dtype="uint8").reshape(-1, 1, 1, 1) + base
        return np.broadcast_to(images, (len(codes), 64, 64, 3)), codes, codes

    monkeypatch.setattr(styles, "load_arrays", load_arrays)


def test_styles_are_domains_in_training_and_pairs_in_the_test(two_styles):
    train = datasets.emoji_styles(batch_size=2, seed=1)
    assert isinstance(train, datasets.UnpairedBatches)
    assert train.num_samples == 6
    test = datasets.load("emoji_styles", split="test", batch_size=4)
    assert isinstance(test, datasets.PairedBatches)
    google, twitter = test.as_uint8()[0]
    assert google[:, 0, 0, 0].tolist() == [7, 8]
    assert twitter[:, 0, 0, 0].tolist() == [107, 108]
    back = datasets.emoji_styles("test", inputs="twitter", batch_size=2).as_uint8()
    assert back[0][0][:, 0, 0, 0].tolist() == [107, 108]
    assert datasets.emoji_styles(paired=True, batch_size=6).is_paired
    with pytest.raises(ValueError, match='`inputs` must be "google" or "twitter"'):
        datasets.emoji_styles(inputs="apple")
    with pytest.raises(ValueError, match='`split` must be "train" or "test"'):
        datasets.emoji_styles("validation")


def svg(colour, height=72):
    return (
        '<svg viewBox="0 0 72 72" xmlns="http://www.w3.org/2000/svg">'
        f'<rect x="0" y="0" width="36" height="{height}" fill="{colour}"/></svg>'
    )


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """A registry in a folder that has the package with a few drawings."""
    path = tmp_path / "registry" / "openmoji" / "-" / "openmoji-17.0.0.tgz"
    path.parent.mkdir(parents=True)
    files = {"package.json": "{}"}
    kept = (*CAPITALS[False][:3], CAPITALS[True][0], "1F600-1F3FD")
    for height, code in zip((72, 66, 60, 54, 48), kept, strict=True):
        files[f"black/svg/{code}.svg"] = svg("black", height)
        files[f"color/svg/{code}.svg"] = svg("#ff0000")
    for colour, code in zip(("red", "green"), ("FLAG1", "FLAG2"), strict=True):
        files[f"black/svg/{code}.svg"] = svg("none")
        files[f"color/svg/{code}.svg"] = svg(colour)
    files["color/svg/ONLY.svg"] = svg("blue")
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(drawings, "SHA256", digest)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", (tmp_path / "registry").as_uri() + "/")
    return path


def test_outlines_and_colours(registry, tmp_path, monkeypatch):
    pytest.importorskip("resvg_py")
    train = datasets.openmoji(batch_size=3, size=16)
    assert train.num_samples == 3, "without the two of one outline"
    everything = sum(
        datasets.openmoji(
            split, size=16, batch_size=1, shared_outlines=True
        ).num_samples
        for split in ("train", "test")
    )
    assert everything == 3 + 1 + 2
    outlines, colours = train.as_uint8()[0]
    assert outlines.shape == (3, 16, 16, 3)
    assert outlines[:, 8, 2].tolist() == [[0, 0, 0]] * 3
    assert colours[:, 8, 2].tolist() == [[255, 0, 0]] * 3
    assert (outlines[:, :, 8:] == 255).all(), "on white"
    kept = list((tmp_path / "home" / "keras_gan").iterdir())
    assert [path.name for path in kept] == ["openmoji-17.0.0-16.npz"]
    # The second time neither the package nor the renderer is needed.
    registry.unlink()
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    assert datasets.load("openmoji", split="test", size=16).num_samples == 1
    with pytest.raises(ImportError, match=r"pip install keras_gan\[openmoji\]"):
        datasets.openmoji(size=24)


def test_a_package_that_is_not_there(registry, tmp_path):
    pytest.importorskip("resvg_py")
    registry.unlink()
    with pytest.raises(FileNotFoundError, match="'openmoji' is not on this machine"):
        datasets.openmoji(size=16)
    with pytest.raises(FileNotFoundError, match=r"There is no .*npm pack openmoji@17"):
        datasets.openmoji(size=16, data_dir=tmp_path)
    (tmp_path / "openmoji-17.0.0.tgz").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="Delete it and get it again"):
        datasets.openmoji(size=16, data_dir=tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("emoji_styles", 178, {"l1": 0.161, "retrieval_top_1": 0.472}),
        ("openmoji", 258, {"l1": 0.0965, "psnr": 12.15, "retrieval_top_1": 0.70}),
        ("openmoji", 199, {"l1": 0.0747, "psnr": 13.55, "retrieval_top_1": 0.849}),
    ],
)
def test_what_copying_the_input_has(name, number, expected):
    from keras_gan import metrics

    options = {"shared_outlines": True} if number == 258 else {}
    try:
        test = datasets.load(name, split="test", **options)
    except (FileNotFoundError, ImportError) as error:
        pytest.skip(str(error))
    assert test.num_samples == number
    inputs, targets = test.as_uint8().arrays()
    for metric in (metrics.L1(), metrics.PSNR(), metrics.RetrievalAccuracy()):
        if metric.name in expected:
            metric.update_state(targets, inputs)
            assert metric.result() == pytest.approx(expected[metric.name], rel=3e-3)
