"""Decode the rows of a table by NumPy alone.

This module and those that it needs import each other relatively, because a server loads
them without the package around them, which imports Keras.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from .columns import CategoryColumn, NumberColumn

FORMAT = "keras_gan table, version 1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"D": 86_400_000_000, "s": 1_000_000, "ms": 1_000, "us": 1}


class RowDecoder:
    """Turn encoded rows into ranks and classes, and these into values.

    Args:
        columns: list of `keras_gan.tables.Column`, or of what has `name`, `kind`,
            `has_missing` and `settings`.
        numbers: dict from a column's name to its `NumberColumn`.
        categories: dict from the name of a block to its `CategoryColumn`.
    """

    def __init__(self, columns, numbers, categories):
        self.columns = list(columns)
        self.numbers, self.categories = dict(numbers), dict(categories)

    @property
    def kept(self) -> list:
        """The columns that are not left out."""
        return [column for column in self.columns if column.kind != "drop"]

    @property
    def edges(self) -> list[list[float]]:
        """For each number the edges of the intervals of its code, from -1 to 1."""
        return [(2 * n.intervals()[0] - 1).tolist() for n in self.numbers.values()]

    @property
    def num_numbers(self) -> int:
        """The number of columns that are coded as ranks."""
        return len(self.numbers)

    @property
    def block_sizes(self) -> list[int]:
        """The sizes of the one-hot blocks."""
        return [block.num_classes for block in self.categories.values()]

    @property
    def width(self) -> int:
        """The length of an encoded row."""
        return sum(len(e) - 1 for e in self.edges) + sum(self.block_sizes)

    def block_slice(self, name: str) -> slice:
        """Return where the block of a column lies among all blocks.

        Args:
            name: str, of the column.
        """
        names = list(self.categories)
        start = sum(self.block_sizes[: names.index(name)])
        return slice(start, start + self.categories[name].num_classes)

    @property
    def missing_blocks(self) -> list[int]:
        """For each number the index of the block that says if it is missing, or -1."""
        names = list(self.categories)
        blocks = {column.name: missing_block(column.name) for column in self.kept}
        return [
            names.index(blocks[name]) if blocks[name] in names else -1
            for name in self.numbers
        ]

    @property
    def missing_classes(self) -> list[int]:
        """For each number the class of that block which says that it is, or -1."""
        blocks = list(self.categories.values())
        return [
            int(blocks[index].code([True])[0]) if index >= 0 else -1
            for index in self.missing_blocks
        ]

    def parse(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the ranks and the classes of rows, which `codes` returns of a table.

        Args:
            rows: float array `(num_rows, width)`; the largest value of a block counts.

        Returns:
            `ranks, classes`; see `codes`.
        """
        ranks = np.zeros((len(rows), self.num_numbers))
        classes = np.zeros((len(rows), len(self.categories)), "int32")
        start = 0
        for index, edges in enumerate(self.edges):
            stop = start + len(edges) - 1
            passed = (rows[:, start:stop].astype("float64") + 1) / 2
            ranks[:, index] = passed @ np.diff(edges) - 1
            start = stop
        for index, size in enumerate(self.block_sizes):
            classes[:, index] = rows[:, start : start + size].argmax(1)
            start += size
        missing = zip(self.missing_blocks, self.missing_classes, strict=True)
        for index, (block, kind) in enumerate(missing):
            if block >= 0:
                ranks[classes[:, block] == kind, index] = np.nan
        return ranks, classes

    def values(
        self, ranks: np.ndarray, classes: np.ndarray, rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return the values of each column.

        Args:
            ranks: float array `(num_rows, num_numbers)`.
            classes: int array `(num_rows, num_blocks)`.
            rng: draws the levels that share a class.

        Returns:
            A dict from a column's name to a float array, NaN for what is missing and
            units since 1970 for dates; or to an object array of levels.
        """
        names, blocks = list(self.numbers), list(self.categories)
        values = {}
        for name in (column.name for column in self.kept):
            if name not in self.numbers:
                codes = classes[:, blocks.index(name)]
                values[name] = self.categories[name].value(codes, rng)
                continue
            own = ranks[:, names.index(name)].astype("float64")
            found = self.numbers[name].value((np.nan_to_num(own, nan=0.0) + 1) / 2)
            values[name] = np.where(np.isnan(own), np.nan, found)
        return values

    def number_of(self, name: str, value):
        """Return a value of a number or a date as the column holds it.

        Args:
            name: str, of the column.
            value: a number; for dates, text such as `"2024-01-31 12:00"`.
        """
        column = next(c for c in self.kept if c.name == name)
        if column.kind != "date":
            return value
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            zone = column.settings.get("tz")
            time = time.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        return (time - _EPOCH) / timedelta(microseconds=_UNITS[column.settings["unit"]])

    def text_of(self, name: str, number: float) -> str:
        """Return a number or a date of a column as text.

        Args:
            name: str, of the column.
            number: float.
        """
        column = next(c for c in self.kept if c.name == name)
        if column.kind != "date":
            return f"{number:.10g}"
        settings = column.settings
        microseconds = int(number) * _UNITS[settings["unit"]]
        time = _EPOCH + timedelta(microseconds=microseconds)
        if settings.get("format"):
            return time.strftime(settings["format"])
        if settings.get("tz"):
            return time.astimezone(ZoneInfo(settings["tz"])).isoformat(" ")
        time = time.replace(tzinfo=None)
        return str(time.date()) if settings["unit"] == "D" else time.isoformat(" ")

    def description(self) -> dict:
        """Return all that a program needs to decode rows, as JSON can hold it.

        `docs/tables.md` says what each entry means.
        """
        starts = self._starts()
        columns = []
        for column in self.kept:
            name = column.name
            entry = {"name": name, "kind": column.kind, "start": starts[name]}
            if name in self.numbers:
                index = list(self.numbers).index(name)
                entry |= {"edges": self.edges[index]}
                entry |= self.numbers[name].get_config()
                if column.kind == "date":
                    known = ("unit", "format", "tz")
                    entry |= {key: column.settings.get(key) for key in known}
                block = missing_block(name)
                if block in self.categories:
                    entry["missing"] = self._block(block, starts)
            else:
                entry |= self._block(name, starts)
            columns.append(entry)
        num_codes = sum(len(edges) - 1 for edges in self.edges)
        sizes = {"width": self.width, "num_codes": num_codes}
        return {"format": FORMAT, **sizes, "columns": columns}

    @classmethod
    def from_description(cls, description: dict) -> RowDecoder:
        """Return the decoder of a `description`.

        Raises:
            ValueError: if it is of another version.
        """
        if description.get("format") != FORMAT:
            raise ValueError(
                f"The table is described as {description.get('format')!r}. Expected "
                f"{FORMAT!r}: export it again."
            )
        columns, numbers, blocks = [], {}, []
        for entry in description["columns"]:
            column = _Column(entry)
            columns.append(column)
            if "edges" not in entry:
                blocks.append((entry["start"], column.name, entry))
                continue
            known = ("lows", "highs", "shares", "digits")
            numbers[column.name] = NumberColumn(*(entry[key] for key in known))
            if "missing" in entry:
                missing = entry["missing"]
                blocks.append((missing["start"], missing_block(column.name), missing))
        categories = {
            name: CategoryColumn(each["levels"], each["counts"], each["num_classes"])
            for _, name, each in sorted(blocks, key=lambda block: block[0])
        }
        order = sorted(numbers, key=lambda name: _start(description, name))
        return cls(columns, {name: numbers[name] for name in order}, categories)

    def _starts(self):
        """Return where the code of each number and each block begin in a row."""
        names = [*self.numbers, *self.categories]
        sizes = [*(len(edges) - 1 for edges in self.edges), *self.block_sizes]
        starts = np.cumsum([0, *sizes[:-1]]).tolist()
        return dict(zip(names, starts, strict=True))

    def _block(self, name, starts):
        block = self.categories[name]
        return {
            "start": starts[name],
            "num_classes": block.num_classes,
            "levels": [_plain(level) for level in block.levels],
            "counts": block.counts.tolist(),
        }


class _Column:
    """A column of a description, with the attributes of a `Column`."""

    def __init__(self, entry):
        self.name, self.kind = entry["name"], entry["kind"]
        self.has_missing = "missing" in entry or None in entry.get("levels", ())
        self.settings = {key: entry.get(key) for key in ("unit", "format", "tz")}


def missing_block(name: str) -> str:
    """Return the name of the block that says which values of a column are missing."""
    return f"{name} is missing"


def _start(description, name):
    return next(c["start"] for c in description["columns"] if c["name"] == name)


def _plain(level):
    """Return a level as JSON has it; text where it has no such type."""
    if hasattr(level, "item"):
        level = level.item()
    is_plain = level is None or isinstance(level, bool | int | float | str)
    return level if is_plain else str(level)
