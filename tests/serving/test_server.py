"""The server's life: what it loads, what it survives, what it refuses."""

import asyncio
import base64
import http.client
import json
import pathlib
import random
import socket
import subprocess
import sys
import time
import urllib.parse

import numpy as np
import pytest

from keras_gan import export
from keras_gan.priors import Normal
from keras_gan.serving import Client, ServingError, server
from keras_gan.serving.batching import Batcher
from keras_gan.serving.locate import locate

tf = pytest.importorskip("tensorflow", reason="the server needs TensorFlow")


def memory(process):
    """Resident memory in MiB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


LOAD = """
import runpy, sys
server = runpy.run_path(sys.argv[1], run_name="serving")["_load"]()
from keras_gan_serving.app import application
from keras_gan_serving.models import Models
models = Models(server.locate(sys.argv[2]))
models.refresh()
application(models)
loaded = {name.split(".")[0] for name, module in sys.modules.items() if module}
print(models.get("plain")[0], sorted(loaded & {"keras", "keras_gan", "tensorflow"}))
"""


def test_the_server_knows_no_keras(models):
    start = pathlib.Path(server.__file__).with_name("__main__.py")
    process = subprocess.run(
        [sys.executable, "-P", "-c", LOAD, start, models / "plain"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "1 ['tensorflow']"


def test_new_versions_are_taken_while_it_runs(plain, tmp_path, serve, latents):
    prior = Normal(6)
    path = tmp_path / "growing"
    export.saved_model(plain, path, prior=prior)
    with serve(path) as (address, _):
        url = f"{address}/v1/models/growing"
        first = Client(url).generate(latents)
        weights = plain.get_weights()
        try:
            plain.set_weights([-w for w in weights])
            export.saved_model(plain, path, prior=prior)
        finally:
            plain.set_weights(weights)
        deadline = time.monotonic() + 30
        while np.allclose(Client(url).generate(latents), first):  # never an error
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with pytest.raises(ServingError, match=r"Specific\(growing, 1\)"):
            Client(url, version=1).generate(latents)
        (path / "9").mkdir()  # a number, and no model
        (path / "9" / "saved_model.pb").write_bytes(b"junk")
        time.sleep(1.5)
        assert Client(url).generate(latents).shape == (4, 28, 28, 1)


def malformed(random_number):
    """A request that no server should answer with 200: method, path, body."""
    choose = random.Random(random_number).choice
    good = {"seed": 1, "label": 0, "truncation": 0}
    path = "/v1/models/classes:predict"
    bodies = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"instances": [1,]}',
        b"[" * 200_000,
        b'{"instances": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"instances": [{"seed": ' + b"9" * 6000 + b"}]}",
        b" " * (2**20 + 1),
        {"instances": []},
        {"instances": {}},
        {"inputs": None},
        {"signature_name": ["png"], "instances": [good]},
        {"signature_name": "../png", "instances": [good]},
    ]
    for wrong in (
        {"seed": 1.5},
        {"seed": "1"},
        {"seed": None},
        {"seed": [1]},
        {"seed": {}},
        {"seed": 2**63},
        {"seed": float("nan")},
        {"label": 4},
        {"label": -2},
        {"label": True},
        {"label": 2**40},
        {"truncation": float("nan")},
        {"truncation": float("inf")},
        {"truncation": -1},
        {"truncation": 1e300},
        {"extra": 1},
        {"b64": "AAAA"},
    ):
        for signature in ("png", "sample", "walk"):
            rows = [good, good | wrong]
            bodies.append({"signature_name": signature, "instances": rows})
            columns = {name: [value] for name, value in (good | wrong).items()}
            if "extra" not in wrong and "b64" not in wrong:
                bodies.append({"signature_name": signature, "inputs": columns})
    for latents in (
        [0.0] * 5,
        [[0.0] * 6],
        [float("nan")] * 6,
        ["x"] * 6,
        [float("-inf")] * 6,
        0.0,
        [],
    ):
        bodies.append({"instances": [{"latents": latents, "labels": 0}]})
    bodies.append({"inputs": {"latents": [[0.0] * 6], "labels": [9]}})
    bodies.append({"inputs": {"latents": [[0.0] * 6] * 2, "labels": [1]}})
    many = [0] * 5000
    columns = {"seed": many, "label": many, "truncation": many}
    bodies.append({"signature_name": "png", "inputs": columns})
    paths = [
        "/v1/models/..%2f..%2fetc%2fpasswd",
        "/v1/models/../../etc/passwd",
        "/v1/models/%00:predict",
        "/page/../app.py",
        "/page/%2e%2e/app.py",
        "/page//etc/passwd",
        "/v1/models/classes/versions/1/../2:predict",
        "/v1/models/classes/versions/-1:predict",
        f"/v1/models/classes/versions/{'9' * 5000}:predict",
        "/v1/models/" + "x" * 5000 + ":predict",
        "/v1/models/classes/labels/none:predict",
        "/v2/health",
        "//v1/models",
    ]
    kind = choose(["body", "body", "body", "path", "method"])
    if kind == "path":
        return choose(["GET", "POST"]), choose(paths), b"{}"
    if kind == "method":
        return choose(["PUT", "DELETE", "PATCH", "OPTIONS"]), path, b""
    body = choose(bodies)
    return "POST", path, body if isinstance(body, bytes) else json.dumps(body).encode()


def test_malformed_requests_get_an_error_each(models, serve, request):
    with serve(models / "classes") as (address, process):
        parts = urllib.parse.urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        request.addfinalizer(connection.close)
        resident = []
        for number in range(1000):
            method, path, body = malformed(number)
            connection.request(method, path, body)
            answer = connection.getresponse()
            content = answer.read()
            case = (method, path[:80], body[:200], answer.status, content[:200])
            assert 400 <= answer.status < 500, case
            assert answer.getheader("Content-Type") == "application/json", case
            assert json.loads(content).keys() == {"error"}, case
            if number in (300, 999):
                resident.append(memory(process))
        assert resident[1] - resident[0] < 30, resident
        assert Client(address).sample(2, seed=0).shape == (2, 28, 28, 1)


async def exchange(reader, writer, path, body):
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    status = int((await reader.readline()).split()[1])
    length = 0
    while (line := await reader.readline()) != b"\r\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, json.loads(await reader.readexactly(length))


async def storm(address, path, seeds, at_once):
    """Ask for each seed's picture over several connections at once."""
    parts, waiting, answers = urllib.parse.urlsplit(address), list(seeds), {}

    async def connection():
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while waiting:
            seed = waiting.pop()
            row = {"seed": seed, "label": seed % 4, "truncation": 0}
            if seed % 50 == 7:  # a neighbour in the batch that fails
                row["label"] = 99
            body = json.dumps({"signature_name": "png", "instances": [row]}).encode()
            answers[seed] = await exchange(reader, writer, path, body)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(connection() for _ in range(at_once)))
    return answers


