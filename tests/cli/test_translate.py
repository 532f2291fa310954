"""`keras-gan translate`: a folder of pictures through a translator."""

import shutil

import keras
import numpy as np
import pytest
from commands import fail, pixels_of, run, succeed
from keras import layers
from PIL import Image

import keras_gan
from keras_gan.plotting import to_uint8

SIZES = {"a.png": (9, 14), "deep/b.jpg": (9, 14), "deep/c.webp": (12, 8)}


def make_network(shape):
    keras.utils.set_random_seed(6)
    inputs = keras.Input(shape)
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(inputs)
    x = layers.Conv2DTranspose(shape[-1], 4, strides=2, padding="same")(x)
    return keras.Model(inputs, layers.Activation("tanh")(x - inputs), name="tiny")


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """The files of two translators: one of any size, one of 8 x 8 grey levels."""
    folder = tmp_path_factory.mktemp("networks")
    shapes = {"any": (None, None, 3), "fixed": (8, 8, 1)}
    paths = {name: folder / f"{name}.keras" for name in shapes}
    for name, shape in shapes.items():
        make_network(shape).save(paths[name])
    return paths


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    rng = np.random.default_rng(0)
    for name, size in SIZES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        smooth = np.linspace(0, 255, 3 * size[0] * size[1]).reshape(*size, 3)
        Image.fromarray((smooth + rng.uniform(0, 1)).clip(0, 255).astype("uint8")).save(
            folder / name
        )
    return folder


def names_in(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(folder)) for path in files)


def test_names_sizes_and_subfolders_are_kept(networks, photos, tmp_path):
    said = succeed("translate", networks["any"], photos, "-o", tmp_path / "out")
    assert f"{tmp_path / 'out'}: 3 pictures" in said
    assert names_in(tmp_path / "out") == ["a.png", "deep/b.png", "deep/c.png"]
    sampler = keras_gan.Sampler(keras.saving.load_model(networks["any"]))
    for name, size in SIZES.items():
        levels = np.asarray(Image.open(photos / name).convert("RGB"))
        made = pixels_of((tmp_path / "out" / name).with_suffix(".png"))
        assert made.shape == (*size, 3)
        assert np.abs(made - to_uint8(sampler.translate(levels)).astype(int)).max() <= 1


def test_a_network_of_one_size_gets_its_size(networks, photos, tmp_path):
    said = succeed("translate", networks["fixed"], photos, "-o", tmp_path / "out")
    assert "The network takes pictures of 8 x 8: others are resized" in said
    assert pixels_of(tmp_path / "out" / "deep" / "b.png").shape == (8, 8)
    options = ("-o", tmp_path / "stretched", "--crop", "stretch")
    succeed("translate", networks["fixed"], photos, *options)
    one, other = (pixels_of(tmp_path / n / "a.png") for n in ("out", "stretched"))
    assert np.any(one != other)
    said = fail("translate", networks["fixed"], photos, "--size", 16)
    assert "takes pictures of 8 x 8 only. Leave out --size." in said


def test_sizes_and_formats(networks, photos, tmp_path):
    options = ("-o", tmp_path / "out", "--size", "6x10", "--format", "jpg")
    succeed("translate", networks["any"], photos, *options)
    assert names_in(tmp_path / "out") == ["a.jpg", "deep/b.jpg", "deep/c.jpg"]
    assert pixels_of(tmp_path / "out" / "a.jpg").shape == (6, 10, 3)
    options = ("-o", tmp_path / "small", "--max-side", 7)
    succeed("translate", networks["any"], photos / "a.png", *options)
    assert pixels_of(tmp_path / "small" / "a.png").shape == (4, 7, 3)


def test_broken_files_are_named_and_left_out(networks, photos, tmp_path):
    (photos / "broken.jpg").write_bytes(b"a text")
    (photos / "deep" / "b.jpg").write_bytes((photos / "deep/b.jpg").read_bytes()[:300])
    result = run("translate", networks["any"], photos, "-o", tmp_path / "out")
    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert f"Left out {photos / 'broken.jpg'}: its content is none of PNG" in said
    assert "2 of 4 pictures could not be read and were left out" in said
    assert names_in(tmp_path / "out") == ["a.png", "deep/c.png"]


def test_nothing_is_replaced_unasked(networks, photos, tmp_path):
    options = ("translate", networks["any"], photos, "-o", tmp_path / "out")
    succeed(*options)
    assert "3 of the results exist already" in fail(*options)
    succeed(*options, "--overwrite")
    said = fail("translate", networks["any"], photos, "-o", photos)
    assert "would lie among the pictures" in said
    succeed("translate", networks["any"], photos, "-o", photos / "made")
    succeed("translate", networks["any"], photos, "-o", photos / "made", "--overwrite")
    assert len(names_in(photos / "made")) == 3


def test_pictures_that_differ_in_their_ending_keep_it(networks, photos, tmp_path):
    shutil.copy(photos / "a.png", photos / "a.bmp")
    succeed("translate", networks["any"], photos, "-o", tmp_path / "out")
    assert names_in(tmp_path / "out")[:2] == ["a.bmp.png", "a.png.png"]


@pytest.mark.backends(
    "tensorflow", "torch", reason="TensorFlow reads it; JAX exports in tests/export"
)
def test_a_saved_model_translates_too(networks, photos, tmp_path):
    pytest.importorskip("tensorflow", reason="a SavedModel needs TensorFlow")
    folder = tmp_path / "models" / "tiny"
    succeed("export", networks["any"], folder)
    for source, out in ((networks["any"], "keras"), (folder, "saved")):
        succeed("translate", source, photos, "-o", tmp_path / out)
    for name in names_in(tmp_path / "keras"):
        made = [pixels_of(tmp_path / out / name) for out in ("keras", "saved")]
        assert np.abs(made[0].astype(int) - made[1]).max() <= 1
    said = fail("translate", folder, photos, "--direction", "b_to_a")
    assert "has one direction. Leave out --direction" in said


def test_what_does_not_translate_is_explained(trained, networks, photos, tmp_path):
    said = fail("translate", trained, photos)
    assert "starts from noise and translates no pictures: keras-gan generate" in said
    said = fail("generate", networks["any"])
    assert "no noise to generate from. A translator takes pictures: keras-gan" in said
    keras.Sequential([keras.Input((3,)), layers.Dense(2)]).save(tmp_path / "x.keras")
    said = fail("translate", tmp_path / "x.keras", photos)
    assert "Expected a model that `gan.save` wrote, or a network from images" in said
    (tmp_path / "none").mkdir()
    said = fail("translate", networks["any"], tmp_path / "none")
    assert "and its subfolders hold no picture" in said
