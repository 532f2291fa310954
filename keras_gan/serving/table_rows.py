"""Rows of an exported table model: `:rows` and `:csv`."""

from __future__ import annotations

import csv
import io
import secrets

import numpy as np

from . import by_file
from .errors import ServingError
from .json_arrays import shown
from .json_tensors import dump

NUM_ROWS = 10  # by default
# A request of a condition that hardly any row meets ends after so many candidates.
MAX_CANDIDATES = 2**20
MAX_LISTED = 100  # levels of a column that the page is told


class TableRows:
    """What decodes the rows of a model, by the description in its card.

    Args:
        description: dict, what `TabularGAN.describe_rows` returned.

    Raises:
        ServingError: if it is of another version.
    """

    def __init__(self, description: dict):
        decoder = by_file.module("tables", "row_decoder").RowDecoder
        refinement = by_file.module("tables", "refinement").Refinement
        try:
            self.decoder = decoder.from_description(description)
            self.refinement = refinement.from_config(description["refinement"])
        except (LookupError, TypeError, ValueError) as error:
            raise ServingError(
                f"The model card's table cannot be read: {error}"
            ) from None
        self.description = description

    def draw(self, request: dict, max_rows: int) -> Draw:
        """Return the draw that a request asks for.

        Args:
            request: dict, of `num_rows`, `seed` and `where`.
            max_rows: int, the rows of one request.

        Raises:
            ServingError: if it asks for what there is not.
        """
        unknown = sorted(set(request) - {"num_rows", "seed", "where"})
        if unknown:
            raise ServingError(
                f"The request has the keys {unknown}. Expected 'num_rows', 'seed' and "
                "'where'."
            )
        if not self.description["is_normal"]:
            raise ServingError(
                "The latents of this model are not standard normal, so its rows cannot "
                "be drawn here. Ask for its signature 'sample' with `:predict`."
            )
        num_rows = _integer(request, "num_rows", NUM_ROWS, 1, max_rows)
        seed = _integer(request, "seed", secrets.randbits(31), 0, 2**31 - 1)
        where = request.get("where") or {}
        if not isinstance(where, dict):
            raise ServingError(
                "'where' must be an object from columns to values. Received: "
                f"{shown(where)}"
            )
        return Draw(self, num_rows, seed, {k: _wanted(k, v) for k, v in where.items()})

    def summary(self) -> list[dict]:
        """Return the columns as the page shows them: name, kind and values."""
        decoder, columns = self.decoder, []
        for column in decoder.kept:
            entry = {"name": column.name, "kind": column.kind}
            if column.name in decoder.numbers:
                number = decoder.numbers[column.name]
                ends = number.lows[0], number.highs[-1]
                entry["range"] = [decoder.text_of(column.name, end) for end in ends]
            else:
                entry["levels"] = decoder.categories[column.name].levels[:MAX_LISTED]
            columns.append(entry)
        return columns


class Draw:
    """The rows of one request, in the making.

    Args:
        table: the `TableRows`.
        num_rows, seed, where: those of the request.

    Raises:
        ServingError: on an unknown column or value.
    """

    def __init__(self, table: TableRows, num_rows: int, seed: int, where: dict):
        self.table, self.num_rows, self.seed = table, num_rows, seed
        made = by_file.module("tables", "row_draw").RowDraw
        latent_dim = table.description["latent_dim"]
        try:
            self.draw = made(
                table.decoder, table.refinement, latent_dim, num_rows, where, seed
            )
        except ValueError as error:
            raise ServingError(str(error)) from None
        self.parts = []

    @property
    def is_done(self) -> bool:
        """Whether all rows are there."""
        return self.draw.is_done

    def inputs(self) -> dict:
        """Return the inputs of `serving_default` for the next candidates."""
        latents, conditions = self.draw.inputs()
        given = {"vectors": conditions} if conditions.shape[1] else {}
        return {"latents": latents} | given

    def take(self, outputs: dict):
        """Keep some of the rows that the model made.

        Raises:
            ServingError: if hardly any row meets the condition.
        """
        rows, logits = outputs["rows"], None
        if self.table.description["has_logit"]:
            rows, logits = rows[:, :-1], rows[:, -1]
        try:
            self.parts.append(self._plain(self.draw.take(rows, logits)))
            if not self.is_done and self.draw.num_candidates >= MAX_CANDIDATES:
                self.draw.give_up()
        except ValueError as error:
            raise ServingError(str(error)) from None

    def as_json(self) -> bytes:
        """Return the rows as a list of objects, and the seed."""
        names = list(self.parts[0])
        rows = [dict(zip(names, row, strict=True)) for row in self._rows()]
        return dump({"rows": rows, "seed": self.seed})

    def as_csv(self) -> bytes:
        """Return the rows as CSV, with the names of the columns above."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.parts[0])
        writer.writerows(self._rows())
        return file.getvalue().encode()

    def _rows(self):
        for part in self.parts:
            yield from zip(*part.values(), strict=True)

    def _plain(self, values):
        """Return lists of what JSON has, None for what is missing."""
        plain, decoder = {}, self.table.decoder
        for column in decoder.kept:
            name, found = column.name, values[column.name].tolist()
            if name in decoder.numbers:
                found = [None if np.isnan(v) else v for v in found]
            if name in decoder.numbers and column.kind == "date":
                found = [v if v is None else decoder.text_of(name, v) for v in found]
            elif column.kind == "integer":
                found = [v if v is None else int(v) for v in found]
            plain[name] = found
        return plain


def _integer(request, name, default, least, most):
    value = request.get(name)
    if value is None:
        return default
    if type(value) is not int or not least <= value <= most:
        raise ServingError(
            f"{name!r} must be an integer from {least} to {most}. Received: "
            f"{shown(value)}"
        )
    return value


def _wanted(name, value):
    """Return what `Where` takes: a pair for `{"from": low, "to": high}`."""
    if not isinstance(value, dict):
        return value
    if set(value) != {"from", "to"}:
        raise ServingError(
            f"'where' has {shown(value)} for the column {name!r}. Expected a value, a "
            'list of values, null, or {"from": low, "to": high}.'
        )
    return value["from"], value["to"]
