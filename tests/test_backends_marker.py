"""The marker `backends` leaves tests out on other backends, and says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="it starts another one itself")

TESTS = """
import pytest

def test_on_all():
    pass

@pytest.mark.backends("jax", "torch", reason="here")
def test_here():
    pass

@pytest.mark.backends("tensorflow", reason="not here")
@pytest.mark.parametrize("number", [1, 2])
def test_elsewhere(number):
    raise AssertionError("it ran")
"""


def run(folder, tests):
    here = Path(__file__).parent
    for path in here.glob("*.py"):  # conftest.py, and what it imports
        if not path.name.startswith("test_"):
            shutil.copy(path, folder)
    shutil.copytree(here / "lean", folder / "lean")
    (folder / "test_some.py").write_text(tests)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", folder],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_left_out_is_counted(tmp_path):
    done = run(tmp_path, TESTS)
    assert done.returncode == 0, done.stdout
    assert "2 passed, 2 skipped" in done.stdout
    assert "2 tests left out on jax" in done.stdout
    assert "2 not here" in done.stdout


def test_a_wrong_marker_is_an_error(tmp_path):
    test = "import pytest\n@pytest.mark.backends('jax')\ndef test(): pass\n"
    done = run(tmp_path, test)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "with one or several of ['jax', 'tensorflow', 'torch']" in done.stderr


@pytest.mark.parametrize(
    "marker",
    [
        pytest.mark.backends("jaxx", reason="a typing error"),
        pytest.mark.backends("jax"),
        pytest.mark.backends(reason="none"),
    ],
    ids=["a typing error", "no reason", "no backend"],
)
def test_what_is_wrong_with_a_marker(marker, request):
    path = str(Path(__file__).with_name("conftest.py"))
    conftest = request.config.pluginmanager.get_plugin(path)
    with pytest.raises(pytest.UsageError, match="one or several of .* and a reason"):
        conftest.backends_of(marker.mark)
