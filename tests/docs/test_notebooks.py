"""Both notebooks run from top to bottom, with tiny settings, and hold no outputs."""

import os
import subprocess
import sys

import pages
import pytest

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


run_once = pytest.mark.backends("torch", reason="no backend code: run once")


@run_once
def test_there_are_two():
    assert [path.stem for path in NOTEBOOKS] == ["first_gan", "trained_to_served"]


@run_once
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_light(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert path.stat().st_size < 20_000
    for cell in cells(notebook, "code"):
        assert not cell.outputs, "run `jupyter nbconvert --clear-output --inplace`"
        assert cell.execution_count is None


@run_once
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_settings_are_read_from_the_environment(path):
    (settings, *_) = cells(read(path), "code")
    assert all(name in settings.source for name in QUICK)


@run_once
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links(path):
    for cell in cells(read(path), "markdown"):
        for link in pages.LINK.findall(cell.source):
            assert link.startswith("https") or (path.parent / link).exists(), link


BACKENDS = {"first_gan": "torch", "trained_to_served": "tensorflow"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=path.stem,
            marks=pytest.mark.backends(
                BACKENDS[path.stem], reason="one of them exports, the other does not"
            ),
        )
        for path in NOTEBOOKS
    ],
)
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
