"""`keras-gan train tabular` and `generate` to a file of rows."""

import numpy as np
import pandas as pd
import pytest
from commands import fail, succeed

import keras_gan
from keras_gan import runs
from keras_gan.metrics import table_scores

pytestmark = pytest.mark.backends("torch", reason="files and options: run once")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "rows.csv"
    rng = np.random.default_rng(7)
    jobs = rng.choice(["cook", "smith"], 160)
    frame = pd.DataFrame({"age": rng.integers(18, 80, 160), "job": jobs})
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module", autouse=True)
def without_classifiers():
    """Scores that train classifiers, which tests/tables/test_quality.py looks at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_scores, "detection", lambda *_: 0.6)
        patch.setattr(table_scores, "train_on_synthetic", lambda *_: (0.7, 0.4))
        yield


@pytest.fixture(scope="module")
def run(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tabular"
    options = ("--images", 32, "--batch-size", 16, "--output", folder)
    said = succeed("train", "tabular", "--data", rows, *options)
    assert "age  integer" in said
    assert "rows to train on, into" in said
    assert f"Quality and privacy: {folder / 'report.html'}" in said
    assert said.strip().endswith("-o rows.csv")
    return folder


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_rows_are_written(run, tmp_path, suffix):
    path = tmp_path / f"new.{suffix}"
    where = ("--where", "job=cook", "--where", "age=20..70")
    said = succeed("generate", run, "-n", 30, "--seed", 3, "-o", path, *where)
    assert f"{path}: 30 rows, seed 3" in said
    read = pd.read_csv if suffix == "csv" else pd.read_parquet
    table = read(path)
    assert list(table) == ["age", "job"]
    assert len(table) == 30
    assert (table["job"] == "cook").all()
    assert table["age"].between(20, 70).all()


def test_the_report_is_of_rows_that_were_held_out(run, rows, tmp_path):
    whole, held_out = pd.read_csv(rows), runs.TableRun.open(run).data.held_out()
    assert 10 <= len(held_out) < 40
    assert held_out.isin(whole.to_dict("list")).all(axis=None)
    page = (run / "report.html").read_text()
    assert "Nearer to a training row than to a held-out row" in page
    assert "Classifiers of job trained on them" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    log = pd.read_csv(run / "log.csv")
    assert list(log)[:3] == ["epoch", "rows", "seconds"]
    said = succeed("evaluate", run, "-n", 50, "--data", rows)
    assert "detection        0.600" in said
    assert "nearer_to_train" in said
    assert (run / "evaluation.json").is_file()
    assert "for images, not for tables" in fail(
        "evaluate", run, "--extractor", "fashion_mnist"
    )
    pd.DataFrame({"age": [20] * 30}).to_csv(tmp_path / "few.csv", index=False)
    lacking = fail("evaluate", run, "--data", tmp_path / "few.csv")
    assert "lack the columns ['job']" in lacking


def test_a_run_may_hold_out_nothing(rows, tmp_path):
    folder = tmp_path / "all"
    options = ("--images", 16, "--batch-size", 16, "--held-out", 0)
    said = succeed("train", "tabular", "--data", rows, "--output", folder, *options)
    assert "160 rows to train on" in said
    assert not (folder / "report.html").exists()
    assert "Pass others: --data test.csv" in fail("evaluate", folder)


def test_a_finished_run_is_not_trained_again(run, rows):
    assert "is finished" in succeed("train", "--output", run, "--resume")
    assert "is not empty" in fail("train", "tabular", "--data", rows, "--output", run)
    gan = runs.TableRun.open(run).restore()
    assert isinstance(gan, keras_gan.models.TabularGAN)


def test_mistakes_are_named(run, rows, tmp_path):
    assert "Pass one table: --data rows.csv" in fail("train", "tabular")
    two = fail("train", "tabular", "--data", rows, rows)
    assert f"Received: {rows} {rows}" in two
    assert "--size: for images" in fail("train", "tabular", "--data", rows, "--size", 8)
    assert "no table at" in fail("train", "tabular", "--data", tmp_path / "no.csv")
    schema = ("--schema", "ages=number")
    assert "['ages']" in fail("train", "tabular", "--data", rows, *schema)
    target = fail("train", "tabular", "--data", rows, "--target", "jobs")
    assert "'jobs', and the columns are ['age', 'job']" in target
    assert "--target is for tables" in fail("train", "dcgan_mnist", "--target", "a")
    output = ("-o", tmp_path / "new.csv")
    assert "expected --where job=cook" in fail("generate", run, *output, "--where", "a")
    assert "no training row has" in fail(
        "generate", run, *output, "--where", "job=baker"
    )
    assert "--where is for tables" in fail("generate", run, "--where", "job=cook")
    for command in ("generate", "interpolate"):
        assert "makes the rows of a table" in fail(command, run)
