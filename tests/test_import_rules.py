"""The import rules of pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder):
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_rules_are_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.fixture
def copy(tmp_path):
    """The names of all modules, in files that import nothing."""
    for path in [*ROOT.glob("keras_gan/**/*.py"), *ROOT.glob("keras_gan_cli/*.py")]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    rules = (ROOT / "pyproject.toml").read_text()
    rules = rules[rules.index("[tool.importlinter]") :]
    (tmp_path / "pyproject.toml").write_text(
        rules.replace(
            "ignore_imports =",
            'unmatched_ignore_imports_alerting = "none"\nignore_imports =',
        )
    )
    (tmp_path / "keras_gan" / "backend" / "tensorflow.py").write_text(
        "import keras, tensorflow\n"
    )
    return tmp_path


@pytest.mark.backends("torch", reason="no backend code: run once")
@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("keras_gan/losses.py", "from keras_gan import models", "layers below"),
        ("keras_gan/plotting/grid.py", "import keras_gan.metrics", "layers below"),
        ("keras_gan/new.py", "", "layers below"),
        ("keras_gan/runs/run.py", "import keras_gan_cli.train", "command line"),
        ("keras_gan/models/gan.py", "import tensorflow", "import TensorFlow"),
        ("keras_gan/serving/client.py", "import keras", "load without Keras"),
        ("keras_gan/serving/app.py", "import keras_gan.files", "load without Keras"),
    ],
)
def test_a_broken_rule_is_named(copy, module, line, broken):
    (copy / module).write_text(f"def late():\n    {line or 'pass'}\n")
    result = lint(copy)
    assert result.returncode == 1
    (rule,) = (each for each in result.stdout.splitlines() if " BROKEN" in each)
    assert broken in rule


def test_a_cycle_is_found(copy):
    (copy / "keras_gan/runs/log.py").write_text("import keras_gan.runs.run\n")
    (copy / "keras_gan/runs/run.py").write_text("import keras_gan.runs.log\n")
    result = lint(copy)
    assert "There are no import cycles BROKEN" in result.stdout
