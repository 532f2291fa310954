"""The server under many requests, good ones and bad ones."""

import asyncio
import base64
import http.client
import io
import json
import pathlib
import random
import time
import urllib.parse

import numpy as np
import pytest
from on_demand import tensorflow as tf
from PIL import Image

from keras_gan.serving import Client

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


def memory(process):
    """Resident memory in MiB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


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
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
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


def levels_of(files):
    """The grey levels of PNG files."""
    images = [Image.open(io.BytesIO(file)) for file in files]
    return np.stack([np.asarray(image, np.int16) for image in images])


def test_every_answer_is_right_under_load(address, models):
    model = models / "classes" / "2"
    before = rate_in_a_loop(model)
    path = "/v1/models/classes/labels/canary:predict"
    start = time.perf_counter()
    answers = asyncio.run(storm(address, path, range(5000), at_once=64))
    served = 5000 / (time.perf_counter() - start)
    alone = min(before, rate_in_a_loop(model))  # other work comes and goes
    client = Client(f"{address}/v1/models/classes", version=2)
    seeds = np.arange(5000)
    files = client.png(2500, seed=0, labels=seeds[:2500] % 4)
    files += client.png(2500, seed=2500, labels=seeds[2500:] % 4)
    served_files = {}
    for seed in seeds:
        status, answer = answers[seed]
        if seed % 50 == 7:
            assert status == 400
            assert "'label' must be" in answer["error"]
        else:
            assert status == 200
            served_files[seed] = base64.b64decode(answer["predictions"][0]["b64"])
    # The order of a sum depends on the size of the batch, so that now and then a
    # level falls on the other side of a half.
    expected = levels_of([files[seed] for seed in served_files])
    off = np.abs(levels_of(served_files.values()) - expected)
    assert off.max() <= 1
    assert (off > 0).mean() < 1e-3
    assert served > 0.6 * alone
