"""Full disks, damaged files and other models: no data is lost, errors give advice."""

import errno
import os
import resource
import signal
import subprocess

import keras
import numpy as np
import pytest
from resumable import data, new_gan, points, state_of

import keras_gan
from keras_gan import checkpoints, datasets, folder_lock
from keras_gan.callbacks import Checkpoint

pytestmark = pytest.mark.usefixtures("eager")
on_torch = pytest.mark.backends("torch", reason="files, the same on all: run once")


def fit(folder, epochs=1, gan=None, callbacks=(), x=None, **kwargs):
    gan = gan or new_gan()
    checkpoint = Checkpoint(folder, **kwargs)
    x = data() if x is None else x
    gan.fit(x, epochs=epochs, verbose=0, callbacks=[*callbacks, checkpoint])
    return gan


@on_torch
def test_keeps_the_latest_and_the_best(tmp_path):
    class Score(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_distance"] = [5.0, 2.0, 3.0, 2.0][epoch]

    fit(tmp_path, 2, callbacks=[Score()], every=2, keep=2, best="val_distance")
    fit(tmp_path, 4, callbacks=[Score()], every=2, keep=2, best="val_distance")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "best.npz",
        "step_000000022.npz",
        "step_000000024.npz",
    ]
    assert checkpoints.read(tmp_path / "best.npz")[1]["num_steps"] == 12


def test_larger_is_better_for_scores():
    assert Checkpoint("x", best="val_inception_score").larger_is_better
    assert Checkpoint("x", best="val_recall").larger_is_better
    assert not Checkpoint("x", best="val_frechet_distance").larger_is_better
    assert Checkpoint("x", best="val_frechet_distance", mode="max").larger_is_better


@on_torch
def test_best_of_an_unknown_metric_is_refused(tmp_path):
    with pytest.raises(ValueError, match="watches 'val_x'.*d_loss.*validation_data"):
        fit(tmp_path, best="val_x")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"every": 0}, "`every` must be an integer of at least 1"),
        ({"keep": 0}, "`keep` must be an integer of at least 1"),
        ({"mode": "least"}, "`mode` must be 'min', 'max' or 'auto'"),
    ],
)
def test_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Checkpoint("x", **arguments)


def test_one_checkpoint_in_a_fit(tmp_path):
    with pytest.raises(ValueError, match="Pass one `Checkpoint`"):
        fit(tmp_path, callbacks=[keras.callbacks.BackupAndRestore(str(tmp_path))])


def test_plain_keras_models_are_refused(tmp_path):
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="`fit` of a keras_gan model.*Sequential"):
        model.fit(points(), points()[:, :1], callbacks=[Checkpoint(tmp_path)])


@on_torch
def test_resume_false_refuses_a_folder_with_checkpoints(tmp_path):
    fit(tmp_path, resume=False)
    with pytest.raises(ValueError, match=r"resume=False.*step_000000006.npz"):
        fit(tmp_path, resume=False)


def test_checkpoint_of_another_architecture_is_refused(tmp_path):
    fit(tmp_path)
    gan = new_gan(width=9)
    before = state_of(gan)
    with pytest.raises(ValueError, match=r"another model.*\(4, 8\) for \(4, 9\)"):
        fit(tmp_path, gan=gan)
    for name, value in state_of(gan).items():
        np.testing.assert_array_equal(value, before[name])


@on_torch
def test_checkpoint_of_other_data_is_refused(tmp_path):
    fit(tmp_path)
    other = datasets.Batches(points(), batch_size=32, shuffle=True)
    with pytest.raises(ValueError, match="'steps_per_epoch': 6.*'steps_per_epoch': 3"):
        fit(tmp_path, x=other)


@on_torch
def test_a_damaged_newest_file_falls_back_to_the_one_before(tmp_path):
    expected = fit(tmp_path / "expected", 2, every=4)
    fit(tmp_path, every=4)
    newest = checkpoints.listed(tmp_path)[-1]
    broken = bytearray(newest.read_bytes())
    broken[1000] ^= 4
    newest.write_bytes(broken)
    with pytest.warns(UserWarning, match="step_000000006.*damaged.*step_000000004"):
        gan = fit(tmp_path, 2, new_gan(seed=9), every=4)
    for name, value in state_of(gan).items():
        np.testing.assert_allclose(
            value, state_of(expected)[name], rtol=1e-4, atol=1e-6
        )
    for path in checkpoints.listed(tmp_path):
        path.write_bytes(b"PK")
    with pytest.raises(checkpoints.DamagedCheckpoint, match="nothing to go on from"):
        fit(tmp_path)


