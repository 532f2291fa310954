"""The built-in server: `python -P keras_gan/serving PATH`, or `keras-gan serve`."""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import socket
import sys

from .locate import locate


def main(arguments: list[str] | None = None):
    """Run the command: serve until it is stopped.

    Args:
        arguments: list of str; those of the command line by default.
    """
    parser = argparse.ArgumentParser(prog="keras-gan serve")
    parser.add_argument(
        "path", nargs="+", help="a model, a folder of models, or a models.config"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501, help="0 for any free one")
    parser.add_argument("--max-body", type=int, default=32, help="in MiB")
    options = parser.parse_args(arguments)
    try:
        sources = [source for path in options.path for source in locate(path)]
        listener = listen(options.host, options.port)
        serve(sources, listener, options.max_body * 2**20)
    except (ValueError, OSError) as error:
        sys.exit(f"keras-gan serve: {error}")
    except KeyboardInterrupt:  # Ctrl-C: uvicorn has finished the open requests
        pass


def serve(sources: list, listener: socket.socket, max_body: int):
    """Load models and answer requests on a socket, until stopped.

    Args:
        sources: list of `ModelSource`.
        listener: a bound `socket.socket`.
        max_body: int, the largest body of a request in bytes.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import uvicorn

    from .app import application
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

    @contextlib.asynccontextmanager
    async def lifespan(_):
        # From here on uvicorn handles Ctrl-C. The address is printed after that, as
        # its reader may stop the server at once.
        models.watch()
        announce(models, listener)
        yield
        models.stop()

    config = uvicorn.Config(
        application(models, max_body, lifespan), log_level="warning", access_log=False
    )
    uvicorn.Server(config).run(sockets=[listener])


def announce(models, listener: socket.socket):
    """Print the models, their versions and the address."""
    for name, servables in models.loaded.items():
        versions = ", ".join(map(str, sorted(servables))) or "none yet"
        print(f"{name}, version {versions}")
    host, port = listener.getsockname()[:2]
    print(f"Serving on http://{host}:{port}", flush=True)


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket, before anything is loaded.

    Raises:
        OSError: if the address is in use or not available.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # SO_REUSEADDR lets two bind, but only one listen
    except OSError as error:
        listener.close()
        raise OSError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}. If another "
            "server has the port, pass another: --port 8502."
        ) from error
    return listener


def command(paths: list, host: str, port: int, max_body: int) -> list[str]:
    """Return the command line that starts this server without Keras.

    Returns:
        A list of str.
    """
    here = pathlib.Path(__file__).parent
    options = [f"--host={host}", f"--port={port}", f"--max-body={max_body}"]
    return [sys.executable, "-P", str(here), *options, *map(str, paths)]