def rate_in_a_loop(path, num_calls=500):
    """Pictures a second of one call after another, of one row each."""
    model = tf.saved_model.load(str(path))
    row = {
        "seed": tf.constant([1], tf.int64),
        "label": tf.constant([1]),
        "truncation": tf.constant([0.0]),
    }
    for _ in range(20):
        model.signatures["png"](**row)
    start = time.perf_counter()
    for _ in range(num_calls):
        model.signatures["png"](**row)["image_bytes"].numpy()
    return num_calls / (time.perf_counter() - start)


def test_every_answer_is_right_under_load(address, models):
    alone = rate_in_a_loop(models / "classes" / "2")
    path = "/v1/models/classes/labels/canary:predict"
    start = time.perf_counter()
    answers = asyncio.run(storm(address, path, range(5000), at_once=64))
    served = 5000 / (time.perf_counter() - start)
    client = Client(f"{address}/v1/models/classes", version=2)
    seeds = np.arange(5000)
    files = client.png(2500, seed=0, labels=seeds[:2500] % 4)
    files += client.png(2500, seed=2500, labels=seeds[2500:] % 4)
    for seed in seeds:
        status, answer = answers[seed]
        if seed % 50 == 7:
            assert status == 400
            assert "'label' must be" in answer["error"]
        else:
            assert status == 200
            assert base64.b64decode(answer["predictions"][0]["b64"]) == files[seed]
    assert served > 0.6 * alone


