"""Measure the memory and the time of a run on a large table.

A CSV file of numbers, categories, dates and missing values is written in parts. Then
`keras-gan train tabular` is run on it, shortly:

    python benchmarks/large_table.py --rows 1000000 --steps 200

`memory` is the peak of the process in MiB, `before` that after the imports.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from keras_gan import runs, tables

import numpy as np
import pandas as pd

PART = 100_000


def part(number, num_rows):
    """Return some rows; column `town` has 10,000 values."""
    rng = np.random.default_rng((7, number))
    age = rng.integers(18, 90, num_rows)
    income = rng.lognormal(10, 0.5, num_rows) * (0.5 + age / 100)
    town = (10_000 * rng.random(num_rows) ** 2).astype(int)
    days = pd.Timestamp("2015-01-01") + pd.to_timedelta(
        rng.integers(0, 3650, num_rows), "D"
    )
    return pd.DataFrame(
        {
            "id": np.arange(number * PART, number * PART + num_rows),
            "age": age,
            "income": np.where(rng.random(num_rows) < 0.2, 0.0, income).round(2),
            "score": np.where(
                rng.random(num_rows) < 0.1, np.nan, rng.normal(size=num_rows)
            ),
            "town": np.char.add("town ", town.astype(str)),
            "job": rng.choice(["cook", "smith", "clerk"], num_rows, p=[0.6, 0.3, 0.1]),
            "day": days,
            "is_member": rng.random(num_rows) < age / 120,
        }
    )


def memory():
    """Return the peak of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main():
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        sizes = np.diff([*range(0, options.rows, PART), options.rows])
        tables.write_parts((part(i, n) for i, n in enumerate(sizes)), path)
        facts = {"rows": options.rows, "file": path.stat().st_size >> 20}
        facts["before"] = memory()
        run = runs.TableRun(Path(folder) / "run", path, num_rows=128 * options.steps)
        start = time.process_time()
        run.begin()
        print(run.codec.describe())
        facts["recognised"] = round(time.process_time() - start, 1)
        run.train(progress=False)
        facts["trained_and_reported"] = round(time.process_time() - start, 1)
        facts["memory"] = memory()
        print(json.dumps(facts))


if __name__ == "__main__":
    main()
