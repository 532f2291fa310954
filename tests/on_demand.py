"""Modules that take seconds to import, imported where a test uses them.

A file whose tests are all left out on a backend need not wait for them there.
"""

import pytest


class OnDemand:
    """Stands for a module; a test that uses it is skipped where it is not installed."""

    def __init__(self, name):
        self.name = name

    def __getattr__(self, attribute):
        if attribute.startswith("_"):  # pytest looks for fixtures in all that it finds
            raise AttributeError(attribute)
        module = pytest.importorskip(self.name, reason=f"{self.name} is not installed")
        return getattr(module, attribute)


tensorflow = OnDemand("tensorflow")
