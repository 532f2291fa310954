"""Attack the built-in server, while a well-behaved client asks for one row a second.

    python benchmarks/serving_attack.py [--seconds 120] [ATTACK ...]

For each attack a server is started and attacked. The table has the worst time of the
well-behaved client's answers and how many failed, the server's memory before, its most
in the first and in the second half of the attack, ten seconds after it, and how long
the server took to end after SIGTERM, in the middle of another attack.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import pathlib
import re
import signal
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse
import zlib

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

SHAPE = (64, 64, 3)
MIB = 2**20


# The attacks. Each is what one of its connections does, again and again.


async def many_rows(connect):
    """Small requests for answers of half a gigabyte."""
    reader, _ = await connect(predict(rows("sample", 4096)))
    await reader.read()


async def largest_answers(connect):
    """Requests for the largest answers that are given."""
    reader, _ = await connect(predict(rows("sample", 200)))
    await reader.read()


async def unread_answers(connect):
    """Large answers that nobody reads."""
    await connect(predict(rows("sample", 200)))
    await asyncio.sleep(30)


async def slowly_read_answers(connect):
    """Large answers that are read byte by byte."""
    reader, _ = await connect(predict(rows("sample", 200)))
    while await reader.read(1):
        await asyncio.sleep(0.5)


async def abandoned_requests(connect):
    """Long requests whose client leaves."""
    _, writer = await connect(predict(rows("png", 2000)))
    await asyncio.sleep(0.2)
    writer.transport.abort()


async def full_queue(connect):
    """More requests than are taken, of many rows each."""
    reader, _ = await connect(predict(rows("png", 64)))
    await reader.read()


async def large_bodies(connect):
    """Bodies of the largest size, made of the smallest values."""
    inner = b"[]," * ((32 * MIB - 100) // 3)
    reader, _ = await connect(predict(b'{"inputs": [' + inner + b"[]]}"))
    await reader.read()


async def large_objects(connect):
    """Bodies of the largest size, made of objects."""
    inner = b'{"a":1},' * ((32 * MIB - 100) // 8)
    reader, _ = await connect(predict(b'{"instances": [' + inner + b"{}]}"))
    await reader.read()


async def half_bodies(connect):
    """Bodies of which a large part comes, and no more."""
    head = b"POST /v1/models/faces:predict HTTP/1.1\r\nHost: localhost\r\n"
    reader, _ = await connect(head + b"Content-Length: 30000000\r\n\r\n" + b" " * MIB)
    await reader.read()


async def slow_bodies(connect):
    """Bodies that come byte by byte."""
    head = b"POST /v1/models/faces:predict HTTP/1.1\r\nHost: localhost\r\n"
    _, writer = await connect(head + b"Content-Length: 1000\r\n\r\n")
    await dribble(writer, b" ")


async def slow_headers(connect):
    """Headers that come byte by byte."""
    _, writer = await connect(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")
    await dribble(writer, b"a")


async def endless_headers(connect):
    """Headers, and trailers of bodies, without an end."""
    head = b"POST /v1/models/faces:predict HTTP/1.1\r\nHost: localhost\r\n"
    for start in (head, head + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"):
        _, writer = await connect(start)
        while True:
            writer.write(b"X-A: " + b"a" * 4000 + b"\r\n")
            try:
                await writer.drain()
            except ConnectionError:
                break


async def silent_connections(connect):
    """Connections on which nothing comes."""
    reader, _ = await connect(b"")
    await reader.read()


async def pipelined_requests(connect):
    """Thousands of requests ahead of their answers."""
    reader, _ = await connect(b"GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n" * 9000)
    await reader.read()


async def picture_bombs(connect):
    """Small PNG files of 900 million pixels."""
    import base64

    size = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    parts = (b"IHDR" + size, b"IDAT" + zlib.compress(bytes(10**6)), b"IEND")
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(p) - 4) + p + struct.pack(">I", zlib.crc32(p))
        for p in parts
    )
    value = {"b64": base64.b64encode(file).decode()}
    body = json.dumps({"signature_name": "png", "inputs": [value]}).encode()
    reader, _ = await connect(predict(body, "translator"))
    await reader.read()


# The attack: how many connections do it at a time.
ATTACKS = {
    many_rows: 8,
    largest_answers: 16,
    unread_answers: 64,
    slowly_read_answers: 64,
    abandoned_requests: 32,
    full_queue: 400,
    large_bodies: 8,
    large_objects: 8,
    half_bodies: 256,
    slow_bodies: 700,
    slow_headers: 700,
    endless_headers: 8,
    silent_connections: 1000,
    pipelined_requests: 32,
    picture_bombs: 16,
}


def rows(signature, num_rows):
    inputs = {"seed": [*range(num_rows)], "truncation": [0] * num_rows}
    return json.dumps({"signature_name": signature, "inputs": inputs}).encode()


def predict(body, model="faces"):
    head = f"POST /v1/models/{model}:predict HTTP/1.1\r\nHost: localhost\r\n"
    head += f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def dribble(writer, byte):
    while True:
        await asyncio.sleep(1)
        writer.write(byte)
        await writer.drain()


def attack(name, host, port):
    """Attack for ever, in a process of its own."""
    kinds = {kind.__name__: kind for kind in ATTACKS}

    async def once(kind):
        writers = []

        async def connect(request):
            reader, writer = await asyncio.open_connection(host, port)
            writers.append(writer)
            writer.write(request)
            return reader, writer

        with contextlib.suppress(OSError):
            await kind(connect)
        for writer in writers:
            writer.transport.abort()

    async def again_and_again(kind):
        while True:
            await once(kind)
            await asyncio.sleep(0.05)

    async def all_of_them():
        kind = kinds[name]
        await asyncio.gather(*(again_and_again(kind) for _ in range(ATTACKS[kind])))

    asyncio.run(all_of_them())


@contextlib.contextmanager
def attacked(name, address):
    parts = urllib.parse.urlsplit(address)
    arguments = name, parts.hostname, parts.port
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=attack, args=arguments, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def resident(process):
    """Resident memory in MiB."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024


