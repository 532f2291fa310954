"""The same latents give equal images wherever the generator is loaded.

REST and gRPC are in tests/serving/test_client.py.
"""

import pathlib
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers
from on_demand import tensorflow as tf

from keras_gan import export
from keras_gan.conditions import ClassLabels
from keras_gan.export import runtimes
from keras_gan.latents.priors import Normal

pytestmark = pytest.mark.backends("tensorflow", reason="a TensorFlow format")


@pytest.fixture(scope="module")
def generator():
    keras.utils.set_random_seed(3)
    latents = keras.Input((6,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    x = layers.Concatenate()([latents, layers.Embedding(4, 3)(labels)])
    x = layers.Reshape((4, 4, 8))(layers.Dense(4 * 4 * 8)(x))
    x = layers.LeakyReLU(0.2)(layers.BatchNormalization()(x))
    x = layers.UpSampling2D(interpolation="bilinear")(x)
    x = layers.Conv2DTranspose(3, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model([latents, labels], x, name="tiny")


@pytest.fixture(scope="module")
def inputs():
    latents = np.random.default_rng(0).normal(size=(5, 6)).astype("f4")
    return {"latents": latents, "labels": np.array([0, 3, 1, 2, 3], "i4")}


@pytest.fixture(scope="module")
def expected(generator, inputs):
    return generator(list(inputs.values()), training=False).numpy()


@pytest.fixture(scope="module")
def exported(generator, tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "tiny"
    return export.saved_model(
        generator, path, prior=Normal(6), condition=ClassLabels(4)
    )


def test_saved_model_cli(exported, inputs, expected, tmp_path):
    command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli", "run"]
    command += ["--dir", exported, "--tag_set", "serve", "--outdir", tmp_path]
    command += ["--signature_def", "serving_default", "--inputs"]
    for name, value in inputs.items():
        np.save(tmp_path / name, value)
    command += [";".join(f"{name}={tmp_path / name}.npy" for name in inputs)]
    subprocess.run(command, check=True, capture_output=True)
    np.testing.assert_allclose(np.load(tmp_path / "images.npy"), expected, atol=1e-5)


PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tensorflow/c/c_api.h>

static TF_Output find(TF_Graph* graph, const char* name) {
  char operation[256];
  strcpy(operation, name);
  char* colon = strchr(operation, ':');
  int index = atoi(colon + 1);
  *colon = 0;
  return (TF_Output){TF_GraphOperationByName(graph, operation), index};
}

static TF_Tensor* read_tensor(TF_DataType type, int64_t* shape, int rank) {
  size_t bytes = TF_DataTypeSize(type);
  for (int i = 0; i < rank; i++) bytes *= shape[i];
  TF_Tensor* tensor = TF_AllocateTensor(type, shape, rank, bytes);
  if (fread(TF_TensorData(tensor), 1, bytes, stdin) != bytes) exit(2);
  return tensor;
}

int main(int argc, char** argv) {  /* folder latents labels images */
  TF_Status* status = TF_NewStatus();
  TF_Graph* graph = TF_NewGraph();
  const char* tags[] = {"serve"};
  TF_Session* session = TF_LoadSessionFromSavedModel(
      TF_NewSessionOptions(), NULL, argv[1], tags, 1, graph, NULL, status);
  if (TF_GetCode(status)) return fprintf(stderr, "%s\n", TF_Message(status)), 1;
  TF_Output taken[] = {find(graph, argv[2]), find(graph, argv[3])};
  TF_Output made = find(graph, argv[4]);
  TF_Tensor* values[] = {read_tensor(TF_FLOAT, (int64_t[]){5, 6}, 2),
                         read_tensor(TF_INT32, (int64_t[]){5}, 1)};
  TF_Tensor* images = NULL;
  TF_SessionRun(session, NULL, taken, values, 2, &made, &images, 1, NULL, 0, NULL,
                status);
  if (TF_GetCode(status)) return fprintf(stderr, "%s\n", TF_Message(status)), 1;
  fwrite(TF_TensorData(images), 1, TF_TensorByteSize(images), stdout);
  return 0;
}
"""


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs a C compiler: gcc")
def test_a_program_in_c(exported, inputs, expected, tmp_path):
    from tensorflow.core.protobuf import saved_model_pb2

    home = pathlib.Path(tf.sysconfig.get_lib())
    if not (home / "libtensorflow_cc.so.2").exists():
        pytest.skip("this TensorFlow ships no libtensorflow_cc.so.2")
    (tmp_path / "program.c").write_text(PROGRAM)
    command = ["gcc", "-O1", tmp_path / "program.c", "-o", tmp_path / "program"]
    command += [f"-I{home}/include", f"-L{home}", f"-Wl,-rpath,{home}"]
    command += ["-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"]
    subprocess.run(command, check=True)
    proto = saved_model_pb2.SavedModel()
    proto.ParseFromString((exported / "saved_model.pb").read_bytes())
    definition = proto.meta_graphs[0].signature_def["serving_default"]
    names = [definition.inputs[name].name for name in inputs]
    names += [definition.outputs["images"].name]
    process = subprocess.run(
        [tmp_path / "program", exported, *names],
        input=b"".join(value.tobytes() for value in inputs.values()),
        check=True,
        capture_output=True,
    )
    images = np.frombuffer(process.stdout, "f4").reshape(expected.shape)
    np.testing.assert_allclose(images, expected, atol=1e-5)


FILES = {"onnx": "tiny.onnx", "litert": "tiny.tflite", "openvino": "tiny.xml"}


@pytest.mark.parametrize("name", FILES)
def test_other_runtimes(name, generator, inputs, expected, tmp_path):
    for package in runtimes.RUNTIMES[name].packages:
        pytest.importorskip(package)
    write, path = getattr(export, name), tmp_path / "deep" / FILES[name]
    assert write(generator, path, condition=ClassLabels(4)) == path
    images = runtimes.RUNTIMES[name].run(path, inputs)
    np.testing.assert_allclose(images, expected, atol=1e-5)
    left = {p.suffix for p in path.parent.iterdir()}
    assert left == set(runtimes.RUNTIMES[name].suffixes)
    with pytest.raises(ValueError, match=r"exists. Pass `overwrite=True`"):
        write(generator, path)


def test_openvino_loads_the_saved_model_itself(exported, inputs, expected):
    openvino = pytest.importorskip("openvino")
    hint = {"INFERENCE_PRECISION_HINT": "f32"}
    model = openvino.Core().compile_model(exported, "CPU", hint)
    np.testing.assert_allclose(model(inputs)["images"], expected, atol=1e-5)


def test_a_file_that_gives_other_images_is_not_written(
    generator, tmp_path, monkeypatch
):
    class Liar:
        suffixes = (".onnx",)
        packages = ()

        def convert(folder, path):
            path.write_text("converted successfully")

        def run(path, inputs):
            return np.zeros((3, 16, 16, 3), "f4")

    monkeypatch.setitem(runtimes.RUNTIMES, "onnx", Liar)
    with pytest.raises(RuntimeError, match="does not make the generator's images"):
        export.onnx(generator, tmp_path / "x.onnx", condition=ClassLabels(4))
    assert list(tmp_path.iterdir()) == []


def test_bad_input_is_explained(generator, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"must end in '.onnx'"):
        export.onnx(generator, tmp_path / "x")
    with pytest.raises(ValueError, match="is not built"):
        export.litert(keras.Sequential([layers.Dense(3)]), tmp_path / "x.tflite")
    monkeypatch.setattr(runtimes.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r'pip install "keras-gan\[openvino\]"'):
        export.openvino(generator, tmp_path / "x.xml")
