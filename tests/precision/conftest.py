"""A processor with the flags that a test gives it, and the time of its steps."""

from pathlib import Path

import pytest

from keras_gan import _processor, backend
from keras_gan.precision import advice, timing


@pytest.fixture
def processor(monkeypatch):
    """A function that replaces the processor, and says which one is slow."""

    def has(flags, cost=None):
        def cpuinfo(*_, **__):
            if flags is None:
                raise FileNotFoundError("/proc/cpuinfo")
            return f"flags : {flags}\n"

        def timed():
            assert cost is not None, "nothing was to be timed"
            return cost

        monkeypatch.setattr(Path, "read_text", cpuinfo)
        monkeypatch.setattr(backend, "accelerator_has_bfloat16", lambda: None)
        monkeypatch.setattr(timing, "bfloat16_cost", timed)
        forget()

    yield has
    monkeypatch.undo()
    forget()


def forget():
    _processor.instructions.cache_clear()
    advice._say.cache_clear()
