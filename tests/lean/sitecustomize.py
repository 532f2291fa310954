"""Spare a process that a test starts what Keras imports for uses that it has not.

Python runs this file at the start of every process that finds it on its path; the
fixture `lean_processes` of tests/conftest.py puts it there. Keras and TensorFlow try
some libraries and do without them where they are missing, which is a third of what
their import takes. They miss them here, and everything else finds them. To look for
garbage among what is imported is a seventh of the rest.
"""

import gc
import os
import sys

gc.set_threshold(2_000_000, 10, 10)

# Which part of Keras or TensorFlow tries what.
NOT_FOR = {
    "jax": ("keras.src.callbacks.", "tensorflow.lite."),
    "matplotlib": "keras.src.visualization.",
    "pandas": "keras.src.trainers.",
    "sklearn": "keras.src.wrappers.",
}
if os.environ.get("KERAS_BACKEND") in ("jax", "torch"):  # where it is seeded too
    NOT_FOR["tensorflow"] = "keras.src.utils.module_utils"


def importer():
    """The name of the module whose import statement is being run."""
    frame = sys._getframe(2)
    while "importlib" in (name := frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    return name


class Missing:
    """Says of a library that it is missing, to a part that only tries it."""

    def find_spec(name, path=None, target=None):
        if name in NOT_FOR and importer().startswith(NOT_FOR[name]):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing)
if os.environ.get("KERAS_BACKEND") == "jax":
    import jax_flags  # noqa: F401, of tests that are run on another backend
