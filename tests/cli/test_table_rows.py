"""`keras-gan train tabular` and `generate` to a file of rows."""

import numpy as np
import pandas as pd
import pytest
from commands import fail, succeed

import keras_gan
from keras_gan import runs

pytestmark = pytest.mark.backends("tensorflow", reason="files and options: run once")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "rows.csv"
    rng = np.random.default_rng(7)
    jobs = rng.choice(["cook", "smith"], 64)
    frame = pd.DataFrame({"age": rng.integers(18, 80, 64), "job": jobs})
    frame.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def run(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tabular"
    options = ("--images", 32, "--batch-size", 16, "--output", folder)
    said = succeed("train", "tabular", "--data", rows, *options)
    assert "age  integer" in said
    assert "rows to train on, into" in said
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
    output = ("-o", tmp_path / "new.csv")
    assert "expected --where job=cook" in fail("generate", run, *output, "--where", "a")
    assert "no training row has" in fail(
        "generate", run, *output, "--where", "job=baker"
    )
    assert "--where is for tables" in fail("generate", run, "--where", "job=cook")
    for command in ("generate", "interpolate"):
        assert "makes the rows of a table" in fail(command, run)
