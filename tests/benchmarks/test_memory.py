"""A long run does not grow: the benchmark's short form, and its arithmetic."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "memory.py"


@pytest.fixture(scope="module")
def memory():
    spec = importlib.util.spec_from_file_location("memory", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_growth_after_the_warm_up(memory):
    assert memory.growth([50.0] + [100.0] * 9) == 0.0
    assert memory.growth([100.0, 100.0, *range(100, 180, 10)]) == pytest.approx(0.7)


@pytest.mark.slow
@pytest.mark.backends("tensorflow", reason="a long run: once is enough")
def test_a_run_with_metrics_and_callbacks_does_not_grow(memory):
    command = [sys.executable, str(SCRIPT), "--here", "--epochs", "20"]
    found = subprocess.run(
        [*command, "--steps-per-epoch", "20"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    mib = json.loads(found.stdout.splitlines()[-1])
    assert len(mib) == 20
    assert memory.growth(mib) < memory.LIMIT