class Doubler:
    """A signature that records its batches, and fails on negative numbers."""

    is_batched = True

    def __init__(self):
        self.batches = []

    def __call__(self, inputs):
        self.batches.append(len(inputs["x"]))
        time.sleep(0.02)
        if (inputs["x"] < 0).any():
            raise ServingError("negative")
        return {"y": inputs["x"] * 2}


def test_requests_that_arrive_together_are_one_call():
    async def ask(batcher, signature):
        rows = [{"x": np.array([i, i + 0.5])} for i in range(20)]
        return await asyncio.gather(*(batcher.run(signature, row) for row in rows))

    signature, batcher = Doubler(), Batcher(max_rows=16)
    answers = asyncio.run(ask(batcher, signature))
    batcher.close()
    assert [answer["y"].tolist() for answer in answers] == [
        [2 * i, 2 * i + 1] for i in range(20)
    ]
    assert signature.batches == [16, 16, 8]


def test_a_bad_request_does_not_fail_its_neighbours():
    async def ask(batcher, signature):
        requests = (batcher.run(signature, {"x": np.array([x])}) for x in (1, -1, 2))
        return await asyncio.gather(*requests, return_exceptions=True)

    signature, batcher = Doubler(), Batcher()
    one, error, two = asyncio.run(ask(batcher, signature))
    batcher.close()
    assert (one["y"], two["y"]) == ([2], [4])
    assert str(error) == "negative"


def test_long_requests_are_split_and_bounded():
    signature, batcher = Doubler(), Batcher(max_rows=4, max_request_rows=10)
    answer = asyncio.run(batcher.run(signature, {"x": np.arange(10)}))
    assert answer["y"].tolist() == list(range(0, 20, 2))
    assert signature.batches == [4, 4, 2]
    with pytest.raises(ServingError, match=r"may have 10 rows. Received: 11"):
        asyncio.run(batcher.run(signature, {"x": np.arange(11)}))
    batcher.close()


def test_models_are_found_where_they_lie(models, config):
    assert [m.name for m in locate(models / "plain")] == ["plain"]
    assert [m.name for m in locate(models)] == ["classes", "half_plus_three", "plain"]
    (one,) = locate(models / "classes" / "1")
    assert (one.name, one.wanted()) == ("classes", [1])
    assert locate(models / "classes")[0].wanted() == [2]
    listed = {m.name: m for m in locate(config)}
    assert listed["classes"].labels == {"stable": 1, "canary": 2}
    assert listed["classes"].wanted() == [1, 2]


def test_what_is_no_model_is_explained(tmp_path, models):
    with pytest.raises(ValueError, match="There is nothing at"):
        locate(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no SavedModel. Expected a file"):
        locate(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="is a SavedModel without a version"):
        locate(tmp_path)
    (tmp_path / "x.config").write_text("nonsense {")
    with pytest.raises(ValueError, match=r"is no models.config"):
        locate(tmp_path / "x.config")


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"Cannot listen on 127.0.0.1:{port}.*--port"):
            server.listen("127.0.0.1", port)


def test_a_broken_model_ends_the_server_with_a_reason(tmp_path):
    (tmp_path / "broken" / "1").mkdir(parents=True)
    (tmp_path / "broken" / "1" / "saved_model.pb").write_bytes(b"junk")
    process = subprocess.run(
        server.command([tmp_path / "broken"], "127.0.0.1", 0, 1),
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    assert "keras-gan serve: No model could be loaded. broken 1:" in process.stderr
