"""The quality and privacy report of a synthetic table: one HTML file."""

import os
import string
from html import escape
from importlib import resources
from pathlib import Path

import numpy as np

from keras_gan.files import write_text
from keras_gan.metrics import table_scores
from keras_gan.metrics.table_dates import dates_as_numbers

MAX_ROWS = 4_000  # of each table are measured
MAX_COLUMNS = 40  # are drawn and paired
NUM_WORST = 8  # pairs are named

# What each score is, what real rows would have, and which way is better.
SCORES = {
    "columns": ("Columns have the same distribution", "1"),
    "pairs": ("Pairs of columns go together alike", "1"),
    "detection": ("Boosted trees tell them from real rows (ROC AUC)", "0.5"),
    "auc": ("Classifiers of {target} trained on them, on real rows (ROC AUC)", ""),
    "f1": ("The same, F1 of the rarer class", ""),
    "nearer_to_train": ("Nearer to a training row than to a held-out row", "0.5"),
    "copies": ("Exact copies of training rows", ""),
}


def write_report(
    path: str | os.PathLike,
    train,
    test,
    synthetic,
    target: str | None = None,
    title: str = "Synthetic table",
    seed: int = 0,
) -> dict[str, float]:
    """Write a quality and privacy report.

    It is one HTML file without requests to anywhere: scores beside those of real rows,
    distances to training rows, the distributions of columns, and pairs of columns. Of
    each table at most 4,000 rows are measured, drawn evenly.

    Args:
        path: the `.html` file.
        train: `pandas.DataFrame`, the rows that the model was fitted on.
        test: `pandas.DataFrame`, real rows that it has not seen.
        synthetic: `pandas.DataFrame`, generated rows.
        target: str, the column of two classes that classifiers are to predict. None
            for the last column of two values, if there is one.
        title: str.
        seed: int.

    Returns:
        The scores of `keras_gan.metrics.table_quality`.

    Raises:
        ValueError: if the tables have other columns, or fewer than 10 rows.
        ImportError: without scikit-learn.

    Example:

    ```python
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    table = pd.DataFrame({"age": rng.integers(20, 60, 90), "job": ["a", "b"] * 45})
    parts = table[:30], table[30:60], table[60:]
    scores = keras_gan.tables.write_report("report.html", *parts)
    ```
    """
    from keras_gan.plotting import svg  # imports Matplotlib
    from keras_gan.tables import report_charts as charts

    whole = {"training": train, "held-out": test, "synthetic": synthetic}
    for name, each in whole.items():
        if len(each) < 10:
            raise ValueError(
                f"A report needs at least 10 {name} rows. Received: {len(each)}"
            )
    if list(test.columns) != list(train.columns):
        raise ValueError(
            f"The tables have other columns: {list(train.columns)} and "
            f"{list(test.columns)}."
        )
    if target is None:
        target = target_of(train)
    train, test, synthetic = (_some(each, seed) for each in whole.values())
    found = table_scores.table_quality(train, test, synthetic, target, seed)
    real = _of_real_rows(train, test, target, seed)
    for scores, each in ((found, synthetic), (real, test)):
        scores["copies"] = table_scores.copies(whole["training"], each)
    numbers = [dates_as_numbers(each) for each in (train, test, synthetic)]
    columns = table_scores.column_scores(*numbers[1:])
    chosen = sorted(columns, key=columns.get)[:MAX_COLUMNS]
    pairs = table_scores.pair_scores(*(each[chosen] for each in numbers))
    near, _, held = table_scores.nearest_distances(*numbers, seed)
    parts = {
        "title": escape(title),
        "style": svg.style_sheet(),
        "state": _state(whole, train),
        "measured": _measured(whole, (train, test, synthetic)),
        "scores": _scores(found, real, target),
        "copies": escape(_copies(found, real)),
        "distances": charts.distances(held, near),
        "shown": f"{len(chosen)} of {len(columns)} are shown."
        if len(chosen) < len(columns)
        else "",
        "columns": "".join(
            _column(name, columns[name], test, synthetic, numbers) for name in chosen
        ),
        "pairs": charts.pairs(pairs, chosen) if pairs else "",
        "worst": _worst(pairs),
    }
    template = resources.files("keras_gan.tables") / "report.html"
    page = string.Template(template.read_text(encoding="utf-8")).substitute(parts)
    write_text(Path(path).expanduser(), page)
    return found


