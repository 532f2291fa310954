"""What one server takes on at a time, as options of the command line."""

from __future__ import annotations

import dataclasses

KIB, MIB = 2**10, 2**20


def _limit(default, help_text):
    return dataclasses.field(default=default, metadata={"help": help_text})


@dataclasses.dataclass(frozen=True)
class Limits:
    """The limits of a server: sizes, numbers and seconds, each positive."""

    max_body: int = _limit(32, "Largest request in MiB.")
    max_answer: int = _limit(32, "Largest answer in MiB, estimated before computing.")
    max_rows: int = _limit(4096, "Rows of one request.")
    max_side: int = _limit(
        1024, "Longest side of pictures that a model of any size translates."
    )
    max_requests: int = _limit(128, "Requests of over 4 rows in work; then 503.")
    max_connections: int = _limit(
        512, "Open connections; the oldest idle one is replaced."
    )
    max_header: int = _limit(32, "Largest header of a request in KiB.")
    header_seconds: float = _limit(10.0, "Time for the header of a request.")
    transfer_seconds: float = _limit(60.0, "Time for a body or an answer on the way.")
    silence_seconds: float = _limit(10.0, "Time in which a client moves no byte.")
    drain_seconds: float = _limit(10.0, "Time to finish requests after SIGTERM.")

    def __post_init__(self):
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{option(name)} must be positive. Received: {value}")

    def arguments(self) -> list[str]:
        """Return the arguments of the command line that differ from the defaults."""
        return [
            f"{option(field.name)}={getattr(self, field.name)}"
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        ]


def option(name: str) -> str:
    """Return the option of the command line for a limit."""
    return "--" + name.replace("_", "-")
