"""The scores of synthetic tables, against cases with known answers."""

import numpy as np
import pandas as pd
import pytest

from keras_gan import metrics, tables
from keras_gan.metrics import table_scores
from keras_gan.metrics.table_dates import dates_as_numbers
from keras_gan.metrics.table_scores import (
    column_scores,
    copies,
    detection,
    nearer_to_train,
    pair_score,
    train_on_synthetic,
)

pytestmark = pytest.mark.backends("tensorflow", reason="pandas and scikit-learn alone")


def drawn(num_rows, seed, shift=0.0):
    rng = np.random.default_rng(seed)
    age = rng.normal(size=num_rows) + shift
    job = np.where(age + rng.normal(size=num_rows) > 0, "cook", "smith")
    return pd.DataFrame({"age": age, "size": rng.normal(size=num_rows), "job": job})


def test_rows_of_the_same_distribution_are_not_told_apart():
    train, test, fresh = (drawn(200, seed) for seed in range(3))
    found = tables.quality(train, test, fresh)
    assert found["columns"] > 0.85
    assert found["pairs"] > 0.75
    assert found["detection"] == pytest.approx(0.5, abs=0.12)
    assert found["nearer_to_train"] == pytest.approx(0.5, abs=0.12)
    assert found["copies"] == 0


def test_copies_are_found():
    train, test = drawn(200, 0), drawn(200, 1)
    assert copies(train, train) == 1
    assert nearer_to_train(train, test, train) == 1
    assert copies(train, pd.concat([train[:50], test[:150]])) == 0.25


def test_a_shift_is_found():
    real, shifted = drawn(200, 0), drawn(200, 1, shift=5.0)
    scores = column_scores(real, shifted)
    assert scores["age"] < 0.1
    assert scores["size"] > 0.85
    assert detection(real, shifted) > 0.95


def test_columns_that_go_together_are_missed():
    train, test = drawn(300, 0), drawn(300, 1)
    shuffled = train.assign(job=train["job"].sample(frac=1, random_state=0).to_numpy())
    kept = pair_score(train, test, train)
    assert pair_score(train, test, shuffled) < kept - 0.02


@pytest.mark.slow
def test_classifiers_learn_from_a_table():
    auc, f1 = train_on_synthetic(drawn(300, 0), drawn(300, 1), "job")
    assert auc > 0.75
    assert f1 > 0.6


def test_tables_that_cannot_be_compared_are_refused():
    train = drawn(30, 0)
    with pytest.raises(ValueError, match="other columns"):
        tables.quality(train, train, train.drop(columns="age"))
    with pytest.raises(ValueError, match="`target` is 'ages', and the columns are"):
        tables.quality(train, train, train, target="ages")
    with pytest.raises(ValueError, match="30 values in the test rows"):
        train_on_synthetic(train, train, "age")


def test_dates_are_compared_as_numbers():
    days = pd.Series(pd.date_range("2024-01-01", periods=40))
    frame = pd.DataFrame(
        {"day": days, "text": days.dt.strftime("%Y-%m-%d"), "name": ["2024-01"] * 40}
    )
    frame.loc[3, "text"] = None
    numbers = dates_as_numbers(frame)
    assert numbers["day"].diff().iloc[1] == 86_400
    assert numbers["text"].isna().sum() == 1
    assert numbers["name"].tolist() == frame["name"].tolist()
    later = frame.assign(day=days + pd.Timedelta(1, "D"))
    assert column_scores(numbers, dates_as_numbers(later))["day"] > 0.95


def test_a_copy_may_have_missing_values():
    train = pd.DataFrame({"age": [1.0, np.nan], "job": [None, "cook"]})
    assert copies(train, pd.concat([train, train])) == 1


def test_the_metric_of_tables():
    train, test = drawn(60, 0), drawn(60, 1)
    metric = metrics.TableQuality(train)
    with pytest.raises(ValueError, match="no table yet"):
        metric.result()
    metric.update_state(test, train[:40])
    assert metric.results()["copies"] == 1
    assert "Table quality: columns" in metric.describe()
    again = metrics.TableQuality.from_config(metric.get_config())
    again.update_state(test, train[:40])
    assert "copies" not in again.results()
    with pytest.raises(ValueError, match="Received: Image"):
        metrics.check_metrics([metric], type("Image", (), {})())
    tabular = type("Tabular", (), {"codec": None})()
    of_images = metrics.FrechetDistance(metrics.RawSamples())
    with pytest.raises(ValueError, match="FrechetDistance measures images"):
        metrics.check_metrics([of_images], tabular)


def test_a_report_is_one_file(tmp_path, monkeypatch):
    monkeypatch.setattr(table_scores, "detection", lambda *_: 0.6)
    monkeypatch.setattr(table_scores, "train_on_synthetic", lambda *_: (0.7, 0.4))
    parts = [drawn(40, seed).assign(nothing=np.nan) for seed in range(3)]
    parts = [each.rename(columns={"job": "<job>"}) for each in parts]
    found = tables.write_report(tmp_path / "report.html", *parts, title="a < b")
    page = (tmp_path / "report.html").read_text()
    assert {"columns", "pairs", "auc", "nearer_to_train", "copies"} <= set(found)
    assert "a &lt; b" in page
    assert "&lt;job&gt;" in page
    assert "<job>" not in page
    with pytest.raises(ValueError, match="at least 10 held-out rows. Received: 3"):
        tables.write_report(tmp_path / "no.html", parts[0], parts[1][:3], parts[2])


def test_rows_are_held_out_by_a_seed():
    frame = pd.DataFrame({"age": range(1000)})
    data = tables.HeldOut(frame, share=0.2, seed=1)
    test, train = data.held_out(), data.trained_on()
    assert sorted([*test["age"], *train["age"]]) == list(range(1000))
    assert 150 < len(test) < 250
    assert data.held_out().equals(test)
    assert len(data.held_out(max_rows=50)) == 50
    with pytest.raises(ValueError, match="`share` must be from 0 to 0.5"):
        tables.HeldOut(frame, share=0.9)
    with pytest.warns(UserWarning, match="'age' numbers the rows"):
        tables.infer_columns(train.assign(job="cook"))