def test_restore_from_an_empty_folder(tmp_path):
    with pytest.raises(ValueError, match="no checkpoint at"):
        new_gan().restore(tmp_path)


def test_a_file_where_the_folder_should_be(tmp_path):
    # root may write to read-only folders, but nobody can create files in a file
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"Checkpoint cannot write.*Pass a folder"):
        fit(tmp_path / "file")


@on_torch
def test_two_trainings_in_one_folder(tmp_path):
    in_use = pytest.raises(OSError, match="is in use: another training writes there")
    with folder_lock.hold(tmp_path), in_use:
        fit(tmp_path)
    fit(tmp_path)


def test_missing_disk_space_is_found_before_training(tmp_path, monkeypatch):
    usage = keras_gan.callbacks.checkpoint.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(
        "keras_gan.callbacks.checkpoint.shutil.disk_usage",
        lambda folder: usage._replace(free=20_000),
    )
    with pytest.raises(
        OSError, match=r"space for 4 files.*0.0 MB left. Free space"
    ) as e:
        fit(tmp_path)
    assert e.value.errno == errno.ENOSPC


class LimitFiles(keras.callbacks.Callback):
    """Limit the file size for two saves, which fails like a full disk."""

    def on_train_batch_begin(self, batch, logs=None):
        limit = 5000 if batch in (2, 3) else resource.RLIM_INFINITY
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))


def test_training_survives_failed_saves(tmp_path):
    with pytest.warns(UserWarning, match="could not be written") as warned:
        fit(tmp_path, every=1, keep=9, callbacks=[LimitFiles()])
    messages = [str(w.message) for w in warned if w.category is UserWarning]
    assert len(messages) == 2
    assert "step_000000003.npz" in messages[0]
    assert "File too large (EFBIG)" in messages[0]
    assert "Free space" in messages[0]
    names = [p.name for p in tmp_path.iterdir()]
    assert sorted(names) == [f"step_00000000{i}.npz" for i in (1, 2, 5, 6)]
    for path in checkpoints.listed(tmp_path):
        checkpoints.verify(path)


@on_torch
def test_a_full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        filler = disk / "filler"

        class Fill(keras.callbacks.Callback):
            def on_train_batch_begin(self, batch, logs=None):
                if batch == 2:
                    with pytest.raises(OSError, match="No space"):
                        filler.write_bytes(bytes(1 << 20))
                elif batch == 4:
                    filler.unlink()

        with pytest.warns(UserWarning, match=r"No space left on device \(ENOSPC\)"):
            fit(disk, every=1, callbacks=[Fill()], keep=2)
        assert [p.name for p in checkpoints.listed(disk)] == [
            "step_000000005.npz",
            "step_000000006.npz",
        ]
        filler.write_bytes(bytes(250_000))
        with pytest.raises(OSError, match="Free space"):
            fit(disk, 2, keep=9)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_read_only_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k,ro", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a read-only disk is not allowed here")
    try:
        with pytest.raises(OSError, match=r"Read-only file system.*Pass a folder"):
            fit(disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_diverged_model_is_not_saved(tmp_path):
    class Diverge(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                variable = self.model.generator.trainable_variables[0]
                variable.assign(variable.value * np.nan)

    with pytest.warns(UserWarning, match="NaN or infinity, so training has diverged"):
        fit(tmp_path, 2, callbacks=[Diverge()], every="epoch")
    assert checkpoints.latest(tmp_path).name == "step_000000006.npz"


class Signal(keras.callbacks.Callback):
    def __init__(self, number, step):
        super().__init__()
        self.number, self.step = number, step

    def on_train_batch_begin(self, batch, logs=None):
        if batch == self.step:
            os.kill(os.getpid(), self.number)


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [(signal.SIGTERM, SystemExit, 143), (signal.SIGINT, KeyboardInterrupt, None)],
)
def test_signals_save_at_the_end_of_the_step(tmp_path, capfd, number, kind, code):
    handler = signal.getsignal(number)
    with pytest.raises(kind) as stopped:
        fit(tmp_path, every=None, callbacks=[Signal(number, 3)])
    assert getattr(stopped.value, "code", None) == code
    assert signal.getsignal(number) is handler
    facts = checkpoints.read(checkpoints.latest(tmp_path))[1]
    assert (facts["epoch"], facts["step"]) == (0, 4)
    output = capfd.readouterr().err
    assert "step_000000004.npz. Run the same command again" in output


@on_torch
def test_handlers_are_restored(tmp_path):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    fit(tmp_path)
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
