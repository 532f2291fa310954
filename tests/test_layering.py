"""The house stands: a room imports only from the floors below its own."""

import ast
import sys
from pathlib import Path

import pytest

import keras_gan
import keras_gan_cli

PACKAGE = Path(keras_gan.__file__).parent
COMMAND_LINE = sorted(Path(keras_gan_cli.__file__).parent.glob("*.py"))

FLOORS = [
    {"arguments", "initializers", "pixels", "schedules", "single_precision", "backend"},
    {
        "layers",
        "losses",
        "priors",
        "augment",
        "guard",
        "ema",
        "latent",
        "plotting",
        "metrics",
        "datasets",
        "checkpoints",
        "export",
        "serving",
        "inputs",
        "networks",
        "precision",
        "scheduled_adam",
    },
    {"architectures", "callbacks", "minibatches", "optimizers", "penalty", "report"},
    {"penalties"},
    {"adversarial"},
    {"measured"},
    {"generative"},
    {"duel"},
    {"gan"},
    {"models"},
    {"presets"},
    {"training"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

MAY_IMPORT_TENSORFLOW = {"backend", "export", "serving", "datasets", "metrics"}

FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"
)


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot stays in the room, as in serving, which loads without Keras.
            assert node.level <= 1, "imports are absolute"
            if node.level == 0:
                names = (f"{node.module}.{alias.name}" for alias in node.names)
                yield from ((name, node) for name in names)


def top_level(tree):
    return {id(node) for node in tree.body}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports(path):
    room = room_of(path)
    tree = ast.parse(path.read_text())
    assert room in FLOOR_OF, f"{room} has no floor yet: give it one in this test"
    for name, node in imported_modules(tree):
        parts = name.split(".")
        assert parts[0] != "keras_gan_cli", f"{path}:{node.lineno}: it lies above"
        if parts[0] == "keras_gan":
            other = parts[1]
            assert other == room or FLOOR_OF[other] < FLOOR_OF[room], (
                f"{path}:{node.lineno}: {room} imports {other}, which is not below it"
            )
            if room == "architectures" and other == room and path.stem != "__init__":
                raise AssertionError(f"{path}: architectures do not import each other")
        if parts[0] == "tensorflow" and room != "backend":
            assert room in MAY_IMPORT_TENSORFLOW, f"{path}:{node.lineno}"
            assert id(node) not in top_level(tree), (
                f"{path}:{node.lineno}: import TensorFlow inside the function"
            )


@pytest.mark.parametrize("path", COMMAND_LINE, ids=lambda p: p.name)
def test_the_command_line_loads_little(path):
    tree = ast.parse(path.read_text())
    above = top_level(tree)
    loaded = {
        n.split(".")[0] for n, node in imported_modules(tree) if id(node) in above
    }
    assert loaded <= {"click", "keras_gan_cli", *sys.stdlib_module_names}


@pytest.mark.parametrize("path", [*FILES, *COMMAND_LINE], ids=str)
def test_files_are_small(path):
    assert len(path.read_text().splitlines()) <= 300
