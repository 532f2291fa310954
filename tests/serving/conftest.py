"""A server in a process of its own, and the models that it serves."""

import contextlib
import json
import os
import re
import subprocess
import urllib.error
import urllib.request

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan import export
from keras_gan.conditions import ClassLabels
from keras_gan.latents.priors import Normal
from keras_gan.serving import server
from keras_gan.serving.limits import Limits

LATENT_DIM, NUM_CLASSES = 6, 4


def make_generator(num_classes=None):
    keras.utils.set_random_seed(1)
    latents = keras.Input((LATENT_DIM,), name="latents")
    x, inputs = latents, latents
    if num_classes:
        labels = keras.Input((), dtype="int32", name="labels")
        classes = layers.Embedding(num_classes, 3, embeddings_initializer="normal")
        x, inputs = layers.Concatenate()([x, classes(labels) * 30]), [latents, labels]
    x = layers.Reshape((7, 7, 16))(layers.Dense(7 * 7 * 16)(x))
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for filters, activation in ((8, "relu"), (1, "tanh")):
        x = layers.Conv2DTranspose(
            filters, 5, strides=2, padding="same", activation=activation
        )(x)
    return keras.Model(inputs, x * 4, name="tiny")


@contextlib.contextmanager
def running(*paths, **options):
    """A server on a free port; gives its address and its process."""
    options = {"host": "127.0.0.1", "port": 0, "limits": Limits(max_body=1), **options}
    process = subprocess.Popen(
        server.command(paths, **options),
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "1"},  # as users have it
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if match := re.match(r"Serving on (http://\S+)", line):
                break
        else:
            raise RuntimeError("The server did not start:\n" + "".join(lines))
        yield match[1], process
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(20)


@pytest.fixture(scope="session")
def serve():
    return running


@pytest.fixture(scope="session")
def plain():
    return make_generator()


@pytest.fixture(scope="session")
def conditional():
    return make_generator(NUM_CLASSES)


@pytest.fixture(scope="session")
def models(tmp_path_factory, plain, conditional):
    """A folder with three models, one of them in two versions."""
    import half_plus_three

    folder = tmp_path_factory.mktemp("models")
    prior = Normal(LATENT_DIM)
    export.saved_model(plain, folder / "plain", prior=prior)
    for _ in range(2):
        export.saved_model(
            conditional,
            folder / "classes",
            prior=prior,
            condition=ClassLabels(NUM_CLASSES),
        )
    half_plus_three.write(folder / "half_plus_three" / "123")
    return folder


@pytest.fixture(scope="session")
def config(models, tmp_path_factory):
    names = ("plain", "classes", "half_plus_three")
    return export.serving_config(
        [models / name for name in names],
        tmp_path_factory.mktemp("config"),
        {"classes": {"stable": 1, "canary": 2}},
    )


@pytest.fixture(scope="session")
def address(config):
    with running(config) as (address, _):
        yield address


@pytest.fixture(scope="session")
def latents():
    return np.random.default_rng(0).normal(size=(4, LATENT_DIM)).astype("f4")


@pytest.fixture
def call(address):
    def call(method, path, body=None):
        """The status and the JSON of an answer."""
        is_raw = body is None or isinstance(body, bytes)
        data = body if is_raw else json.dumps(body).encode()
        request = urllib.request.Request(address + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, content, headers = answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            with error:
                status, content, headers = error.code, error.read(), error.headers
        assert headers["Content-Type"] == "application/json"
        return status, json.loads(content)

    return call
