"""Addresses of repositories on the hub."""

import re
from dataclasses import dataclass
from typing import Any

SCHEME = "hf://"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_ADDRESS = re.compile(rf"{SCHEME}({_PART}/{_PART})(?:@([^@\s]+))?")


@dataclass(frozen=True)
class Address:
    """A repository of models on the hub, and a revision of it.

    Args:
        repository: str, `"user/name"`.
        revision: str, a branch, a tag or a commit; None for the newest.
    """

    repository: str
    revision: str | None = None

    def __str__(self) -> str:
        revision = "" if self.revision is None else f"@{self.revision}"
        return f"{SCHEME}{self.repository}{revision}"


def is_address(value: Any) -> bool:
    """Return whether something is meant as an address on the hub.

    Args:
        value: anything that names a model.
    """
    return isinstance(value, str) and value.startswith(SCHEME)


def parse(address: str) -> Address:
    """Read an address.

    Args:
        address: str, `"hf://user/name"`, or `"hf://user/name@revision"`.

    Returns:
        The `Address`.

    Raises:
        ValueError: if it is none.

    Example:

    ```python
    keras_gan.hub.parse("hf://ada/digits@v2").revision  # "v2"
    ```
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(
            f"An address on the hub reads {SCHEME}USER/NAME, or {SCHEME}USER/NAME@"
            "REVISION, of letters, digits, '-', '_' and '.'. Received: "
            f"{address!r}"
        )
    return Address(*found.groups())
