"""What the processor can do, as the system tells it."""

import functools
from pathlib import Path


@functools.cache
def instructions() -> frozenset[str] | None:
    """Return the sets of instructions of this processor, by the names of Linux.

    Returns:
        A frozenset such as `{"avx2", "fma", ...}`, or None where the system does not
        say: only Linux does.
    """
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return None
    return frozenset(text.split())
