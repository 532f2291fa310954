"""How good a synthetic table is, and whether it gives training rows away.

Each function compares a synthetic table with real rows that the model has not seen. Of
all of them the values of the held-out rows against other real rows are the ceiling.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from keras_gan.metrics.table_dates import dates_as_numbers

NUM_CUTS = 10  # numbers are cut at the deciles, to be counted in pairs
MAX_CATEGORIES = 256  # of a column, as inputs of classifiers and for distances


def table_quality(
    train, test, synthetic, target: str | None = None, seed: int = 0
) -> dict[str, float]:
    """Measure a synthetic table.

    Args:
        train: `pandas.DataFrame`, the rows that the model was fitted on.
        test: `pandas.DataFrame`, real rows that it has not seen.
        synthetic: `pandas.DataFrame`, generated rows, as many as `train` or more.
        target: str, the column of two classes that classifiers are to predict; None to
            leave that out.
        seed: int.

    Returns:
        A dict: `columns` and `pairs` (1 is the same distribution), `detection` (0.5 is
        not to be told from real rows), `nearer_to_train` (0.5 is no nearer), `copies`,
        and with a target `auc` and `f1` of classifiers that were trained on it.

    Raises:
        ValueError: if the tables have other columns, or none is the target.
        ImportError: without scikit-learn.

    Example:

    ```python
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    table = pd.DataFrame({"age": rng.integers(20, 60, 300), "job": ["a", "b"] * 150})
    parts = table[:100], table[100:200], table[200:]
    keras_gan.metrics.table_quality(*parts)["columns"]
    ```
    """
    for each in (test, synthetic):
        if list(each.columns) != list(train.columns):
            raise ValueError(
                f"The tables have other columns: {list(train.columns)} and "
                f"{list(each.columns)}."
            )
    if target is not None and target not in train.columns:
        raise ValueError(
            f"`target` is {target!r}, and the columns are {list(train.columns)}."
        )
    train, test, synthetic = map(dates_as_numbers, (train, test, synthetic))
    shown = synthetic.sample(min(len(test), len(synthetic)), random_state=seed)
    found = {
        "columns": float(np.mean(list(column_scores(test, synthetic).values()))),
        "pairs": pair_score(train, test, synthetic),
        "detection": detection(test, shown, seed),
        "nearer_to_train": nearer_to_train(train, test, synthetic, seed),
        "copies": copies(train, synthetic),
    }
    if target is not None:
        auc, f1 = train_on_synthetic(synthetic, test, target, seed)
        found |= {"auc": auc, "f1": f1}
    return found


def column_scores(real, synthetic) -> dict[str, float]:
    """Return for each column how alike its distributions are; 1 is the same.

    For numbers this is 1 minus the Kolmogorov-Smirnov distance, for all else 1 minus
    the total variation.

    Args:
        real: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame` with the same columns.
    """
    numbers = set(_numbers(real))
    return {
        name: 1
        - (_smirnov if name in numbers else _variation)(real[name], synthetic[name])
        for name in real
    }


def pair_score(train, real, synthetic) -> float:
    """Return the mean of `pair_scores`; 1 for a table of one column.

    Args:
        train: `pandas.DataFrame`, for the deciles.
        real: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`.
    """
    scores = pair_scores(train, real, synthetic)
    return float(np.mean(list(scores.values()))) if scores else 1.0


def pair_scores(train, real, synthetic) -> dict[tuple[str, str], float]:
    """Return for each pair of columns how alike they go together; 1 is the same.

    For two numbers this is 1 minus half of the difference of their correlations, for
    all else 1 minus the total variation of both columns together, in which numbers are
    cut at the deciles of the training rows.

    Args:
        train: `pandas.DataFrame`, for the deciles.
        real: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`.
    """
    numbers = set(_numbers(train))
    cut_real, cut_fake = _cut(train, real), _cut(train, synthetic)
    scores = {}
    for a, b in itertools.combinations(real.columns, 2):
        if {a, b} <= numbers:
            gap = _correlation(real, a, b) - _correlation(synthetic, a, b)
            scores[a, b] = 1 - abs(gap) / 2
        else:
            joint = (cut_real[a] + "|" + cut_real[b], cut_fake[a] + "|" + cut_fake[b])
            scores[a, b] = 1 - _variation(*joint)
    return scores


def detection(real, synthetic, seed: int = 0) -> float:
    """Return how well boosted trees tell synthetic rows from real ones.

    Args:
        real: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`, as many rows.
        seed: int, of the trees and of five folds.

    Returns:
        The area under the ROC curve; 0.5 is not at all, 1 always.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.preprocessing import OrdinalEncoder

    names = _numbers(real)
    both = _plain(_concat([real, synthetic]), names)
    classes = [name for name in real.columns if name not in names]
    steps = [("c", OrdinalEncoder(), classes), ("n", "passthrough", names)]
    rows = ColumnTransformer(steps).fit_transform(both)
    # Trees take 255 classes at most; beyond, their numbers are numbers.
    few = [i for i, name in enumerate(classes) if both[name].nunique() <= 255]
    model = HistGradientBoostingClassifier(random_state=seed, categorical_features=few)
    is_real = np.repeat([1, 0], [len(real), len(synthetic)])
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    found = cross_val_predict(model, rows, is_real, cv=folds, method="predict_proba")
    return float(roc_auc_score(is_real, found[:, 1]))


