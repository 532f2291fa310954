"""The connections of a server: how many, how long, and with how large a header.

uvicorn has a time limit for idle connections only. The rest is here, on top of its
protocol: the callbacks of `asyncio.Protocol` and of `httptools` say what a client
does, and one task looks at all connections a few times a second.
"""

from __future__ import annotations

import asyncio
import collections
import enum
import json

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from .limits import KIB, Limits

INTERVAL = 0.25  # seconds from one look at all connections to the next
PIPELINED = 32  # requests that a client may send ahead of their answers


class Connections:
    """The open connections of a server.

    Args:
        limits: the `Limits`.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self.open = set()
        self.cut = collections.Counter()  # connections ended by the server, by reason
        self.ends_at = None  # when a server that stops cuts what is left

    def protocol(self, **arguments) -> Connection:
        """Make the protocol of a connection, as uvicorn asks for it."""
        return Connection(self, **arguments)

    async def watch(self):
        """Look after the connections until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(INTERVAL)
            for connection in tuple(self.open):
                connection.check(loop.time())

    def add(self, connection: Connection):
        """Take a new connection, in place of the one that has idled longest."""
        if len(self.open) >= self.limits.max_connections:
            idle = [c for c in self.open if c.phase is not Phase.WORK]
            if not idle:
                self.cut["too many"] += 1
                connection.refuse(503, "Too many connections. Try again later.")
                return
            min(idle, key=lambda c: c.since).end("replaced")
        self.open.add(connection)

    def drain(self, now: float):
        """Let requests in work finish until `drain_seconds` have passed."""
        if self.ends_at is None:
            self.ends_at = now + self.limits.drain_seconds


class Phase(enum.Enum):
    """What a connection waits for."""

    IDLE = "a request"
    HEADER = "the rest of a header"
    BODY = "the rest of a body"
    WORK = "the server"


class Connection(HttpToolsProtocol):
    """A connection that ends when its client is too slow or sends too much."""

    def __init__(self, connections: Connections, **arguments):
        super().__init__(**arguments)
        self.all = connections
        self.limits = connections.limits
        self.phase, self.since = Phase.IDLE, self.loop.time()
        self.heard = self.moved = self.since
        self.unsent, self.unsent_since = 0, None
        self.overhead = 0  # bytes since the last of a body or the end of a header
        self.header_size = 0  # of this request, with the trailers of its body
        self.refusal = None

    # What happens on the connection.

    def connection_made(self, transport):
        super().connection_made(transport)
        self.all.add(self)

    def connection_lost(self, exc):
        self.all.open.discard(self)
        super().connection_lost(exc)

    def shutdown(self):
        self.all.drain(self.loop.time())
        super().shutdown()

    def data_received(self, data):
        if self.transport.is_closing():
            return
        self.heard = self.loop.time()
        self.overhead += len(data)
        super().data_received(data)
        if self.overhead > self.limits.max_header * KIB:
            self.refuse(*self._too_large())

    def resume_writing(self):
        self.moved = self.loop.time()
        super().resume_writing()

    # What the parser found.

    def on_message_begin(self):
        if len(self.pipeline) > PIPELINED:
            self._stop_parsing(400, "Too many requests ahead of their answers.")
        self._enter(Phase.HEADER)
        self.header_size = 0
        super().on_message_begin()

    def on_header(self, name, value):
        self.header_size += len(name) + len(value) + len(": \r\n")
        self._check_header()
        super().on_header(name, value)

    def on_headers_complete(self):
        self._check_header()
        self._enter(Phase.BODY)
        super().on_headers_complete()

    def on_body(self, body):
        self.overhead = 0
        super().on_body(body)

    def on_message_complete(self):
        self._enter(Phase.WORK)
        super().on_message_complete()
        if self.cycle.response_complete:  # it was refused before its end
            self._enter(Phase.IDLE)

    def on_response_complete(self):
        super().on_response_complete()
        if self.phase is Phase.WORK and self.cycle.response_complete:
            self._enter(Phase.IDLE)

    # What the server does about it.

    def check(self, now: float):
        """End the connection if its time is up."""
        if self.all.ends_at is not None and now >= self.all.ends_at:
            self.end("drained")
            return
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            self._check_writing(now, unsent)
        elif not self.transport.is_closing():
            self._check_reading(now)
        self.unsent = unsent

    def _check_writing(self, now, unsent):
        if not self.unsent:
            self.moved = self.unsent_since = now
        elif unsent < self.unsent:
            self.moved = now
        if now - self.moved > self.limits.silence_seconds:
            self.end("does not read")
        elif now - self.unsent_since > self.limits.transfer_seconds:
            self.end("reads too slowly")

    def _check_reading(self, now):
        waited, silent = now - self.since, now - self.heard
        limits = self.limits
        if self.phase is Phase.IDLE and waited > limits.silence_seconds:
            self.transport.close()
        elif self.phase is Phase.HEADER and waited > limits.header_seconds:
            self._too_slow("header", f"{limits.header_seconds:g} seconds")
        elif self.phase is Phase.BODY and not self.flow.read_paused:
            if waited > limits.transfer_seconds:
                self._too_slow("body", f"{limits.transfer_seconds:g} seconds")
            elif silent > limits.silence_seconds:
                self._too_slow("body", f"{limits.silence_seconds:g} silent seconds")

    def _too_slow(self, part, limit):
        self.all.cut[f"slow {part}"] += 1
        self.refuse(408, f"The {part} of the request did not come within {limit}.")

    def _too_large(self):
        self.all.cut["large header"] += 1
        return 431, f"The request's header is larger than {self.limits.max_header} KiB."

    def _check_header(self):
        if self.header_size + len(self.url) > self.limits.max_header * KIB:
            self._stop_parsing(*self._too_large())

    def _stop_parsing(self, status, message):
        self.refusal = status, message
        raise ValueError(message)  # it ends the parser: see `send_400_response`

    def _enter(self, phase):
        self.phase, self.since, self.overhead = phase, self.loop.time(), 0

    def end(self, reason: str):
        """Cut the connection, with all that is unsent."""
        self.all.cut[reason] += 1
        self.transport.abort()

    def refuse(self, status: int, message: str):
        """Answer in place of the application, and close."""
        if self.transport.is_closing():
            return
        if self._is_answering():
            self.transport.abort()
            return
        body = json.dumps({"error": message}).encode()
        retry = b"retry-after: 1\r\n" if status == 503 else b""
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: application/json\r\ncontent-length: %d\r\n" % len(body)
            + retry
            + b"connection: close\r\n\r\n"
            + body
        )
        self.transport.close()

    def _is_answering(self):
        cycle = self.cycle
        if cycle is None or not cycle.response_started:
            return bool(self.pipeline)
        return not cycle.response_complete or self.phase is Phase.BODY

    def send_400_response(self, msg: str):
        self.refuse(*(self.refusal or (400, msg)))
