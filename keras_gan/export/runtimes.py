"""Generators as single files for other runtimes: ONNX, LiteRT, OpenVINO.

A converter may report success and still write a wrong file. So each file is loaded
in its runtime and its images are compared, before the file is put in its place.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
from pathlib import Path

import numpy as np

from keras_gan.conditions import Condition
from keras_gan.export import signatures, worker
from keras_gan.export.writing import check_generator
from keras_gan.files import naming_errors, new_folder
from keras_gan.paths import expand


def onnx(
    generator,
    path: str | os.PathLike,
    overwrite: bool = False,
    prior=None,
    condition: Condition | None = None,
) -> Path:
    """Write a generator as ONNX, for onnxruntime and similar runtimes.

    The file takes what `serving_default` of a SavedModel takes. Its output is
    `images`; where images go in, it is `translated`.

    Args:
        generator: a built `keras.Model` from latents, or `[latents, condition]`, or
            images, to images.
        path: the file, `NAME.onnx`.
        overwrite: whether an existing file may be replaced.
        prior: from `keras_gan.latents`, where the generator does not tell the
            size of its latents.
        condition: from `keras_gan.conditions`, where the generator is conditional.

    Returns:
        The `pathlib.Path` of the file.

    Raises:
        ValueError: if the file exists or has another suffix, or the generator is
            not built.
        ImportError: if a package is missing.
        RuntimeError: if the file cannot be made or gives other images.

    Example:

    ```python
    import onnxruntime

    keras_gan.export.onnx(generator, "fashion.onnx")
    session = onnxruntime.InferenceSession("fashion.onnx")
    images = session.run(["images"], {"latents": np.asarray(latents)})
    ```
    """
    return _write("onnx", **locals())


def litert(
    generator,
    path: str | os.PathLike,
    overwrite: bool = False,
    prior=None,
    condition: Condition | None = None,
) -> Path:
    """Write a generator as a LiteRT (TensorFlow Lite) file, for phones.

    Arguments, result and errors are those of `onnx`; the file is `NAME.tflite`.

    Example:

    ```python
    from ai_edge_litert.interpreter import Interpreter

    keras_gan.export.litert(generator, "fashion.tflite")
    run = Interpreter("fashion.tflite").get_signature_runner()
    images = run(latents=np.asarray(latents[:1]))["images"]
    ```
    """
    return _write("litert", **locals())


def openvino(
    generator,
    path: str | os.PathLike,
    overwrite: bool = False,
    prior=None,
    condition: Condition | None = None,
) -> Path:
    """Write a generator for OpenVINO, in float32.

    Arguments, result and errors are those of `onnx`; the file is `NAME.xml`, and
    the weights lie beside it in `NAME.bin`.

    OpenVINO computes in bfloat16 where the processor can. Pass
    `{"INFERENCE_PRECISION_HINT": "f32"}` for the images that Keras makes.

    Example:

    ```python
    import openvino

    keras_gan.export.openvino(generator, "fashion.xml")
    hint = {"INFERENCE_PRECISION_HINT": "f32"}
    model = openvino.Core().compile_model("fashion.xml", "CPU", hint)
    images = model({"latents": np.asarray(latents)})["images"]
    ```
    """
    return _write("openvino", **locals())


class ONNX:
    """ONNX by tf2onnx, in a second process, as it changes TensorFlow's state."""

    suffixes = (".onnx",)
    packages = ("tf2onnx", "onnxruntime")

    @staticmethod
    def convert(folder: Path, path: Path):
        command = ["-m", "tf2onnx.convert", "--tag", "serve"]
        command += ["--signature_def", "serving_default"]
        command += ["--saved-model", str(folder), "--output", str(path)]
        process = worker.run_isolated(command, folder)
        if not path.exists():
            raise RuntimeError(f"tf2onnx failed:\n{process.stderr[-2000:]}")

    @staticmethod
    def run(path: Path, inputs: dict) -> np.ndarray:
        import onnxruntime

        providers = ["CPUExecutionProvider"]
        session = onnxruntime.InferenceSession(str(path), providers=providers)
        return session.run(None, inputs)[0]


class LiteRT:
    """LiteRT by TensorFlow's own converter."""

    suffixes = (".tflite",)
    packages = ("ai_edge_litert",)

    @staticmethod
    def convert(folder: Path, path: Path):
        import tensorflow as tf

        converter = tf.lite.TFLiteConverter.from_saved_model(
            str(folder), signature_keys=["serving_default"]
        )
        path.write_bytes(converter.convert())

    @staticmethod
    def run(path: Path, inputs: dict) -> np.ndarray:
        from ai_edge_litert.interpreter import Interpreter

        run = Interpreter(str(path)).get_signature_runner("serving_default")
        (images,) = run(**inputs).values()
        return images


