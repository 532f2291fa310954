"""Export from JAX and torch by a second process, with Keras on TensorFlow.

Keras takes one backend when it is imported. So the generator goes through a
`.keras` file to a process with TensorFlow, which exports it.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ERRORS = {error.__name__: error for error in (ValueError, OSError, ImportError)}


def is_needed() -> bool:
    """Whether Keras runs on another backend than TensorFlow.

    Raises:
        ImportError: if TensorFlow is not installed.
    """
    import keras

    if importlib.util.find_spec("tensorflow") is None:
        raise ImportError(
            "Exporting needs TensorFlow, whatever backend trained the model, and it "
            'is not installed. Install it: `pip install "keras-gan[cpu]"`.'
        )
    return keras.backend.backend() != "tensorflow"


def run(
    function: str,
    generator,
    path: str | os.PathLike,
    prior=None,
    condition=None,
    directions=None,
    **arguments,
) -> pathlib.Path:
    """Call a function of `keras_gan.export` in a second process.

    Args:
        function: str, the name of the function.
        generator: the `keras.Model`.
        path: where the function writes to.
        prior: from `keras_gan.latents`, or None.
        condition: from `keras_gan.conditions`, or None.
        directions: `keras_gan.latents.Directions`, or None.
        **arguments: the function's other arguments, which JSON can hold.

    Returns:
        The `pathlib.Path` that the function returned.

    Raises:
        ValueError, OSError, ImportError: as raised there.
        RuntimeError: if the process failed in another way.
    """
    import keras

    objects = {"prior": prior, "condition": condition, "directions": directions}
    job = {
        "function": function,
        "path": str(pathlib.Path(path).absolute()),
        "objects": {
            name: keras.saving.serialize_keras_object(value)
            for name, value in objects.items()
            if value is not None
        },
        "modules": sorted(_modules(generator, *objects.values())),
        "sys_path": [str(pathlib.Path(path).absolute()) for path in sys.path],
        "arguments": arguments,
    }
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        generator.save(folder / "generator.keras")
        (folder / "job.json").write_text(json.dumps(job))
        process = run_isolated(
            [__file__, str(folder)],
            folder,
            env={**os.environ, "KERAS_BACKEND": "tensorflow"},
        )
        answer = folder / "answer.json"
        if not answer.exists():
            raise RuntimeError(
                "The process that exports through TensorFlow failed (exit status "
                f"{process.returncode}). Its last messages:\n{process.stderr[-2000:]}"
            )
        answer = json.loads(answer.read_text())
    if "path" in answer:
        return pathlib.Path(answer["path"])
    if "__main__" in job["modules"]:
        answer["message"] += (
            "\nThe generator, its prior or its condition uses classes of the script "
            "itself, which the process that exports cannot import. Put them into a "
            "module."
        )
    raise ERRORS.get(answer["type"], RuntimeError)(answer["message"])


def run_isolated(
    arguments: list[str], folder: pathlib.Path, **options
) -> subprocess.CompletedProcess:
    """Run Python without the current folder, and wait for it.

    A file such as `onnx.py` or `numpy.py` in the folder of a user is not a module of
    the process: it starts in a folder of its own, which is not searched either.

    Args:
        arguments: list of str, the script or module and its arguments.
        folder: where the process runs.
        **options: of `subprocess.run`.
    """
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **options,
    )


def _modules(generator, *objects):
    """Return the modules of the classes that Keras cannot find by itself."""
    layers = [generator, *generator._flatten_layers(), *objects]
    names = {type(layer).__module__ for layer in layers}
    return {n for n in names if n.split(".")[0] not in ("keras", "builtins")}


def _work(folder):
    import keras  # before the package, so that nothing beside it is taken for Keras

    package = str(pathlib.Path(__file__).resolve().parents[2])
    sys.path.insert(0, package)
    from keras_gan import export

    sys.path.remove(package)
    job = json.loads((folder / "job.json").read_text())
    sys.path += job["sys_path"]  # the user's modules, after all that is installed
    for module in job["modules"]:
        if module != "__main__":
            importlib.import_module(module)
    generator = keras.saving.load_model(folder / "generator.keras", compile=False)
    objects = {
        name: keras.saving.deserialize_keras_object(config)
        for name, config in job["objects"].items()
    }
    function = getattr(export, job["function"])
    return function(generator, job["path"], **objects, **job["arguments"])


def main(folder: str):
    """Run the job that a folder describes, and write the answer into the folder."""
    folder = pathlib.Path(folder)
    try:
        answer = {"path": str(_work(folder))}
    except Exception as error:
        answer = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, OSError):
            answer["type"] = "OSError"
    (folder / "answer.json").write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
