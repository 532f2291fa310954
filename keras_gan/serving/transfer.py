"""Bodies and answers on their way, and clients that leave."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from . import json_tensors
from .budget import Share
from .errors import ServingError

DISCARDED = 16  # times the largest body that is taken
PIECE = 2**16  # bytes of an answer that are written at once


async def read_body(request: Request, share: Share) -> bytearray:
    """Read a request's body, and refuse one that is too large.

    The rest of a refused body is read and dropped, up to a bound, because many
    clients read no answer before they have sent it all.

    Raises:
        ServingError: with status 413, or 503 if all bodies together are too large.
    """
    body, refusal, size = bytearray(), None, 0
    async for chunk in request.stream():
        size += len(chunk)
        if refusal is None:
            try:
                share.grow(len(chunk))
                body += chunk
            except ServingError as error:
                refusal, body = error, None
        if size > DISCARDED * share.budget.largest:
            break
    if refusal is not None:
        raise refusal
    return body


async def while_connected(receive, work):
    """Await work, and cancel it if the client leaves.

    Args:
        receive: the ASGI function, when the whole body has been received.
        work: a coroutine.

    Raises:
        ClientDisconnect: if the client left.
    """
    work = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise ClientDisconnect
        return work.result()
    finally:
        work.cancel()
        left.cancel()


async def _disconnect(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_body(send, body: bytes, kind: str):
    """Send an answer in pieces, each when the client has taken the one before."""
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(body), PIECE):
        piece = body[start : start + PIECE]
        more = start + PIECE < len(body)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def json_response(
    body: bytes, status: int = 200, headers: dict | None = None
) -> Response:
    """Build a response from a body that is JSON already."""
    return Response(body, status, headers, "application/json")


def error_response(message: str, status: int) -> Response:
    """Build an error response in TensorFlow Serving's form."""
    headers = {}
    if status in (403, 413):  # the unread rest of a body ends with the connection
        headers["Connection"] = "close"
    if status in (429, 503):
        headers["Retry-After"] = "1"
    return json_response(json_tensors.dump({"error": message}), status, headers)
