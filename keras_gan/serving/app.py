"""The REST API of TensorFlow Serving, and a page, as an ASGI application."""

from __future__ import annotations

import asyncio
import pathlib
import re
import traceback

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import examples, json_tensors
from .batching import Batcher
from .errors import ServingError
from .models import Models

PAGE = pathlib.Path(__file__).parent / "page"

# The page loads from its own server and from nowhere else.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}

_WHICH = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
POST = re.compile(
    rf"/v1/models/(?P<name>[^/:]+){_WHICH}:(?P<verb>predict|classify|regress)", re.I
)
GET = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_WHICH}(?P<metadata>/metadata)?", re.I
)
LARGEST_VERSION = 2**63 - 1
DISCARDED = 16  # times the largest body that is taken


class RestApi:
    """The part of the application that answers `/v1/...`.

    Args:
        models: the `Models` to serve.
        max_body: int, the largest body in bytes.
    """

    def __init__(self, models, max_body):
        self.models = models
        self.max_body = max_body
        self.batcher = Batcher()

    async def handle(self, request) -> Response:
        """Answer a request."""
        path, match = request.scope["path"], None
        if request.method == "POST":
            match = POST.fullmatch(path)
        elif request.method in ("GET", "HEAD"):
            match = GET.fullmatch(path)
        if match is None:
            raise ServingError(f"Malformed request: {request.method} {path}")
        groups = match.groupdict()
        if groups["name"] is None:
            raise ServingError("Missing model name in request.")
        if groups["version"] is not None:
            groups["version"] = _version(groups["version"])
        if request.method == "POST":
            body = await read_body(request, self.max_body)
            return json_response(await self.answer(groups, body))
        which = groups["name"], groups["version"], groups["label"]
        if groups["metadata"]:
            return json_response(json_tensors.dump(self.metadata(*which)))
        return json_response(json_tensors.dump(self.models.status(*which)))

    async def answer(self, groups: dict, body: bytes) -> bytes:
        """Return the body of the answer to `:predict`, `:classify` or `:regress`."""
        is_long = len(body) > 50_000
        request = await _call(is_long, json_tensors.parse, body)
        name = json_tensors.signature_name(request)
        _, servable = self.models.get(
            groups["name"], groups["version"], groups["label"]
        )
        signature = servable.signature(name)
        verb = groups["verb"].lower()
        if verb != "predict":
            inputs = examples.read_inputs(request, signature)
            outputs = await self.batcher.run(signature, inputs)
            return examples.write_outputs(outputs, verb)
        inputs, is_row = await _call(
            is_long, json_tensors.read_inputs, request, signature.inputs
        )
        signature.check(inputs)
        outputs = await self.batcher.run(signature, inputs)
        is_long = sum(array.size for array in outputs.values()) > 50_000
        return await _call(is_long, json_tensors.write_outputs, outputs, is_row)

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


def application(models: Models, max_body: int = 2**25, lifespan=None) -> Starlette:
    """Build the server as an ASGI application.

    Args:
        models: the `Models` to serve.
        max_body: int, the largest body of a request in bytes.
        lifespan: a function of the application that returns an asynchronous context
            manager, entered before the first request and left after the last.

    Returns:
        A `starlette.applications.Starlette`.
    """
    rest = RestApi(models, max_body)

    async def page(request):
        return FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)

    async def listing(request):
        return json_response(json_tensors.dump(list_models(models)))

    async def refused(request, error):
        return error_response(error.message, error.status)

    async def missing(request, error):
        message = f"Malformed request: {request.method} {request.scope['path']}"
        return error_response(message, error.status_code)

    async def broken(request, error):
        traceback.print_exception(error)
        return error_response(f"Internal error: {type(error).__name__}", 500)

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return Starlette(
        routes=[
            Route("/", page),
            Route("/models", listing),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/v1/{path:path}", rest.handle, methods=methods),
            Route("/v1", rest.handle, methods=methods),
        ],
        exception_handlers={
            ServingError: refused,
            HTTPException: missing,
            Exception: broken,
        },
        lifespan=lifespan,
    )


def list_models(models: Models) -> list[dict]:
    """Describe each model for the page: name, version, inputs and card."""
    listed = []
    for name in models.sources:
        try:
            version, servable = models.get(name)
        except ServingError:
            continue
        signatures = {
            key: {name: info.describe() for name, info in signature.inputs.items()}
            for key, signature in servable.signatures.items()
        }
        listed.append(
            {
                "name": name,
                "version": version,
                "signatures": signatures,
                "card": servable.card,
            }
        )
    return listed


async def read_body(request, max_body: int) -> bytes:
    """Read a request's body, and refuse one that is too large.

    The rest of a large body is read and dropped, up to a bound, because many
    clients read no answer before they have sent it all.

    Raises:
        ServingError: with status 413, if it is larger than `max_body` bytes.
    """
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > DISCARDED * max_body:
            break
        if size <= max_body:
            chunks.append(chunk)
        else:
            chunks.clear()
    if size > max_body:
        raise ServingError(
            f"The request's body is larger than {max_body} bytes, the limit here. "
            "Send fewer rows, or start the server with a larger --max-body.",
            413,
        )
    return b"".join(chunks)


def json_response(
    body: bytes, status: int = 200, headers: dict | None = None
) -> Response:
    """Build a response from a body that is JSON already."""
    return Response(body, status, headers, "application/json")


def error_response(message: str, status: int) -> Response:
    """Build an error response in TensorFlow Serving's form."""
    # The unread rest of a body that is too large ends with the connection.
    headers = {"Connection": "close"} if status == 413 else None
    return json_response(json_tensors.dump({"error": message}), status, headers)


def _version(digits):
    # int() of thousands of digits is refused by Python itself.
    if len(digits) > 19 or int(digits) > LARGEST_VERSION:
        raise ServingError(f"Failed to convert version: {digits[:40]} to numeric.")
    return int(digits)


async def _call(is_long, function, *arguments):
    """Call a function, in a thread if it takes long, to keep serving others."""
    if is_long:
        return await asyncio.to_thread(function, *arguments)
    return function(*arguments)