def train_on_synthetic(
    synthetic, test, target: str, seed: int = 0
) -> tuple[float, float]:
    """Train classifiers on one table, and test them on real rows.

    A logistic regression, a random forest and boosted trees; the means are returned.

    Args:
        synthetic: `pandas.DataFrame` to train on.
        test: `pandas.DataFrame`, real rows.
        target: str, a column of two classes, of which the rarer in `test` is predicted.
        seed: int.

    Returns:
        `auc, f1`: the area under the ROC curve, and F1 at a probability of 0.5.

    Raises:
        ValueError: if the target has not two classes in `test`.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score, roc_auc_score
    from sklearn.pipeline import make_pipeline

    shares = test[target].value_counts()
    if len(shares) != 2:
        raise ValueError(
            f"The target {target!r} has {len(shares)} values in the test rows. "
            "Expected two."
        )
    labels, truth = (
        synthetic[target] == shares.index[1],
        test[target] == shares.index[1],
    )
    if labels.nunique() < 2:
        return 0.5, 0.0
    names = [name for name in _numbers(test) if name != target]
    inputs, seen = (
        _plain(each.drop(columns=target), names) for each in (synthetic, test)
    )
    models = (
        LogisticRegression(max_iter=2000),
        RandomForestClassifier(200, min_samples_leaf=2, random_state=seed),
        HistGradientBoostingClassifier(learning_rate=0.05, random_state=seed),
    )
    scores = []
    for model in models:
        fitted = make_pipeline(_scaler(inputs, names), model).fit(inputs, labels)
        odds = fitted.predict_proba(seen)[:, 1]
        scores.append((roc_auc_score(truth, odds), f1_score(truth, odds > 0.5)))
    auc, f1 = np.mean(scores, axis=0)
    return float(auc), float(f1)


def nearer_to_train(train, test, synthetic, seed: int = 0) -> float:
    """Return the share of synthetic rows that lie nearer to a training than a test row.

    Both are as many: 0.5 is what rows have that the model has not seen, and above it
    training rows are given away.

    Args:
        train: `pandas.DataFrame`.
        test: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`.
        seed: int, which of the training rows are looked at.
    """
    near, far, _ = nearest_distances(train, test, synthetic, seed)
    return float(np.mean(near < far) + 0.5 * np.mean(near == far))


def nearest_distances(train, test, synthetic, seed: int = 0) -> tuple:
    """Return how far rows lie from the nearest row of another table.

    Numbers are standardised, and classes are one-hot. The training rows are cut down to
    as many as there are test rows.

    Args:
        train: `pandas.DataFrame`.
        test: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`.
        seed: int, which of the training rows are looked at.

    Returns:
        Three float arrays: from synthetic to training rows, from synthetic to test
        rows, and from test to training rows.
    """
    from sklearn.neighbors import NearestNeighbors

    names = _numbers(train)
    tables = [_plain(each, names) for each in (train, test, synthetic)]
    scaler = _scaler(tables[0], names).fit(tables[0])
    seen, unseen, rows = (scaler.transform(each) for each in tables)
    number = min(len(seen), len(unseen))
    order = np.random.default_rng(seed).permutation
    seen, unseen = seen[order(len(seen))[:number]], unseen[:number]
    to_seen, to_unseen = (
        NearestNeighbors(n_neighbors=1).fit(each) for each in (seen, unseen)
    )
    return tuple(
        search.kneighbors(each)[0][:, 0]
        for search, each in ((to_seen, rows), (to_unseen, rows), (to_seen, unseen))
    )


def copies(train, synthetic) -> float:
    """Return the share of synthetic rows that are exactly a training row.

    Args:
        train: `pandas.DataFrame`.
        synthetic: `pandas.DataFrame`.
    """
    known = set(_tuples(train))
    return sum(row in known for row in _tuples(synthetic)) / len(synthetic)


def _tuples(frame):
    """Return the rows as tuples, with None for NaN, which is not equal to itself."""
    plain = frame.astype(object)
    return map(tuple, plain.where(frame.notna(), None).to_numpy())


def _numbers(frame) -> Sequence[str]:
    """Return the columns that are compared as numbers: more than two numbers."""
    from pandas.api import types

    return [
        name
        for name in frame.columns
        if types.is_numeric_dtype(frame[name])
        and not types.is_bool_dtype(frame[name])
        and frame[name].nunique() > 2
    ]


def _plain(frame, numbers):
    """Return numbers as floats, with medians where they miss, and all else as text."""
    plain = frame.astype(object).astype(str)
    for name in numbers:
        values = frame[name].astype("float64")
        plain[name] = values.fillna(values.median()).fillna(0.0)
    return plain


def _scaler(frame, numbers):
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    classes = [name for name in frame.columns if name not in numbers]
    encoder = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=MAX_CATEGORIES
    )
    steps = [("c", encoder, classes), ("n", StandardScaler(), numbers)]
    return ColumnTransformer(steps, sparse_threshold=0)


def _concat(frames):
    import pandas as pd

    return pd.concat(frames, ignore_index=True)


def _variation(real, synthetic):
    shares = [
        each.astype(object).astype(str).value_counts(normalize=True)
        for each in (real, synthetic)
    ]
    levels = shares[0].index.union(shares[1].index)
    a, b = (each.reindex(levels, fill_value=0.0) for each in shares)
    return float((a - b).abs().sum() / 2)


def _smirnov(real, synthetic):
    a, b = (np.sort(each.dropna().astype("float64")) for each in (real, synthetic))
    both = np.concatenate([a, b])
    below = [
        np.searchsorted(each, both, "right") / max(1, len(each)) for each in (a, b)
    ]
    return float(np.abs(below[0] - below[1]).max(initial=0.0))


def _correlation(frame, a, b):
    pair = frame[[a, b]].astype("float64").dropna().to_numpy()
    if len(pair) < 2 or np.any(pair.std(0) == 0):
        return 0.0
    return float(np.corrcoef(pair.T)[0, 1])


def _cut(train, frame):
    """Return a table as text, with numbers as the number of their decile."""
    cut = frame.astype(object).astype(str)
    for name in _numbers(train):
        shares = np.linspace(0, 1, NUM_CUTS + 1)[1:-1]
        edges = np.unique(train[name].astype("float64").quantile(shares))
        values = frame[name].astype("float64")
        decile = np.searchsorted(edges, values, "right").astype(object)
        cut[name] = np.where(values.isna(), "missing", decile.astype(str))
    return cut
