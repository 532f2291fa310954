"""Pictures of translations, and where pictures of latents are asked for instead."""

import numpy as np
import pytest
from PIL import Image

from keras_gan import callbacks, datasets

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

LEVELS = {"a_to_b": 0.5, "b_to_a": -0.5}


class Translator:
    directions = ("a_to_b", "b_to_a")

    def translate(self, images, direction="a_to_b", batch_size=64):
        return images + np.float32(LEVELS[direction])


class OneWay(Translator):
    directions = ("a_to_b",)


def images(level, channels=3, number=5):
    return np.full((number, 6, 8, channels), level, "float32")


def pairs(channels=3):
    data = images(-0.75, channels), images(0.0)
    return datasets.pairs(*data, batch_size=2, value_range=(-1, 1))


def drawn(callback, model):
    callback.set_model(model)
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0)
    callback.on_train_end()
    with Image.open(callback.folder / "epoch_0001.png") as picture:
        return np.asarray(picture).astype(int), picture.info["Description"]


def columns_of(picture, number):
    """The levels in the middles of the first cells of a picture's first row."""
    return picture[3, 4 : number * 10 : 10, 0].tolist()


def test_columns_of_both_directions(tmp_path):
    grid = callbacks.TranslationGrid(tmp_path, pairs(), num_images=3)
    picture, text = drawn(grid, Translator())
    assert text == (
        "a to b: input | output | target | cycle | "
        "b to a: input | output | target | cycle"
    )
    width = 4 * 8 + 3 * 2
    assert picture.shape == (3 * 6 + 2 * 2, 2 * width + 10, 3)
    levels = [32, 96, 128, 32]  # -.75, -.25, 0, -.75
    np.testing.assert_allclose(columns_of(picture, 4), levels, atol=1)
    second = picture[:, width + 10 :]
    np.testing.assert_allclose(columns_of(second, 4), [128, 64, 32, 128], atol=1)
    assert (tmp_path / "epoch_0000.png").is_file()


def test_one_direction_and_grey_inputs(tmp_path):
    grid = callbacks.TranslationGrid(tmp_path, pairs(channels=1), num_images=9)

    class Colours(OneWay):
        def translate(self, images, direction="a_to_b", batch_size=64):
            return np.repeat(images, 3, axis=-1)

    picture, text = drawn(grid, Colours())
    assert text == "a to b: input | output | target"
    assert picture.shape == (4 * 6 + 3 * 2, 3 * 8 + 2 * 2, 3), "all whole batches"


def test_of_unpaired_images_there_is_no_target(tmp_path):
    data = datasets.unpaired(images(-0.5), images(0.5, number=3), value_range=(-1, 1))
    grid = callbacks.TranslationGrid(tmp_path, data, directions=["b_to_a"])
    picture, text = drawn(grid, Translator())
    assert text == "b to a: input | output | cycle"
    np.testing.assert_allclose(columns_of(picture, 3), [191, 128, 191], atol=1)


def test_two_arrays(tmp_path):
    grid = callbacks.TranslationGrid(tmp_path, (images(-0.75), images(0.0)), 2)
    assert drawn(grid, OneWay())[0].shape == (14, 28, 3)


def test_an_output_that_is_not_finite_is_left_out(tmp_path):
    class Diverged(OneWay):
        def translate(self, images, direction="a_to_b", batch_size=64):
            return images * np.nan

    grid = callbacks.TranslationGrid(tmp_path, pairs())
    grid.set_model(Diverged())
    grid.on_train_begin()
    with pytest.warns(UserWarning, match="TranslationGrid wrote no picture"):
        grid.on_epoch_end(0)
    assert list(tmp_path.iterdir()) == []


def started(callback, model):
    callback.set_model(model)
    callback.on_train_begin()


@pytest.mark.parametrize(
    ("make", "model", "message"),
    [
        (
            lambda folder: callbacks.TranslationGrid(folder, pairs()),
            object(),
            "object does not translate. Use .*SampleGrid",
        ),
        (
            lambda folder: callbacks.TranslationGrid(
                folder, pairs(), directions=["b_to_a"]
            ),
            OneWay(),
            r"\['b_to_a'\], and OneWay has a_to_b",
        ),
        (
            callbacks.SampleGrid,
            Translator(),
            "SampleGrid shows images of random latents, and Translator translates",
        ),
        (
            lambda folder: callbacks.LatentWalk(folder / "walk.gif"),
            Translator(),
            "LatentWalk shows images of random latents",
        ),
        (
            lambda folder: callbacks.TranslationGrid(folder, []),
            None,
            "was given no images",
        ),
        (
            lambda folder: callbacks.TranslationGrid(folder, [images(0.0)]),
            None,
            "batches of 1 part",
        ),
        (
            lambda folder: callbacks.TranslationGrid(
                folder, (images(0.0), images(0.0)[:, :4])
            ),
            None,
            "images of one size",
        ),
    ],
)
def test_refused_before_training(tmp_path, make, model, message):
    with pytest.raises(ValueError, match=message):
        started(make(tmp_path), model)
