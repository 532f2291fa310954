"""A server in a thread of the tests, with a model that is a Python function."""

import contextlib
import json
import socket
import threading
import time
import types

import numpy as np

from keras_gan.serving.errors import not_found
from keras_gan.serving.limits import Limits


def signature(function, inputs=None, outputs=None, card=None, picture_shape=None):
    """A `Signature` of a function; `{name: (dtype, shape)}` go in and come out."""
    from tensorflow.core.protobuf import meta_graph_pb2

    from keras_gan.serving.servable import Signature

    definition = meta_graph_pb2.SignatureDef()
    for name, (dtype, shape) in (inputs or {"x": ("float32", [-1])}).items():
        fill(definition.inputs[name], dtype, shape)
    for name, (dtype, shape) in (outputs or {"y": ("float32", [-1, -1])}).items():
        fill(definition.outputs[name], dtype, shape)
    card = {} if card is None else card
    return Signature("toy", definition, function, card, picture_shape)


def fill(info, dtype, shape):
    import tensorflow as tf

    info.dtype = tf.as_dtype(dtype).as_datatype_enum
    for size in shape:
        info.tensor_shape.dim.add(size=size)


class Toy:
    """A model with one signature, in place of `Models`.

    `width` numbers go out for each row; `hold` keeps a call from its end.
    """

    def __init__(self, width=1, card=None):
        self.width = width
        self.calls = []
        self.hold = threading.Event()
        self.hold.set()
        self.sources = {"toy": types.SimpleNamespace(path="toys")}
        self.loaded = {"toy": {}}
        outputs = {"y": ("float32", [-1, width])}
        self.signatures = {"serving_default": signature(self.call, None, outputs, card)}
        self.card, self.definitions = {}, {}

    def call(self, x):
        import tensorflow as tf

        self.calls.append(len(x))
        self.hold.wait(20)
        return {"y": tf.repeat(x[:, None] / 3, self.width, 1)}

    def get(self, name, version=None, label=None):
        if name != "toy":
            raise not_found(f"Servable not found for request: Latest({name})")
        return 1, self

    def signature(self, name):
        return self.signatures[name or "serving_default"]

    def watch(self):
        pass

    stop = watch


class Running:
    """A server on a free port, and raw connections to it."""

    def __init__(self, models, limits, **options):
        import uvicorn

        from keras_gan.serving import server

        self.models = models
        listener = server.listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        limits = Limits(**limits)
        config = server.configure(models, limits, **options)
        self.connections = config.http.__self__
        self.server = uvicorn.Server(config)
        arguments = {"sockets": [listener]}
        self.thread = threading.Thread(target=self.server.run, kwargs=arguments)
        self.thread.start()
        wait_until(lambda: self.server.started)

    def connect(self, data=b""):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(data)
        return connection

    def ask(self, data):
        """The status, the headers and the JSON of the answer to raw bytes."""
        with self.connect(data) as connection:
            return read(connection)

    def predict(self, num_rows, **headers):
        return self.ask(request(rows(num_rows), **headers))

    def stop(self):
        """Stop it, and return the seconds that it took."""
        start = time.monotonic()
        self.server.should_exit = True
        self.thread.join(20)
        return time.monotonic() - start


@contextlib.contextmanager
def running(models=None, options=None, **limits):
    server = Running(models or Toy(), limits, **(options or {}))
    try:
        yield server
    finally:
        server.models.hold.set()
        server.stop()


def rows(num_rows):
    return json.dumps({"instances": np.arange(num_rows).tolist()}).encode()


def head(length=None, path="/v1/models/toy:predict", method="POST", **headers):
    headers = {"Host": "localhost", **headers}
    if length is not None:
        headers["Content-Length"] = length
    lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "\r\n"]).encode()


def request(body, **options):
    return head(len(body), **options) + body


def read(connection):
    """The status, the headers and the content of one answer; None if there is none."""
    file = connection.makefile("rb")
    try:
        start = file.readline()
        if not start:
            return None
        headers = {}
        while (line := file.readline().strip()) and b":" in line:
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        content = file.read(int(headers["content-length"]))
    except ConnectionError:
        return None
    assert headers["content-type"] == "application/json"
    return int(start.split()[1]), headers, json.loads(content)


def wait_until(condition, seconds=20):
    """Wait by counting looks, for a machine may stand still while the clock goes on."""
    for _ in range(200 * seconds):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError(f"not within {seconds} s")
