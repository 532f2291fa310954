"""What a training step frees stays with the process, for the next step.

The allocator of glibc, the C library of most Linuxes, gives a large block back to the
system as soon as it is free. The next operation asks for it again, and the system
clears every page of it first. A step of convolutions on a processor moves gigabytes in
this way, which can take as long as the convolutions (docs/performance.md). So this
package asks glibc to keep what is freed, when the first model is compiled.
"""

import ctypes
import functools
import os

VARIABLE = "KERAS_GAN_KEEP_MEMORY"
# Who sets one of these has decided what glibc does.
OF_GLIBC = (
    "MALLOC_MMAP_MAX_",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
)
# The names of <malloc.h>.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4


@functools.cache
def keep_freed_memory() -> bool:
    """Let glibc keep freed memory for this process, which only asks once.

    The environment variable KERAS_GAN_KEEP_MEMORY=0 leaves the allocator as it is, and
    so do the variables by which glibc is set.

    Returns:
        Whether freed memory is kept. False where there is no glibc, too.

    Raises:
        ValueError: if KERAS_GAN_KEEP_MEMORY is neither 0 nor 1.
    """
    if not _is_wanted() or not _is_glibc():
        return False
    mallopt = ctypes.CDLL(None).mallopt
    # Nothing is cut off the heap, and every block lies on it.
    return mallopt(M_TRIM_THRESHOLD, -1) == 1 and mallopt(M_MMAP_MAX, 0) == 1


def _is_wanted():
    value = os.environ.get(VARIABLE, "1")
    if value not in ("0", "1"):
        raise ValueError(
            f"The environment variable {VARIABLE} must be 1, to keep what a training "
            f"step frees, or 0, to leave the allocator as it is. Received: {value!r}"
        )
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    is_set = "glibc.malloc" in tunables or any(name in os.environ for name in OF_GLIBC)
    return value == "1" and not is_set


def _is_glibc():
    try:
        return os.confstr("CS_GNU_LIBC_VERSION").startswith("glibc")
    except (AttributeError, ValueError, OSError):
        return False
