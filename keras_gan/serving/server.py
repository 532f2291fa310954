"""The built-in server: `python -P keras_gan/serving PATH`, or `keras-gan serve`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import os
import pathlib
import socket
import sys

from .limits import Limits, option
from .locate import locate

# Beyond `drain_seconds`, in which connections are cut, for what still runs then.
GRACE = 2


def main(arguments: list[str] | None = None):
    """Run the command: serve until it is stopped.

    Args:
        arguments: list of str; those of the command line by default.
    """
    options = _parser().parse_args(arguments)
    names = {field.name for field in dataclasses.fields(Limits)}
    try:
        limits = Limits(**{name: getattr(options, name) for name in names})
        sources = [source for path in options.path for source in locate(path)]
        listener = listen(options.host, options.port)
        serve(sources, listener, limits, options.host, options.allowed_host)
    except (ValueError, OSError) as error:
        sys.exit(f"keras-gan serve: {error}")
    except KeyboardInterrupt:  # Ctrl-C: uvicorn has finished the open requests
        pass


def _parser():
    parser = argparse.ArgumentParser(prog="keras-gan serve")
    parser.add_argument(
        "path", nargs="+", help="a model, a folder of models, or a models.config"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501, help="0 for any free one")
    parser.add_argument("--allowed-host", action="append", default=[])
    for field in dataclasses.fields(Limits):
        parser.add_argument(
            option(field.name),
            type=type(field.default),
            default=field.default,
            help=field.metadata["help"],
        )
    return parser


def serve(
    sources: list,
    listener: socket.socket,
    limits: Limits,
    host: str = "127.0.0.1",
    allowed_hosts=(),
):
    """Load models and answer requests on a socket, until stopped.

    Args:
        sources: list of `ModelSource`.
        listener: a bound `socket.socket`.
        limits: the `Limits`.
        host: str, the name or address of the socket, as it was given.
        allowed_hosts: other names that `Host` and `Origin` may have.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for stream in (sys.stdout, sys.stderr):  # names of files may be no text
        stream.reconfigure(errors="backslashreplace")
    import uvicorn

    from .models import Models

    models = Models(sources)
    models.refresh()
    failed = [
        f"{name} {version}: {message}"
        for name, states in models.states.items()
        for version, (state, message) in states.items()
        if state == "FAILED"
    ]
    if failed and not any(models.loaded.values()):
        raise ValueError("No model could be loaded. " + "; ".join(failed))
    config = configure(models, limits, host, allowed_hosts)

    class Server(uvicorn.Server):
        async def main_loop(self):
            # From here on connections are taken, and Ctrl-C ends them in order: who
            # reads the address may stop the server at once.
            announce(models, listener)
            await super().main_loop()

    Server(config).run(sockets=[listener])


def configure(models, limits: Limits, host="127.0.0.1", allowed_hosts=()):
    """Return the `uvicorn.Config` of a server.

    Args:
        models: the `Models`, loaded.
        limits, host, allowed_hosts: those of `serve`.
    """
    import uvicorn

    from .app import application
    from .connections import Connections

    connections = Connections(limits)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        models.watch()
        watching = asyncio.create_task(connections.watch())
        yield
        watching.cancel()
        models.stop()

    return uvicorn.Config(
        application(models, limits, connections, host, allowed_hosts, lifespan),
        http=connections.protocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_keep_alive=limits.silence_seconds,
        timeout_graceful_shutdown=limits.drain_seconds + GRACE,
    )


def announce(models, listener: socket.socket):
    """Print the models, their versions and the address."""
    for name, servables in models.loaded.items():
        missing = f"none yet in {models.sources[name].path}"
        versions = ", ".join(map(str, sorted(servables))) or missing
        print(f"{name}, version {versions}")
    host, port = listener.getsockname()[:2]
    host = f"[{host}]" if ":" in host else host
    print(f"Serving on http://{host}:{port}", flush=True)


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket, before anything is loaded.

    Raises:
        OSError: if the address is in use or not available.
        ValueError: if there is no such port.
    """
    if not 0 <= port < 2**16:
        raise ValueError(f"--port must be 0 to {2**16 - 1}. Received: {port}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(128)  # SO_REUSEADDR lets two bind, but only one listen
    except OSError as error:
        listener.close()
        raise OSError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. If another "
            "server has the port, pass another: --port 8502."
        ) from error
    return listener


def command(
    paths: list,
    host: str,
    port: int,
    limits: Limits | None = None,
    allowed_hosts=(),
) -> list[str]:
    """Return the command line that starts this server without Keras.

    Returns:
        A list of str.
    """
    here = pathlib.Path(__file__).parent
    options = [f"--host={host}", f"--port={port}", *(limits or Limits()).arguments()]
    options += [f"--allowed-host={name}" for name in allowed_hosts]
    return [sys.executable, "-P", str(here), *options, *map(str, paths)]
