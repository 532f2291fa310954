"""The REST API of TensorFlow Serving, as an ASGI application."""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
import re
import time

import numpy as np
from starlette.requests import ClientDisconnect, Request

from . import examples, json_tensors
from .batching import Batcher
from .budget import Budget, Share
from .errors import ServingError
from .limits import MIB, Limits
from .models import Models
from .monitoring import Monitoring
from .transfer import json_response, read_body, send_body, while_connected

_WHICH = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
POST = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_WHICH}"
    r":(?P<verb>predict|classify|regress|translate|rows|csv)",
    re.I,
)
GET = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_WHICH}(?P<metadata>/metadata)?", re.I
)
LARGEST_VERSION = 2**63 - 1
JSON = "application/json"
KINDS = {"translate": "image/png", "csv": "text/csv; charset=utf-8"}
LONG = 50_000  # bytes of JSON that are read or written in a thread


class RestApi:
    """The part of the application that answers `/v1/...`.

    Args:
        models: the `Models` to serve.
        limits: the `Limits`.
        monitoring: the `Monitoring` that counts requests.
    """

    def __init__(self, models: Models, limits: Limits, monitoring: Monitoring):
        self.models = models
        self.limits = limits
        self.monitoring = monitoring
        self.batcher = Batcher(
            max_request_rows=limits.max_rows,
            max_long=limits.max_requests,
            count_run=monitoring.count_run,
        )
        self.num_requests = 0
        largest = limits.max_body * MIB
        self.bodies = Budget(
            largest,
            2 * largest,
            f"The request's body is larger than {largest} bytes, the limit here. "
            "Send fewer rows, or start the server with a larger --max-body.",
            413,
        )
        largest = limits.max_answer * MIB
        self.answers = Budget(
            largest,
            4 * largest,
            f"The answer would be larger than {largest} bytes, the limit here. Ask for "
            "fewer rows, or for `png` in place of floats, or start the server with a "
            "larger --max-answer.",
            400,
        )
        # One at a time: a body of numbers takes up to thirty times its size.
        self.thread = concurrent.futures.ThreadPoolExecutor(1, "json")

    async def __call__(self, scope, receive, send):
        request = Request(scope, receive)
        groups = read_path(request.method, scope["path"])
        if request.method == "POST":
            await self.post(request, groups, send)
            return
        which = groups["name"], groups["version"], groups["label"]
        about = self.metadata if groups["metadata"] else self.models.status
        await json_response(json_tensors.dump(about(*which)))(scope, receive, send)

    async def post(self, request: Request, groups: dict, send):
        """Answer `:predict`, `:classify`, `:regress`, `:translate`, `:rows`, `:csv`."""
        start, status = time.perf_counter(), 500
        try:
            with self.answers.share() as share:
                body = await self.work(request, groups, share)
                status = 200
                await send_body(send, body, KINDS.get(groups["verb"].lower(), JSON))
        except ServingError as error:
            status = error.status
            raise
        except ClientDisconnect:
            status = 499
            raise
        finally:
            seconds = time.perf_counter() - start
            verb = groups["verb"].lower()
            self.monitoring.count_request(groups["name"], verb, status, seconds)

    async def work(self, request: Request, groups: dict, share: Share) -> bytes:
        """Return the body of the answer, unless the client leaves before."""
        with self.bodies.share() as held:
            body = await read_body(request, held)
            self.num_requests += 1
            try:
                work = self.answer(groups, body, share)
                del body
                return await while_connected(request.receive, work)
            finally:
                self.num_requests -= 1

    async def answer(self, groups: dict, body: bytearray, share: Share) -> bytes:
        """Return the body of the answer to a body.

        Args:
            groups: the parts of the path.
            body: bytes.
            share: what the answer may hold.
        """
        if groups["verb"].lower() in ("rows", "csv"):
            return await self.rows(groups, body, share)
        is_long = len(body) > LONG
        signature, inputs, write = await self._call(is_long, self._read, groups, body)
        del body
        if signature.takes_pictures:
            limit = self.limits.max_side
            inputs = await self._call(True, signature.read_pictures, inputs, limit)
        outputs = await self.batcher.run(signature, inputs, share)
        return await self._call(share.size > LONG, write, outputs)

    async def rows(self, groups: dict, body: bytearray, share: Share) -> bytes:
        """Return rows of a table, as JSON or CSV.

        Args:
            groups: the parts of the path.
            body: bytes, the JSON of the request; empty for the defaults.
            share: what the answer may hold.
        """
        request = json_tensors.parse(body) if body else {}
        which = ("name", "version", "label")
        _, servable = self.models.get(*(groups[part] for part in which))
        draw = servable.table_rows().draw(request, self.limits.max_rows)
        signature = servable.signature("")
        while not draw.is_done:
            inputs = await self._call(True, draw.inputs)
            outputs = await self.batcher.run_alone(signature, inputs)
            await self._call(True, draw.take, outputs)
        write = draw.as_csv if groups["verb"].lower() == "csv" else draw.as_json
        made = await self._call(True, write)
        share.grow(len(made))
        return made

    def _read(self, groups, body):
        """Return a signature, its inputs, and the function that writes its outputs."""
        verb, which = groups["verb"].lower(), ("name", "version", "label")
        if verb == "translate":
            _, servable = self.models.get(*(groups[part] for part in which))
            return servable.translator(), one_file(body), file_of
        request = json_tensors.parse(body)
        name = json_tensors.signature_name(request)
        _, servable = self.models.get(*(groups[part] for part in which))
        signature = servable.signature(name)
        if verb != "predict":
            inputs = examples.read_inputs(request, signature)
            write = functools.partial(examples.write_outputs, verb=verb)
            return signature, inputs, write
        inputs, is_row = json_tensors.read_inputs(request, signature.inputs)
        signature.check(inputs)
        write = functools.partial(json_tensors.write_outputs, is_row=is_row)
        return signature, inputs, write

    async def _call(self, is_long, function, *arguments):
        """Call a function, in the thread if it takes long, to keep serving others."""
        if not is_long:
            return function(*arguments)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, function, *arguments)

    def metadata(self, name: str, version: int | None, label: str | None) -> dict:
        """Return the signatures of a model."""
        from google.protobuf import json_format

        version, servable = self.models.get(name, version, label)
        definitions = {
            key: json_format.MessageToDict(
                definition,
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
            for key, definition in servable.definitions.items()
        }
        spec = {"name": name, "signature_name": "", "version": str(version)}
        return {
            "model_spec": spec,
            "metadata": {"signature_def": {"signature_def": definitions}},
        }


def one_file(body: bytearray) -> dict:
    """Return the inputs of a request whose body is a picture file."""
    return {"image_bytes": np.array([bytes(body)], object)}


def file_of(outputs: dict) -> bytes:
    """Return the one picture file that a model made."""
    return outputs["image_bytes"][0]


def read_path(method: str, path: str) -> dict:
    """Return the model's name, version and label, and what is asked of it.

    Raises:
        ServingError: if the path has another form.
    """
    pattern = {"POST": POST, "GET": GET, "HEAD": GET}.get(method)
    match = pattern and pattern.fullmatch(path)
    if not match:
        raise ServingError(f"Malformed request: {method} {path}")
    groups = match.groupdict()
    if groups["name"] is None:
        raise ServingError("Missing model name in request.")
    if groups["version"] is not None:
        groups["version"] = _version(groups["version"])
    return groups


def _version(digits):
    # int() of thousands of digits is refused by Python itself.
    if len(digits) > 19 or int(digits) > LARGEST_VERSION:
        raise ServingError(f"Failed to convert version: {digits[:40]} to numeric.")
    return int(digits)
