"""The server as an ASGI application: the REST API, a page, and metrics."""

from __future__ import annotations

import pathlib

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import json_tensors, monitoring
from .connections import Connections
from .errors import ServingError
from .hosts import HostCheck
from .limits import Limits
from .models import Models
from .monitoring import Monitoring
from .rest import RestApi
from .transfer import error_response, json_response

PAGE = pathlib.Path(__file__).parent / "page"

# The page loads from its own server and from nowhere else.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def application(
    models: Models,
    limits: Limits | None = None,
    connections: Connections | None = None,
    host: str = "127.0.0.1",
    allowed_hosts=(),
    lifespan=None,
) -> Starlette:
    """Build the server as an ASGI application.

    Args:
        models: the `Models` to serve.
        limits: the `Limits`; None for the defaults.
        connections: the `Connections`, for their metrics.
        host: str, the name or address that the server listens on.
        allowed_hosts: other names that `Host` and `Origin` may have.
        lifespan: a function of the application that returns an asynchronous context
            manager, entered before the first request and left after the last.

    Returns:
        A `starlette.applications.Starlette`.
    """
    metrics = Monitoring(models.sources)
    rest = RestApi(models, limits or Limits(), metrics)
    _watch(metrics, rest, connections)

    async def page(request):
        return FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)

    async def listing(request):
        return json_response(json_tensors.dump(list_models(models)))

    async def measured(request):
        return Response(metrics.page(), media_type="text/plain")

    async def refused(request, error):
        return error_response(error.message, error.status)

    async def missing(request, error):
        message = f"Malformed request: {request.method} {request.scope['path']}"
        return error_response(message, error.status_code)

    async def left(request, error):
        return Response(status_code=499)  # nobody receives it

    async def broken(request, error):  # uvicorn writes the traceback
        return error_response(f"Internal error: {type(error).__name__}", 500)

    check = Middleware(
        HostCheck,
        refused=lambda message: error_response(message, 403),
        bound=host,
        allowed=allowed_hosts,
    )
    return Starlette(
        routes=[
            Route("/", page),
            Route("/models", listing),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/v1/{path:path}", rest),
            Route("/v1", rest),
            Route(monitoring.PATH, measured),
        ],
        middleware=[check],
        exception_handlers={
            ServingError: refused,
            HTTPException: missing,
            ClientDisconnect: left,
            Exception: broken,
        },
        lifespan=lifespan,
    )


def _watch(metrics, rest, connections):
    """Add what the server alone knows to the metrics."""
    metrics.watch("requests", "Requests in work.", lambda: rest.num_requests)
    metrics.watch("waiting_rows", "Rows in the queue.", rest.batcher.num_waiting)
    for name in ("bodies", "answers"):
        budget = getattr(rest, name)
        text = f"Bytes of large {name} that are held."
        metrics.watch(f"{name}_bytes", text, lambda budget=budget: budget.held)
    if connections is not None:
        text = "Open connections."
        metrics.watch("connections", text, lambda: len(connections.open))
        text = "Connections that the server ended."
        metrics.watch_counts("ended_connections", text, "reason", connections.cut)


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
        entry = {"name": name, "version": version, "signatures": signatures}
        card, table = servable.card, servable.table
        if table is not None:  # all levels of a column may be very many
            card = {key: value for key, value in card.items() if key != "table"}
            entry["columns"] = table.summary()
        listed.append({**entry, "card": card})
    return listed
