"""The settings of a run as a file, and back."""

import datetime
import importlib.metadata
import json
import platform
from pathlib import Path

import keras

from keras_gan.plotting.files import replacing
from keras_gan.runs import devices


def write(path, facts):
    """Write facts as JSON that is seen whole or not at all."""
    with replacing(path) as beside:
        beside.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def read(path):
    """The facts of a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def circumstances():
    """Versions, machine and time, to be noted with every run."""
    backend = keras.backend.backend()
    packages = {"keras-gan": "keras-gan", "keras": "keras", "numpy": "numpy"}
    packages[backend] = backend
    versions = {name: _version(package) for name, package in packages.items()}
    return {
        "versions": {**versions, "python": platform.python_version()},
        "backend": backend,
        "machine": devices.machine(),
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def _version(package):
    # TensorFlow comes in wheels of several names.
    for name in (package, f"{package}-cpu", f"{package}-gpu"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return "unknown"
