"""A check of `Host` and `Origin`, so that no web page can use a local server.

A browser sends a page's requests to any address, 127.0.0.1 included. `Origin` says
where the page came from. A page whose own name was made to resolve to 127.0.0.1 has
the right `Origin`, but that name is its `Host`. A numeric address cannot be made to
resolve to anything else, so it is always allowed.
"""

from __future__ import annotations

import ipaddress
import socket
import urllib.parse

from starlette.datastructures import Headers

DEFAULT_PORTS = {"http": 80, "https": 443}


class HostCheck:
    """Middleware that refuses requests to other names and from other pages.

    Args:
        app: the ASGI application.
        refused: a function of an error message that returns a response.
        bound: str, the host that the server listens on.
        allowed: names that are allowed beside it: `gan.example.org`,
            `*.example.org`, or `*` for any.
    """

    def __init__(self, app, refused, bound: str = "127.0.0.1", allowed=()):
        self.app = app
        self.refused = refused
        self.own = {"localhost", bound.lower(), socket.gethostname().lower()}
        self.allowed = [name.lower() for name in allowed]

    async def __call__(self, scope, receive, send):
        answer = self.app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            hosts, origin = headers.getlist("host"), headers.get("origin")
            if not all(map(self.allows_host, hosts)):
                answer = self.refused(_advice("answers to the name", hosts[0]))
            elif origin is not None and not self.allows_origin(origin, hosts):
                answer = self.refused(_advice("takes requests of pages from", origin))
        await answer(scope, receive, send)

    def allows_host(self, host: str) -> bool:
        """Whether the server answers to a `Host`."""
        name, _ = _split(f"//{host}")
        return name in self.own or _is_numeric(name) or self._is_listed(name)

    def allows_origin(self, origin: str, hosts: list[str]) -> bool:
        """Whether a page may use the server: its own, or one of a listed name."""
        scheme = urllib.parse.urlsplit(origin).scheme
        own = [_split(f"{scheme}://{host}") for host in hosts]
        name, port = _split(origin)
        return bool(name) and ((name, port) in own or self._is_listed(name))

    def _is_listed(self, name):
        return any(
            name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern
            for pattern in self.allowed
        )


def _split(address):
    """Return the name and the port of an address; an empty name if it is none."""
    try:
        parts = urllib.parse.urlsplit(address)
        return parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", None


def _is_numeric(name):
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _advice(verb, name):
    return (
        f"This server {verb} {name[:200]!r} only if it was started with "
        "--allowed-host=NAME."
    )