class OpenVINO:
    """OpenVINO by its own reader of SavedModels."""

    suffixes = (".bin", ".xml")  # the second file names the first
    packages = ("openvino",)

    @staticmethod
    def convert(folder: Path, path: Path):
        import openvino

        model = openvino.Core().read_model(folder)
        openvino.save_model(model, path, compress_to_fp16=False)

    @staticmethod
    def run(path: Path, inputs: dict) -> np.ndarray:
        import openvino

        hint = {"INFERENCE_PRECISION_HINT": "f32"}
        return openvino.Core().compile_model(path, "CPU", hint)(inputs)[0]


RUNTIMES = {"onnx": ONNX, "litert": LiteRT, "openvino": OpenVINO}


def _write(name, generator, path, overwrite, prior, condition):
    runtime, path = RUNTIMES[name], expand(path)
    check_generator(generator, prior, condition)
    _check_file(path, runtime.suffixes[-1], overwrite)
    for package in runtime.packages:
        _check_package(package, name)
    if worker.is_needed():
        return worker.run(
            name,
            generator,
            path,
            prior=prior,
            overwrite=overwrite,
            condition=condition,
        )
    import tensorflow as tf

    _check_draws_nothing(name, generator, prior, condition)
    with _draft_folder(path) as folder:
        module, functions = signatures.build(generator, prior, condition)
        default = _with_other_name(functions["serving_default"])
        tf.saved_model.save(module, f"{folder}/model", {"serving_default": default})
        draft = folder / path.name
        runtime.convert(folder / "model", draft)
        _compare(name, default, runtime, draft, condition)
        for suffix in runtime.suffixes:
            os.replace(draft.with_suffix(suffix), path.with_suffix(suffix))
    return path


def _with_other_name(function):
    """Name the output of a translator anew, for no file has two tensors of one name."""
    import tensorflow as tf

    _, specs = function.structured_input_signature
    if "images" not in specs:
        return function

    def translate(**inputs):
        return {"translated": function(**inputs)["images"]}

    return tf.function(translate, autograph=False).get_concrete_function(**specs)


def _compare(name, function, runtime, path, condition):
    import tensorflow as tf

    _, specs = function.structured_input_signature
    inputs = {key: _example(spec, condition) for key, spec in specs.items()}
    tensors = {key: tf.constant(value) for key, value in inputs.items()}
    (expected,) = (value.numpy() for value in function(**tensors).values())
    images = runtime.run(path, inputs)
    error = np.abs(images - expected).max()
    if images.shape != expected.shape or not error < 1e-3:
        raise RuntimeError(
            f"The {name} file does not make the generator's images: they differ by "
            f"up to {error:.2g}. Nothing was written."
        )


def _example(spec, condition):
    """Return random values of an input; labels are those of the condition."""
    random = np.random.default_rng(0)
    shape = [3, *(size or 64 for size in spec.shape[1:])]
    if spec.dtype.is_integer:
        num_classes = getattr(condition, "num_classes", 1)
        return random.integers(0, num_classes, shape).astype("int32")
    return np.clip(random.normal(size=shape), -1, 1).astype("float32")


def _check_draws_nothing(name, generator, prior, condition):
    specs = signatures.input_specs(generator, prior, condition)
    if signatures.random_states(generator, specs):
        raise ValueError(
            f"Layers of the generator {generator.name!r} draw noise, which the format "
            f"{name!r} has no operations for. Export a SavedModel, which makes the "
            'noise from the seed of each picture: `format="saved_model"`.'
        )


def _check_file(path, suffix, overwrite):
    if path.suffix != suffix:
        raise ValueError(f"The file's name must end in {suffix!r}. Received: {path}")
    if path.exists() and not overwrite:
        raise ValueError(f"{path} exists. Pass `overwrite=True` to replace it.")


def _check_package(package, extra):
    if importlib.util.find_spec(package) is None:
        raise ImportError(
            f"Writing this format needs the package {package!r}. Install it: "
            f'`pip install "keras-gan[{extra}]"`.'
        )


@contextlib.contextmanager
def _draft_folder(path):
    with (
        naming_errors(path),
        new_folder(path.parent),
        tempfile.TemporaryDirectory(prefix=".export_", dir=path.parent) as name,
    ):
        yield Path(name).absolute()
