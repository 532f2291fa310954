"""A resumed run knows its data again."""

import os
import shutil

import keras
import numpy as np
import pytest
from made import Lazily, levels, save

import keras_gan
from keras_gan import datasets
from keras_gan.callbacks import run_state
from keras_gan.datasets import fingerprints, image_folder


def test_a_copy_in_another_place_is_the_same(greys, tmp_path):
    first = image_folder(greys, batch_size=2).fingerprint()
    shutil.copytree(greys, tmp_path / "copy", copy_function=shutil.copyfile)
    os.utime(tmp_path / "copy" / "0.png", (0, 0))
    assert image_folder(tmp_path / "copy", batch_size=2).fingerprint() == first
    for cache in (None, tmp_path / "cache"):
        assert image_folder(greys, batch_size=2, cache=cache).fingerprint() == first


def changed_content(folder):
    save(folder / "0.png", np.full((5, 7), 99))


def changed_name(folder):
    (folder / "0.png").rename(folder / "6.png")


def one_less(folder):
    (folder / "0.png").unlink()


@pytest.mark.parametrize("change", [changed_content, changed_name, one_less])
def test_other_pictures_are_others(greys, change):
    first = image_folder(greys, batch_size=2).fingerprint()
    change(greys)
    assert image_folder(greys, batch_size=2).fingerprint() != first


def test_arrays_labels_parts_and_scales():
    images, labels = levels(6), [0, 1, 0, 1, 0, 1]
    first = datasets.Batches(images, labels, batch_size=2)
    assert first.fingerprint() == datasets.Batches(images, labels, 3).fingerprint()
    assert first.fingerprint() == first.as_uint8().fingerprint()
    floats = images / np.float32(255)
    others = [
        datasets.Batches(images[::-1], labels, batch_size=2),
        datasets.Batches(images, labels[::-1], batch_size=2),
        datasets.Batches(images, batch_size=2),
        first.take(4),
        datasets.Batches(floats, batch_size=2, value_range=(0, 1)),
        datasets.Batches(floats, batch_size=2, value_range=(0, 2)),
        datasets.Batches(Lazily(6), batch_size=2),
        datasets.Batches(Lazily(7), batch_size=2),
        datasets.ring(),
        datasets.ring(num_modes=7),
        datasets.ring(std=0.02),
    ]
    assert len({each.fingerprint() for each in (first, *others)}) == len(others) + 1


def test_of_a_large_array_rows_are_looked_at(monkeypatch):
    monkeypatch.setattr(fingerprints, "MAX_BYTES", 100)
    array = np.zeros((100, 10), "uint8")
    first = fingerprints.of_array(array)
    array[3] = 1
    assert fingerprints.of_array(array) == first
    array[10] = 1
    assert fingerprints.of_array(array) != first


def fit(data, folder, **options):
    pair = keras_gan.architectures.mlp((2, 3, 1), 4, None, (4,), (4,))
    gan = keras_gan.GAN(*pair, seed=0)
    gan.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    checkpoint = keras_gan.callbacks.Checkpoint(folder)
    return gan.fit(data, callbacks=[checkpoint], verbose=0, **options)


@pytest.mark.parametrize(
    "make", [np.array, lambda a: datasets.Batches(a, batch_size=5)]
)
def test_a_run_does_not_go_on_with_other_pictures(tmp_path, make):
    images = levels(10)
    options = {"shuffle": False, "batch_size": 5} if make is np.array else {}
    fit(make(images), tmp_path, **options)
    history = fit(make(images), tmp_path, epochs=2, **options)
    assert history.epoch == [0, 1]
    with pytest.raises(ValueError, match="written on other data: .*fingerprint"):
        fit(make(255 - images), tmp_path, epochs=3, **options)


def test_checkpoints_of_earlier_versions_have_none():
    data = datasets.Batches(levels(10), batch_size=5)
    facts = run_state.RunState(data).facts()
    assert facts["data"].pop("fingerprint") == data.fingerprint()
    run_state.RunState(data).load(facts, "earlier.npz")
    facts["data"]["seed"] = 1
    with pytest.raises(ValueError, match=r"earlier\.npz' was written on other data"):
        run_state.RunState(data).load(facts, "earlier.npz")
