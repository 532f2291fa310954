"""Bytes of requests and answers that a server holds at a time."""

from __future__ import annotations

import contextlib

from .errors import ServingError

# Smaller ones are not counted: the number of connections bounds them, and a server
# that is full of large ones goes on to serve them.
SMALL = 2**16


class Budget:
    """A number of bytes to share between requests.

    Args:
        largest: int, the bytes that one may hold.
        total: int, the bytes that all may hold together.
        too_large: str, the error for one that wants more.
        status: int, the status code of that error.
    """

    def __init__(self, largest: int, total: int, too_large: str, status: int):
        self.largest = largest
        self.total = total
        self.too_large = too_large
        self.status = status
        self.held = 0

    @contextlib.contextmanager
    def share(self):
        """Give a `Share`, and take it back at the end."""
        share = Share(self)
        try:
            yield share
        finally:
            self.held -= share.counted


class Share:
    """What one request holds of a `Budget`."""

    def __init__(self, budget: Budget):
        self.budget = budget
        self.size = self.counted = 0

    def check(self, size: int):
        """Refuse a size that is too large for one.

        Raises:
            ServingError: if it is.
        """
        if self.size + size > self.budget.largest:
            raise ServingError(self.budget.too_large, self.budget.status)

    def grow(self, size: int):
        """Hold more bytes.

        Raises:
            ServingError: if they are too many for one, or, with status 503, for all.
        """
        self.check(size)
        counted = self.size + size if self.size + size > SMALL else 0
        if self.budget.held + counted - self.counted > self.budget.total:
            raise busy("holds as many large requests and answers as it may")
        self.budget.held += counted - self.counted
        self.size += size
        self.counted = counted


def busy(reason: str) -> ServingError:
    """Return the error of a server that has too much to do, of status 503."""
    return ServingError(f"The server {reason}. Try again later.", 503)
