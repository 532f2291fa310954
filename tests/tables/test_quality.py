"""The scores of synthetic tables, against cases with known answers."""

import numpy as np
import pandas as pd
import pytest

from keras_gan import tables
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
