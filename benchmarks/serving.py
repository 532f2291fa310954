"""Compare the built-in server under load with a loop over the same signature.

    python benchmarks/serving.py

Exports a DCGAN for 28 x 28 images, sends 5,000 requests of `png` over 64 connections
to a server on this machine, checks every answer, and prints a table. Then it prints
the sizes of answers as floats and as PNG files.
"""

import asyncio
import base64
import contextlib
import json
import os
import platform
import re
import subprocess
import tempfile
import time
import urllib.parse

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras_gan
from keras_gan.serving import Client, server

import keras
import numpy as np
import tensorflow as tf

NUM_REQUESTS, AT_ONCE = 5000, 64


def main():
    with tempfile.TemporaryDirectory() as folder:
        keras.utils.set_random_seed(0)
        generator, _ = keras_gan.architectures.dcgan((28, 28, 1))
        prior = keras_gan.latents.Normal(128)
        path = keras_gan.export.saved_model(generator, f"{folder}/dcgan", prior=prior)
        print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
        print(f"{NUM_REQUESTS} requests of `png`, {AT_ONCE} at once, on loopback\n")
        print("| rows a request | in a loop | served | share | median | 99th of 100 |")
        print("|---|---|---|---|---|---|")
        for rows in (1, 16, 64):
            compare(path, rows, NUM_REQUESTS if rows == 1 else NUM_REQUESTS // 10)
        sizes(path)


def compare(path, rows, num_requests):
    """Return one line of the table, in images a second and milliseconds."""
    model = tf.saved_model.load(str(path))
    loop = in_a_loop(model.signatures["png"], rows)
    with running(path.parent) as address:
        files = Client(address).png(1024, seed=0)
        seconds, answers = asyncio.run(storm(address, rows, num_requests))
        check(answers, files, rows)
    served = num_requests * rows / seconds
    times = np.array([elapsed for _, elapsed in answers.values()]) * 1000
    print(
        f"| {rows} | {loop:.0f} images/s | {served:.0f} images/s | "
        f"{served / loop:.0%} | {np.median(times):.0f} ms | "
        f"{np.quantile(times, 0.99):.0f} ms |",
        flush=True,
    )


def in_a_loop(signature, rows, seconds=5.0):
    """Return the images a second of one call after another."""
    inputs = {
        "seed": tf.range(rows, dtype=tf.int64),
        "truncation": tf.zeros(rows),
    }
    for _ in range(20):
        signature(**inputs)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        signature(**inputs)["image_bytes"].numpy()
        count += rows
    return count / (time.perf_counter() - start)


async def storm(address, rows, num_requests):
    """The seconds it took, and for each first seed the answer and its time."""
    parts = urllib.parse.urlsplit(address)
    waiting, answers = list(range(num_requests)), {}

    async def connection():
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while waiting:
            seed = waiting.pop()
            start = time.perf_counter()
            writer.write(message(seed, rows))
            answer = await read(reader)
            answers[seed] = answer, time.perf_counter() - start
        writer.close()
        await writer.wait_closed()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(AT_ONCE)))
    return time.perf_counter() - start, answers


def message(seed, rows):
    inputs = {"seed": seeds(seed, rows), "truncation": [0] * rows}
    body = json.dumps({"signature_name": "png", "inputs": inputs})
    return (
        "POST /v1/models/dcgan:predict HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def seeds(seed, rows):
    return [(seed + i) % 1024 for i in range(rows)]


async def read(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    body = await reader.readexactly(length)
    assert head.startswith(b"HTTP/1.1 200"), body[:200]
    return body


def check(answers, files, rows):
    """Check that every answer is the picture of its seed."""
    for seed, (body, _) in answers.items():
        for i, output in zip(
            seeds(seed, rows), json.loads(body)["outputs"], strict=True
        ):
            assert base64.b64decode(output["b64"]) == files[i]


@contextlib.contextmanager
def running(path):
    process = subprocess.Popen(
        server.command([path], "127.0.0.1", 0),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        lines = iter(process.stdout.readline, "")
        yield next(m[1] for m in map(re.compile(r"Serving on (.+)").match, lines) if m)
    finally:
        process.terminate()
        process.stdout.close()
        process.wait()


def sizes(path):
    with running(path.parent) as address:
        client = Client(address)
        images, files = client.sample(16, seed=0), client.png(16, seed=0)
    text = len(json.dumps({"outputs": images.tolist()}))
    encoded = sum(len(base64.b64encode(file)) + 10 for file in files)
    print(
        f"\n16 images of {images.shape[1:]}: {text} bytes of JSON as floats, ", end=""
    )
    print(f"{images.nbytes} over gRPC, {encoded} as PNG files in JSON")


if __name__ == "__main__":
    main()
