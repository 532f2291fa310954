"""The benchmark of kept memory: what its processes are told, and its table."""

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

pytestmark = pytest.mark.backends("torch", reason="a benchmark: run once")

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def kept_memory(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("kept_memory")


def test_both_settings_alternate(kept_memory, monkeypatch):
    asked = []

    def run(command, env, **_):
        value = env["KERAS_GAN_KEEP_MEMORY"]
        assert "MALLOC_MMAP_MAX_" not in env  # it would decide instead
        asked.append((value, command[2:]))
        ms = 100 + 10 * len(asked) if value == "0" else 60
        found = {"ms": ms, "system": 0.4 * (value == "0"), "memory": 1234.4}
        return SimpleNamespace(stdout=f"noise\n{json.dumps(found)}\n")

    monkeypatch.setenv("MALLOC_MMAP_MAX_", "0")
    monkeypatch.setattr(kept_memory.subprocess, "run", run)
    options = ["--preset", "mlp_mnist", "--batch-size", "8"]
    result = CliRunner().invoke(kept_memory.main, options, catch_exceptions=False)
    assert [value for value, _ in asked] == ["0", "1"] * 3
    expected = ["--alone", "--preset", "mlp_mnist", "--num-steps", "20"]
    assert all(rest == [*expected, "--batch-size", "8"] for _, rest in asked)
    # 110, 130 and 150 ms against 60.
    row = "| `mlp_mnist` | 130 | 60 | 0.46 (0.40 to 0.55) | 40% | 0% | 1,234 | 1,234 |"
    assert row in result.output


def test_one_round(kept_memory):
    options = ["--alone", "--preset", "dcgan_fashion_mnist", "--num-steps", "2"]
    options += ["--batch-size", "4"]
    result = CliRunner().invoke(kept_memory.main, options, catch_exceptions=False)
    found = json.loads(result.output.splitlines()[-1])
    assert found["ms"] > 0.1
    assert 0 <= found["system"] <= 1
    assert found["memory"] > 50  # with Keras in it
