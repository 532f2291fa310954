"""The log of a run, also of a resumed one."""

import pytest

from keras_gan.runs.log import RunLog, curves, read


def epochs(log, numbers, **results):
    log.on_train_begin()
    for epoch in numbers:
        log.on_epoch_begin(epoch)
        log.on_epoch_end(epoch, {"d_loss": epoch / 10, **results})


def test_a_row_for_each_epoch(tmp_path):
    log = RunLog(tmp_path / "log.csv", images_per_epoch=64)
    epochs(log, range(3))
    rows = read(tmp_path / "log.csv")
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert [row["images"] for row in rows] == [64, 128, 192]
    assert [row["d_loss"] for row in rows] == [0.0, 0.1, 0.2]


def test_epochs_that_are_trained_again_are_logged_once(tmp_path):
    path = tmp_path / "log.csv"
    epochs(RunLog(path, 64), range(5), g_loss=1.0)
    epochs(RunLog(path, 64), range(3, 6), g_loss=2.0)
    rows = read(path)
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["g_loss"] for row in rows] == [1, 1, 1, 2, 2, 2]
    seconds = [row["seconds"] for row in rows]
    assert seconds == sorted(seconds)


def test_a_fresh_run_forgets_the_log_of_another(tmp_path):
    path = tmp_path / "log.csv"
    epochs(RunLog(path, 64), range(5))
    epochs(RunLog(path, 64), range(1))
    assert [row["epoch"] for row in read(path)] == [1]


def test_some_epochs_have_more_results(tmp_path):
    path = tmp_path / "log.csv"
    log = RunLog(path, 64)
    epochs(log, range(2))
    log.on_epoch_begin(2)
    log.on_epoch_end(2, {"d_loss": 0.2, "val_frechet_distance": 12.5})
    rows = read(path)
    assert "val_frechet_distance" not in rows[0]
    assert rows[2]["val_frechet_distance"] == 12.5
    assert curves(rows)["val_frechet_distance"] == ((3,), (12.5,))
    assert path.read_text().splitlines()[1].endswith(",")


def test_values_come_back_as_they_were(tmp_path):
    path = tmp_path / "log.csv"
    value = 0.1 + 0.2
    epochs(RunLog(path, 64), range(1), g_loss=value)
    assert read(path)[0]["g_loss"] == value == pytest.approx(0.3)
