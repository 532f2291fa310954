"""Tables are read from files, in parts, and written."""

import gzip

import numpy as np
import pandas as pd
import pytest
from small_tables import mixed

from keras_gan import tables
from keras_gan.tables import reading

pytestmark = pytest.mark.backends("tensorflow", reason="pandas and NumPy alone")


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet", "csv.gz"])
def test_files_are_as_good_as_tables(tmp_path, suffix):
    frame = mixed()[["age", "debt", "job", "count", "text_day"]]
    path = tmp_path / f"rows.{suffix}"
    if suffix == "csv.gz":
        with gzip.open(path, "wt") as file:
            frame.to_csv(file, index=False)
    else:
        tables.write_parts([frame[:100], frame[100:]], path)
    codec = tables.fit_codec(path)
    expected = tables.fit_codec(frame)
    kinds = [column.kind for column in codec.columns]
    assert kinds == [column.kind for column in expected.columns]
    batches = tables.batches(codec, path, batch_size=10)
    assert batches.num_samples == len(frame)
    assert np.array_equal(batches.ranks, tables.batches(expected, frame).ranks, True)
    back = codec.decode(codec.encode(frame.astype({"count": "float64"})))
    assert str(back["count"].dtype) in ("Int64", "Int32")


def test_a_long_table_is_read_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 100)
    monkeypatch.setattr(reading, "NUM_SAMPLED", 150)
    frame = mixed(1_000).assign(job=["rare"] + ["cook"] * 999)
    tables.write_parts([frame], tmp_path / "rows.csv")
    codec = tables.fit_codec(tmp_path / "rows.csv")
    assert codec.num_rows == 1_000
    assert codec.categories["job"].counts.tolist() == [999, 1]
    assert len(tables.batches(codec, tmp_path / "rows.csv").ranks) == 1_000
    numbers = codec.numbers["age"]
    assert numbers.value(np.array([0.5]))[0] == pytest.approx(48, abs=8)


def test_files_that_are_no_tables_are_refused(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes("name,age\nJosé,3\n".encode("latin-1"))
    with pytest.raises(ValueError, match='not in UTF-8 .* encoding="latin-1"'):
        tables.fit_codec(path)
    path.write_text("")
    with pytest.raises(ValueError, match="is empty"):
        tables.fit_codec(path)
    path.write_text("a,b\n1,2\n3,4,5,6\n")
    with pytest.raises(ValueError, match="Every row must have as many values"):
        tables.fit_codec(path)
    with pytest.raises(FileNotFoundError, match="no table at"):
        tables.fit_codec(tmp_path / "other.csv")
    (tmp_path / "rows.txt").write_text("a")
    with pytest.raises(ValueError, match=r"neither a \.csv"):
        tables.fit_codec(tmp_path / "rows.txt")
    (tmp_path / "rows.parquet").write_text("a")
    with pytest.raises(ValueError, match="no Parquet file"):
        tables.fit_codec(tmp_path / "rows.parquet")
    with pytest.raises(ValueError, match=r"Received: ndarray"):
        tables.fit_codec(np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"must end in \.csv"):
        tables.write_parts([mixed()], tmp_path / "rows.xlsx")


def test_batches_depend_on_the_seed_and_the_step_alone():
    frame = mixed()
    codec = tables.fit_codec(frame)
    first, again, other = (
        tables.batches(codec, frame, batch_size=40, seed=seed) for seed in (0, 0, 1)
    )
    rows, conditions = first.batch(7)
    assert np.array_equal(rows, again.batch(7)[0])
    assert not np.array_equal(rows, other.batch(7)[0])
    # A row with a condition has the class that it names; half have one.
    blocks = rows[:, -sum(codec.block_sizes) :]
    assert conditions.sum(1).tolist().count(1.0) == 20
    assert np.array_equal(blocks * conditions, conditions)
    assert first.fingerprint() != tables.batches(codec, frame[::-1]).fingerprint()
    with pytest.raises(ValueError, match="from 0 to 1"):
        tables.batches(codec, frame, conditional_share=2)


def test_rare_classes_are_trained_on_often():
    frame = pd.DataFrame({"job": ["rare"] * 3 + ["cook"] * 2997})
    batches = tables.batches(tables.fit_codec(frame), frame, 200, conditional_share=1)
    rows = np.concatenate([batches.batch(step)[0] for step in range(10)])
    assert 0.1 < rows[:, 1].mean() < 0.25


def test_what_one_row_has_is_known_of_a_large_table(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 100)
    monkeypatch.setattr(reading, "NUM_SAMPLED", 50)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": range(1000, 1600),
            "flag": rng.integers(0, 2, 600),
            "gap": rng.normal(size=600),
            "day": pd.date_range("2020-01-01", periods=600).astype(str),
        }
    )
    frame.loc[577, "flag"] = 2
    frame.loc[333, "gap"] = np.nan
    frame.loc[[444, 445], "day"] = None
    frame.to_csv(tmp_path / "rows.csv", index=False)
    with pytest.warns(UserWarning, match="'id' numbers the rows"):
        codec = tables.fit_codec(tmp_path / "rows.csv")
    kinds = {column.name: column.kind for column in codec.columns}
    expected = {"id": "drop", "flag": "integer", "gap": "number", "day": "date"}
    assert kinds == expected
    batches = tables.batches(codec, tmp_path / "rows.csv", batch_size=8)
    assert np.isnan(batches.ranks).any(axis=0).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("age,job\n30,cook\n", "The table has 1 rows. A model of so few"),
        ("age,job\n", "The table has no rows"),
    ],
)
def test_files_that_cannot_be_learned_from(tmp_path, text, message):
    (tmp_path / "rows.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        tables.fit_codec(tmp_path / "rows.csv")