def target_of(frame) -> str | None:
    """Return the last column of two values, each in at least 1% of the rows, or None.

    Args:
        frame: `pandas.DataFrame`.
    """
    for name in reversed(frame.columns):
        shares = frame[name].value_counts(normalize=True)
        if len(shares) == 2 and shares.min() > 0.01 and not frame[name].isna().any():
            return name
    return None


def _some(frame, seed):
    """Return at most so many rows, drawn evenly."""
    if len(frame) <= MAX_ROWS:
        return frame.reset_index(drop=True)
    return frame.sample(MAX_ROWS, random_state=seed).reset_index(drop=True)


def _of_real_rows(train, test, target, seed):
    """Return the scores of the training rows, as if they were synthetic."""
    numbers = [dates_as_numbers(each) for each in (train, test)]
    scores = table_scores.column_scores(numbers[1], numbers[0])
    found = {
        "columns": float(np.mean(list(scores.values()))),
        "pairs": table_scores.pair_score(numbers[0], numbers[1], numbers[0]),
    }
    if target is not None:
        found["auc"], found["f1"] = table_scores.train_on_synthetic(
            train, test, target, seed
        )
    return found


def _state(whole, train):
    entries = {f"{name} rows".capitalize(): len(each) for name, each in whole.items()}
    entries["Columns"] = len(train.columns)
    return "".join(
        f"<div><dt>{name}</dt><dd>{value:,}</dd></div>"
        for name, value in entries.items()
    )


def _measured(whole, some):
    """Return how many rows of each table were measured, if not all."""
    counted = [
        f"{len(part):,} of the {len(each):,} {name} rows"
        for (name, each), part in zip(whole.items(), some, strict=True)
        if len(part) < len(each)
    ]
    said = f"Measured on {', '.join(counted)}. " if counted else ""
    return (
        f"{said}All are compared with the held-out rows. Real rows are the training "
        "rows; of copies, the held-out ones."
    )


def _scores(found, real, target):
    head = "<tr><th></th><th>Synthetic</th><th>Real rows</th><th>Best</th></tr>"
    rows = [head]
    for name, (said, best) in SCORES.items():
        if name not in found:
            continue
        theirs = f"{real[name]:.3f}" if name in real else ""
        said = escape(said.format(target=target))
        cells = (f"{found[name]:.3f}", theirs, best)
        numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        rows.append(f"<tr><th>{said}</th>{numbers}</tr>")
    return "".join(rows)


def _copies(found, real):
    return (
        f"{100 * found['copies']:.2f}% of the synthetic rows are exactly a training "
        f"row, and {100 * real['copies']:.2f}% of the held-out rows."
    )


def _column(name, score, test, synthetic, numbers):
    from keras_gan.tables import report_charts as charts

    _, real, fake = (each[name] for each in numbers)
    is_number = real.dtype.kind in "iuf" and real.nunique() > 10
    is_date = is_number and test[name].dtype.kind not in "iuf"
    if is_number:
        drawn = charts.number(str(name), real, fake, is_date)
    else:
        drawn = charts.category(str(name), test[name], synthetic[name])
    return (
        f"<figure><figcaption><h3>{escape(str(name))}</h3>"
        f'<span class="number">{score:.3f}</span></figcaption>{drawn}</figure>'
    )


def _worst(pairs):
    rows = ["<tr><th>Worst pairs</th><th></th></tr>"] if pairs else []
    for a, b in sorted(pairs, key=pairs.get)[:NUM_WORST]:
        both = escape(f"{a} and {b}")
        rows.append(
            f'<tr><td>{both}</td><td class="number">{pairs[a, b]:.3f}</td></tr>'
        )
    return "".join(rows)