class WellBehaved(threading.Thread):
    """A client that asks for one row a second, and watches the server's memory."""

    def __init__(self, address, process):
        super().__init__(daemon=True)
        from keras_gan.serving import Client

        self.client = Client(f"{address}/v1/models/faces", timeout=60)
        self.client.png(1, seed=0)
        self.process = process
        self.times, self.memory, self.errors = [], [], []
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(1):
            start = time.perf_counter()
            try:
                self.client.png(1, seed=len(self.times))
            except Exception as error:
                self.errors.append(error)
            self.times.append(time.perf_counter() - start)

    def stop(self):
        self.stopped.set()
        self.join()


def measure(name, path, seconds):
    with running(path) as (address, process):
        before = resident(process)
        client = WellBehaved(address, process)
        with attacked(name, address):
            client.start()
            memory, end = [], time.monotonic() + seconds
            while time.monotonic() < end:
                memory.append(resident(process))
                time.sleep(0.1)
            client.stop()
        time.sleep(10)
        after, half = resident(process), len(memory) // 2
        with attacked(name, address):
            time.sleep(5)
            start = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            process.wait()
            ended = time.perf_counter() - start
    print(
        f"| {name.replace('_', ' ')} | {max(client.times):.1f} s | "
        f"{len(client.errors)} of {len(client.times)} | {before} | "
        f"{max(memory[: half + 1])} | {max(memory[half:])} | {after} | {ended:.1f} s |",
        *{str(error)[:200] for error in client.errors},
        flush=True,
    )


@contextlib.contextmanager
def running(path):
    from keras_gan.serving import server

    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            server.command([path], "127.0.0.1", 0),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            lines = iter(process.stdout.readline, "")
            found = (re.match(r"Serving on (.+)", line) for line in lines)
            yield next(filter(None, found))[1], process
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
            log.seek(0)
            if "Traceback" in (text := log.read()):
                print(text[-3000:])


def export(folder):
    import keras_gan

    import keras

    keras.utils.set_random_seed(0)
    generator, _ = keras_gan.architectures.dcgan(SHAPE)
    prior = keras_gan.latents.Normal(128)
    keras_gan.export.saved_model(generator, f"{folder}/faces", prior=prior)
    translator = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Conv2D(3, 3, padding="same")]
    )
    keras_gan.export.saved_model(translator, f"{folder}/translator")


def main():
    names = [kind.__name__ for kind in ATTACKS]
    parser = argparse.ArgumentParser()
    parser.add_argument("attack", nargs="*", default=[], choices=[*names, []])
    parser.add_argument("--seconds", type=int, default=120)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        export(folder)
        print(f"{os.cpu_count()} cores, {arguments.seconds} seconds each, MiB\n")
        print(
            "| attack | worst answer | failed | before | first half | second half "
            "| after | SIGTERM |"
        )
        print("|---|---|---|---|---|---|---|---|", flush=True)
        for name in arguments.attack or names:
            measure(name, folder, arguments.seconds)


if __name__ == "__main__":
    main()
