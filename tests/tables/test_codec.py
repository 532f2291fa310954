"""Columns are recognised, coded, and come back as they were."""

import json

import numpy as np
import pandas as pd
import pytest
from small_tables import mixed

from keras_gan import tables

pytestmark = pytest.mark.backends("tensorflow", reason="pandas and NumPy alone")


@pytest.fixture(scope="module")
def frame():
    return mixed()


@pytest.fixture(scope="module")
def codec(frame):
    return tables.fit_codec(frame)


def test_the_kind_of_every_column_is_recognised(codec):
    kinds = {column.name: column.kind for column in codec.columns}
    assert kinds == {
        "age": "integer",
        "debt": "number",
        "job": "category",
        "is_old": "boolean",
        "day": "date",
        "text_day": "date",
        "gap": "number",
        "count": "integer",
        "size": "category",
        "nothing": "category",
        "same": "category",
    }
    assert "debt      number    0 to " in codec.describe()
    assert "40% are 0" in codec.describe() or "are 0" in codec.describe()


def test_a_coded_table_comes_back(codec, frame):
    back = codec.decode(codec.encode(frame))
    assert back.dtypes.equals(frame.dtypes)
    for name in ("job", "is_old", "size", "nothing", "same"):
        pd.testing.assert_series_equal(back[name], frame[name])
    for name in ("debt", "gap", "age", "count"):
        pd.testing.assert_series_equal(back[name].isna(), frame[name].isna())
        assert back[name].corr(frame[name]) > 0.99
        for end in ("min", "max"):
            expected = getattr(frame[name], end)()
            assert getattr(back[name], end)() == pytest.approx(expected)
    assert (back["debt"] == 0).equals(frame["debt"] == 0)
    assert np.allclose(back["debt"], back["debt"].round(2))
    assert (back["day"] - frame["day"]).abs().max() < pd.Timedelta(30, "D")


def test_a_codec_is_made_from_its_config(codec, frame):
    config = json.loads(json.dumps(codec.get_config()))
    other = tables.TableCodec.from_config(config)
    assert np.array_equal(other.encode(frame), codec.encode(frame))


def test_rows_hold_ranks_and_blocks(codec, frame):
    ranks, classes = codec.codes(frame)
    rows = codec.rows(ranks, classes)
    assert rows.shape == (len(frame), codec.width)
    found_ranks, found_classes = codec.parse(rows)
    assert np.array_equal(found_classes, classes)
    assert np.allclose(found_ranks, ranks, atol=1e-5, equal_nan=True)
    assert np.isnan(ranks).any()
    assert np.abs(rows).max() <= 1


def test_the_distribution_of_ranks_decides_that_of_values(codec, frame):
    even = (np.arange(1000) + 0.5) / 1000
    debts = codec.numbers["debt"].value(even)
    assert np.mean(debts == 0) == pytest.approx(np.mean(frame["debt"] == 0), abs=2e-3)
    assert np.median(debts) == pytest.approx(frame["debt"].median(), rel=0.1)


def test_a_number_that_one_row_has_is_not_kept():
    rng = np.random.default_rng(0)
    values = rng.lognormal(size=1000)
    column = tables.NumberColumn.fit(values)
    made = column.value(rng.random(5000))
    assert np.isin(made, values).mean() < 0.01
    assert len(column.shares) <= 200


@pytest.mark.parametrize("name", ["category", "number"])
def test_the_schema_overrides_what_is_recognised(frame, name):
    codec = tables.fit_codec(frame[["age", "job"]], {"age": name})
    assert codec.columns[0].kind == name
    assert codec.decode(codec.encode(frame)).dtypes["age"] == frame["age"].dtype


def test_row_numbers_are_left_out():
    frame = mixed()[["age"]].reset_index(names="row")
    with pytest.warns(UserWarning, match="'row' numbers the rows"):
        codec = tables.fit_codec(frame)
    assert list(codec.decode(codec.encode(frame))) == ["age"]
    assert "left out: numbers the rows" in codec.describe()


