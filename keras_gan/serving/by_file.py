"""Modules of the library that need no Keras, loaded by their files.

The package around them imports Keras, which a server does without.
"""

from __future__ import annotations

import functools
import importlib
import pathlib
import sys
import types


@functools.cache
def module(package: str, name: str) -> types.ModuleType:
    """Return a module of a package of the library, without the package.

    Args:
        package: str, such as `"tables"`.
        name: str, a module in it that imports only modules beside it, relatively.
    """
    alone = f"keras_gan_{package}"
    if alone not in sys.modules:
        made = types.ModuleType(alone)
        made.__path__ = [str(pathlib.Path(__file__).parents[1] / package)]
        sys.modules[alone] = made
    return importlib.import_module(f"{alone}.{name}")
