"""What a run folder says, read back."""

import csv
import json

from keras_gan.runs.report import files


def load(folder, name):
    """The facts of a JSON file in the folder; empty where it is not there yet."""
    path = folder / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def rows(path):
    """The rows of a log: dicts of numbers, without what an epoch has no value of.

    Args:
        path: `pathlib.Path` of the CSV file.
    """
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [_numbers(row) for row in csv.DictReader(file)]


def curves(log):
    """The columns of a log: a dict from a result's name to `(epochs, values)`."""
    names = dict.fromkeys(name for row in log for name in row)
    found = {}
    for name in names:
        points = [(row["epoch"], row[name]) for row in log if name in row]
        found[name] = tuple(zip(*points, strict=True))
    return found


def grids(folder):
    """The sample grids: a dict from epochs trained to the path of the picture."""
    paths = sorted((folder / files.SAMPLES).glob("epoch_*.png"))
    return {int(path.stem.removeprefix("epoch_")): path for path in paths}


def _numbers(row):
    counts = {name: int(row[name]) for name in ("epoch", "images")}
    values = {name: float(row[name]) for name in row if row[name]}
    return values | counts
