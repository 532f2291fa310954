"""Both notebooks run from top to bottom, with tiny settings, and hold no outputs."""

import os
import subprocess
import sys

import keras
import pages
import pytest

pytestmark = pytest.mark.backends(
    "tensorflow", reason="some of them export: TensorFlow only"
)

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

NOTEBOOKS = sorted((pages.ROOT / "notebooks").glob("*.ipynb"))
EXECUTE = "from nbclient.cli import main; main()"  # `jupyter execute`, by this Python
QUICK = {"NOTEBOOK_EPOCHS": "1", "NOTEBOOK_STEPS_PER_EPOCH": "2", "NOTEBOOK_WIDTH": "4"}


def read(path):
    return nbformat.read(path, as_version=4)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["first_gan", "trained_to_served"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_light(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert path.stat().st_size < 20_000
    for cell in cells(notebook, "code"):
        assert not cell.outputs, "run `jupyter nbconvert --clear-output --inplace`"
        assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_settings_are_read_from_the_environment(path):
    (settings, *_) = cells(read(path), "code")
    assert all(name in settings.source for name in QUICK)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links(path):
    for cell in cells(read(path), "markdown"):
        for link in pages.LINK.findall(cell.source):
            assert link.startswith("https") or (path.parent / link).exists(), link


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="one of them exports"
)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, "--inplace", "--kernel_name=python3", copy],
        env={**os.environ, **QUICK},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    notebook = read(copy)
    code = cells(notebook, "code")
    assert all(cell.execution_count for cell in code)
    shown = [out for cell in code for out in cell.outputs if "image/png" in str(out)]
    assert len(shown) >= 3, "pictures are shown"
