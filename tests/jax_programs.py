"""Let JAX compile a program once in a run of the tests: many train the same networks.

The folder is shared by the workers and by the processes that tests start.
"""

import os

import jax
from jax._src.lru_cache import LRUCache
from numpy_weights import draw_weights_by_numpy

FOLDER = "KERAS_GAN_TEST_PROGRAMS"  # the name of a variable, which conftest.py sets


def put(cache, key, program):
    """Write a program whole or not at all: others read it, and tests kill processes."""
    path = cache.path / f"{key}-cache"
    if not path.exists():
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(program)
        partial.replace(path)


def compile_once():
    """Keep programs in the folder, and draw weights without one for each shape.

    Returns:
        A function that undoes the second.
    """
    LRUCache.put = put
    jax.config.update("jax_compilation_cache_dir", os.environ[FOLDER])
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    return draw_weights_by_numpy()