def test_a_category_with_10_000_values():
    rng = np.random.default_rng(0)
    names = [f"name {i}" for i in rng.zipf(1.3, 40_000) % 10_000]
    frame = pd.DataFrame({"name": names, "age": rng.integers(0, 9, 40_000)})
    codec = tables.fit_codec(frame)
    assert codec.width < 200
    levels = len(set(names))
    assert f"{levels:,} values, of which 127 have their own class" in codec.describe()
    back = codec.decode(codec.encode(frame), seed=0)
    assert set(back["name"]) <= set(names)
    assert back["name"].nunique() > 0.4 * levels
    assert (back["name"] == "name 1").equals(frame["name"] == "name 1")


def test_a_hundred_columns():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        rng.normal(size=(200, 100)), columns=[f"c{i}" for i in range(100)]
    )
    codec = tables.fit_codec(frame)
    assert codec.num_numbers == 100
    assert codec.decode(codec.encode(frame)).shape == frame.shape


def test_time_zones_dates_and_python_dates():
    times = pd.date_range(
        "2020-03-28 22:30", periods=50, freq="37min", tz="Europe/Rome"
    )
    frame = pd.DataFrame({"time": times[::-1], "date": [t.date() for t in times]})
    codec = tables.fit_codec(frame)
    back = codec.decode(codec.encode(frame))
    assert back["time"].dtype == frame["time"].dtype
    assert isinstance(back["date"].iloc[0], type(frame["date"].iloc[0]))
    assert back["time"].max() == frame["time"].max()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": [1, "a"] * 150}, "'age' mixes values of the types .*'drop'|\"drop\""),
        ({"age": [np.inf] + [1.5, 2.0, 3.0] * 99 + [1, 1]}, "'age' holds infinity"),
        ({"age": np.inf}, "'age' holds infinity"),
        ({"age": [f"id {i}" for i in range(300)]}, "names of things, it seems"),
        ({"age": [[1], [2]] * 150}, "'age' (holds|mixes) values of the type"),
        ({"age": [2**60 + 3 * i for i in range(300)]}, "look like identifiers"),
    ],
)
def test_what_cannot_be_learned_is_refused(frame, change, message):
    with pytest.raises(ValueError, match=message):
        tables.fit_codec(frame.assign(**change))


def test_two_columns_of_one_name_are_refused(frame):
    twice = pd.concat([frame, frame[["age"]]], axis=1)
    with pytest.raises(ValueError, match=r"the same name: \['age'\]. Rename them"):
        tables.fit_codec(twice)


def test_mixed_values_are_text_if_the_schema_says_so(frame):
    mixed_frame = frame[["job"]].assign(age=[1, "a"] * 150)
    codec = tables.fit_codec(mixed_frame, {"age": "category"})
    assert set(codec.decode(codec.encode(mixed_frame))["age"]) == {"1", "a"}


def test_other_tables_are_refused(codec, frame):
    with pytest.raises(ValueError, match=r"lacks the columns \['age'\]"):
        codec.encode(frame.drop(columns="age"))
    with pytest.raises(ValueError, match=r"column 'size': No training row .* 'x'"):
        codec.encode(frame.assign(size="x"))
    with pytest.raises(ValueError, match="'age' are missing, and no training"):
        codec.encode(frame.assign(age=np.nan))
    with pytest.raises(ValueError, match="'age' holds what is no integer"):
        codec.encode(frame.assign(age="old"))
    with pytest.raises(ValueError, match=r"`schema` names \['agee'\]"):
        tables.fit_codec(frame, {"agee": "number"})
    with pytest.raises(ValueError, match="1 rows"):
        tables.fit_codec(frame.iloc[:1])
    with pytest.raises(ValueError, match="no rows"):
        tables.fit_codec(frame.iloc[:0])
    with pytest.raises(ValueError, match="All columns are left out"):
        tables.fit_codec(frame[["age"]], {"age": "drop"})
