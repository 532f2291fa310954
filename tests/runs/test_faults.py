"""A run ends only because it is over: full disks, damaged and removed files."""

import resource
import shutil

import keras
import numpy as np
import pytest

from keras_gan import files, folder_lock, presets
from keras_gan.datasets import Batches
from keras_gan.presets import Make
from keras_gan.runs import Run, evaluation, log, model_file, run

pytestmark = [
    pytest.mark.backends("torch", reason="files, not tensors: run once"),
]

POINTS = np.random.default_rng(0).uniform(-1, 1, (96, 8, 8, 1)).astype("float32")


def new_run(folder, metrics=(), **settings):
    """A run of two epochs of ten steps with a small perceptron."""
    preset = presets.get("mlp").replace(
        image_shape=(8, 8, 1),
        dataset="none",
        batch_size=8,
        num_images=160,
        metrics=metrics,
    )
    return Run(folder, preset, **{"checkpoint_every": 3, **settings})


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Data from memory, and two epochs, in every run."""
    monkeypatch.setattr(run, "epochs_of", lambda steps: (2, steps // 2))
    monkeypatch.setattr(run.environment, "enable_determinism", lambda: None)
    monkeypatch.setattr(
        Run,
        "load_data",
        lambda self, split="train": Batches(POINTS, batch_size=8, shuffle=True),
    )


class At(keras.callbacks.Callback):
    """Call a function before a step."""

    def __init__(self, step, function):
        super().__init__()
        self.step, self.function = step, function

    def on_train_batch_begin(self, batch, logs=None):
        if self.step == 0:
            self.function()
        self.step -= 1


def train(one, monkeypatch, step=None, function=None):
    """Train, with something that happens before a step."""
    if not (one.folder / "settings.json").exists():
        one.begin()
    chosen = one._callbacks

    def with_one_more(*arguments):
        return [*([At(step, function)] if function else []), *chosen(*arguments)]

    monkeypatch.setattr(one, "_callbacks", with_one_more)
    return one.train(progress=False)


def limit_files(size):
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def messages(warned):
    return [str(each.message) for each in warned]


def test_a_full_disk_stops_nothing_but_the_last_save(tmp_path, monkeypatch):
    one = new_run(tmp_path / "run")
    try:
        with (
            pytest.warns(UserWarning, match="could not be written") as warned,
            pytest.raises(OSError, match=r"gan.keras' could not be .*Free space"),
        ):
            train(one, monkeypatch, 5, lambda: limit_files(10))
    finally:
        limit_files(resource.RLIM_INFINITY)
    said = "\n".join(messages(warned))
    names = ("epoch_0002.png", "walk.webp", "log.csv", "report", "step_000000020")
    assert all(name in said for name in names)
    assert "Older checkpoints are still there: 1" in said
    again = Run.open(tmp_path / "run")  # the disk has space again
    train(again, monkeypatch)
    assert again.is_finished
    assert (tmp_path / "run" / "report.html").exists()


def test_the_folder_of_a_run_is_removed_in_training(tmp_path, monkeypatch):
    one = new_run(tmp_path / "run", checkpoint_every=1)
    with pytest.warns(UserWarning, match="was removed during training") as warned:
        train(one, monkeypatch, 12, lambda: shutil.rmtree(one.folder))
    said = "\n".join(messages(warned))
    assert "step_000000012.npz' was removed during training. There is no older" in said
    assert "settings.json' was removed during training, and is written again" in said
    again = Run.open(tmp_path / "run")
    assert (again.preset, again.settings) == (one.preset, one.settings)
    assert again.is_finished
    assert [row["epoch"] for row in log.read(one.folder / "log.csv")] == [1, 2]


def test_removed_checkpoints_are_told_on_resume(tmp_path, monkeypatch):
    one = new_run(tmp_path / "run")
    one.begin()
    (one.folder / "log.csv").write_text("epoch,images,seconds\n1,80,1.5\n")
    with pytest.warns(UserWarning, match="lost its checkpoints: training begins again"):
        train(Run.open(one.folder), monkeypatch)


def test_one_process_at_a_time(tmp_path):
    one = new_run(tmp_path / "run")
    one.begin()
    raises = pytest.raises(OSError, match="is in use: another training")
    with folder_lock.hold(one.folder), raises:
        one.train(progress=False)


DAMAGE = {
    "samples/epoch_0001 (copy).png": b"",
    "samples/epoch_0000.png": b"\x89PNG\r\n\x1a\n cut",
    "walk.webp": b"RIFF",
    "log.csv": b"epoch,images\n1,8\n<b>,\0\n",
    "metrics.json": b'{"epoch": "<script>alert(1)</script>"}',
    "report.html": b"",
}


def test_damaged_files_in_its_folder_stop_nothing(tmp_path, monkeypatch):
    one = new_run(tmp_path / "run")

    def damage():
        for name, content in DAMAGE.items():
            (one.folder / name).write_bytes(content)

    with pytest.warns(UserWarning, match=r"metrics.json' are damaged"):
        train(one, monkeypatch, 15, damage)
    page = (one.folder / "report.html").read_text()
    assert "<script>alert" not in page
    assert page.count("data:image/png;base64,") == 2 + 1  # of epochs 1 and 2
    assert Run.open(one.folder).is_finished


def test_a_log_with_damaged_rows_is_resumed(tmp_path, monkeypatch):
    path = tmp_path / "log.csv"
    path.write_text("epoch,images,seconds,d_loss\n1,8,0.1,0.5\n2,8\nx,8,1,2\n3,8,2,a\n")
    with pytest.warns(UserWarning, match="3 of 4 rows of .*log.csv' are no rows"):
        rows = log.read(path)
    assert rows == [{"epoch": 1, "images": 8, "seconds": 0.1, "d_loss": 0.5}]


MLP = presets.get("mlp_mnist").to_dict()
EVIL = {"make": "os.system", "arguments": {"command": "true"}}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("{", "is damaged: it is not JSON"),
        ("[]", "it has no preset"),
        ({"preset": {"name": "x"}}, "it has no preset"),
        (
            {"preset": {"name": "x", "description": "", "networks": 3}},
            "another version",
        ),
        ({"seed": "1; rm"}, "'seed' cannot be '1; rm'. Restore it"),
        ({"checkpoint_every": -5}, "'checkpoint_every' cannot be -5"),
        ({"evaluate_every": 1.5}, "'evaluate_every' cannot be 1.5"),
    ],
)
def test_damaged_settings_are_named(tmp_path, facts, message):
    path = tmp_path / "settings.json"
    if isinstance(facts, str):
        path.write_text(facts)
    else:
        files.write_json(path, {"preset": MLP} | facts)
    with pytest.raises(ValueError, match=message):
        Run.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"not a model"])
def test_a_damaged_model_is_named_with_the_mend(tmp_path, content):
    one = new_run(tmp_path)
    (tmp_path / "gan.keras").write_bytes(content)
    with pytest.raises(ValueError, match=r"gan.keras' cannot be loaded .*--resume"):
        one.restore()


def test_a_model_that_unpacks_to_too_much_is_not_loaded(tmp_path, monkeypatch):
    path = tmp_path / "x.keras"
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2000)])
    model.save(path)
    assert model_file.load(path, "").count_params() == 8000
    monkeypatch.setattr(files, "UNPACKED_BYTES", 1000)
    monkeypatch.setattr(files, "UNPACKED_RATIO", 0.5)
    with pytest.raises(ValueError, match="It was not unpacked. Get the file again"):
        model_file.load(path, "")


def test_too_few_images_to_measure_are_refused_before_training(tmp_path):
    pixels = {"extractor": Make("metrics.RawSamples")}
    distance = Make("metrics.FrechetDistance", pixels)
    one = new_run(tmp_path / "run", (distance,), num_evaluated=1)
    with pytest.raises(ValueError, match="at least 2 generated images. Received: 1"):
        one.check()
    assert not one.folder.exists()


def test_the_model_is_saved_before_it_is_measured(tmp_path, monkeypatch):
    measure = evaluation.measure

    def fail(*args, **kwargs):
        raise ValueError("the cache is gone.")

    pixels = {"extractor": Make("metrics.RawSamples")}
    distance = Make("metrics.FrechetDistance", pixels)
    one = new_run(tmp_path / "run", (distance,), evaluate_every=1, num_evaluated=96)
    monkeypatch.setattr(evaluation, "measure", fail)
    with (
        pytest.warns(UserWarning, match="after epoch 1 failed: the cache is gone"),
        pytest.raises(ValueError, match=r"model is saved.*cache is gone.*--resume"),
    ):
        train(one, monkeypatch)
    assert one.is_finished
    assert not one.is_evaluated
    monkeypatch.setattr(evaluation, "measure", measure)
    monkeypatch.setenv("KERAS_HOME", str(one.folder / "log.csv"))  # no folder
    with pytest.warns(UserWarning, match="cache was not kept|computed again"):
        Run.open(one.folder).evaluate()
    assert one.is_evaluated
    rows = log.read(one.folder / "log.csv")
    assert "val_frechet_distance" not in rows[0]
    assert rows[1]["val_frechet_distance"] > 0
    assert evaluation.read(one.folder / "metrics.json")["epoch"] == 2
