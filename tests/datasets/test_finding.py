"""What of a folder is read, and what is said of the rest."""

import os
import socket

import numpy as np
import pytest
from made import save, stored

from keras_gan import presets, runs
from keras_gan.datasets import image_folder
from keras_gan.metrics.sources import Source

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


def levels(folder, **options):
    return stored(image_folder(folder, batch_size=1, **options))[:, 0, 0, 0].tolist()


def test_pictures_of_other_formats_are_counted(greys):
    for name in ("a.heic", "b.HEIC", "c.svg", "scan", "captions.txt"):
        (greys / name).write_text("not read")
    message = r"holds 4 other files \(2 \.heic, 1 \.svg, 1 without an ending\)"
    with pytest.warns(UserWarning, match=message):
        image_folder(greys, batch_size=1)
    with pytest.warns(UserWarning, match=message):
        list(Source(greys, 4))


def test_captions_are_no_reason_to_warn(greys):
    (greys / "captions.txt").write_text("a grey")
    assert len(levels(greys)) == 6


def test_a_folder_of_other_formats_says_what_it_holds(tmp_path):
    (tmp_path / "a.heic").write_text("")
    (tmp_path / "b.txt").write_text("")
    with pytest.raises(ValueError, match=r"It holds 2 other files \(1 \.heic, 1 \.txt"):
        image_folder(tmp_path)


def test_links_to_folders_and_files_are_followed(greys, tmp_path):
    classes = tmp_path / "classes"
    classes.mkdir()
    (classes / "linked").symlink_to(greys)
    save(classes / "own" / "0.png", np.full((5, 7), 99))
    (classes / "own" / "1.png").symlink_to(greys / "4.png")
    data = image_folder(classes, labels=True, batch_size=1)
    assert data.class_names == ["linked", "own"]
    assert data.labels.tolist() == [0] * 6 + [1] * 2
    assert levels(classes) == [0, 10, 20, 30, 40, 50, 99, 40]


def loop(folder):
    (folder / "again").symlink_to(folder)
    return r"again is not a picture \(a link to a folder that holds it"


def broken_link(folder):
    (folder / "class").symlink_to(folder / "nowhere")
    return r"class is not a picture \(it cannot be reached: No such file"


def pipe(folder):
    os.mkfifo(folder / "x.png")
    return r"x\.png is not a picture \(not a file, but a pipe"


def device(folder):
    (folder / "x.png").symlink_to("/dev/zero")
    return r"x\.png is not a picture \(not a file, but a pipe"


def unix_socket(folder):
    place = os.getcwd()
    os.chdir(folder)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("x.png")
    finally:
        os.chdir(place)
    return r"x\.png is not a picture \(not a file, but a pipe"


@pytest.mark.parametrize("make", [loop, broken_link, pipe, device, unix_socket])
def test_what_is_not_a_picture_is_an_error_or_left_out(greys, make):
    message = make(greys)
    for read in (image_folder, lambda folder: list(Source(folder, 4))):
        with pytest.raises(ValueError, match=message):
            read(greys)
    with pytest.warns(UserWarning, match="Left out 1 of 7"):
        assert levels(greys, on_error="skip") == [0, 10, 20, 30, 40, 50]


def test_a_folder_that_cannot_be_read_is_an_error(greys, monkeypatch):
    save(greys / "locked" / "0.png", np.zeros((5, 7)))
    scandir = os.scandir

    def refuse(folder):
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ValueError, match=r"locked .*cannot be read: Permission denied"):
        image_folder(greys)


@pytest.mark.parametrize("cache", ["memory", "file", None])
def test_names_that_are_not_utf_8(tmp_path, cache):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    try:
        save(folder / os.fsdecode(b"\xff.png"), np.full((2, 2), 7))
    except OSError:
        pytest.skip("this file system knows UTF-8 names only")
    cache = tmp_path / "cache" if cache == "file" else cache
    options = {"labels": True, "batch_size": 1, "cache": cache}
    data = image_folder(tmp_path, **options)
    assert stored_images(data)[0, 0, 0, 0] == 7
    assert data.class_names == [r"caf\xe9"]
    assert len(next(iter(Source(folder, 1)))[0]) == 1
    (folder / os.fsdecode(b"\xff.png")).write_bytes(b"")
    with pytest.raises(ValueError, match=r"caf\\xe9.\\xff\.png cannot be read"):
        image_folder(tmp_path, batch_size=1)


def stored_images(data):
    return data.as_uint8().arrays()[0]


def test_the_folder_of_a_run_is_never_data(greys):
    run = runs.Run(greys / "runs" / "first", presets.get("dcgan_fashion_mnist"))
    run.begin()
    save(run.folder / "samples" / "epoch_0001.png", np.full((5, 7), 99))
    assert levels(greys) == [0, 10, 20, 30, 40, 50]
    with pytest.raises(ValueError, match="no picture.* is the folder of a run"):
        image_folder(run.folder)
    assert levels(run.folder / "samples") == [99]
