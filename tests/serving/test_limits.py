"""The limits of the server: what is more, slower or larger ends, and others go on."""

import logging
import socket
import time

import pytest
import toy
from on_demand import tensorflow as tf
from toy import head, read, request, rows, running, wait_until

from keras_gan.serving import connections
from keras_gan.serving.limits import Limits

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(connections, "INTERVAL", 0.02)


@pytest.fixture(scope="module")
def server():
    """One with small sizes and the usual times."""
    with running(max_body=1, max_answer=1, max_header=4, max_rows=100) as server:
        yield server


def test_rows_are_answered(server):
    status, _, answer = server.predict(3)
    assert (status, answer["predictions"][1:]) == (200, [[0.33333334], [0.6666667]])


HEADERS = {
    "one long value": head(0, Cookie="a" * 5000),
    "many": head(0, **{f"X-{i}": "a" * 90 for i in range(60)}),
    "a long path": head(0, path="/" + "a" * 5000),
    "one without an end": head()[:-4] + b"\r\nX: " + b"a" * 500_000,
    "empty lines": b"\r\n" * 10_000,
    "trailers": head(**{"Transfer-Encoding": "chunked"})
    + b"0\r\n"
    + b"X-A: aaaaaaaaa\r\n" * 500,
    "an extension of a chunk": head(**{"Transfer-Encoding": "chunked"})
    + b"1;"
    + b"a" * 500_000,
}


@pytest.mark.parametrize("case", HEADERS)
def test_large_headers_are_refused(server, case):
    try:
        answer = server.ask(HEADERS[case])
    except ConnectionError:  # the answer met the rest of the header
        answer = None
    assert answer is None or answer[0] == 431, answer
    assert answer is None or "larger than 4 KiB" in answer[2]["error"]
    wait_until(lambda: not server.connections.open)
    assert server.predict(1)[0] == 200


def test_what_is_no_http_is_a_json_error(server):
    status, _, answer = server.ask(b"hello\r\n\r\n")
    assert (status, answer.keys()) == (400, {"error"})


def test_a_large_body_is_refused(server):
    status, _, answer = server.ask(request(b" " * (2**20 + 1)))
    assert status == 413
    assert "--max-body" in answer["error"]


def test_too_many_rows_are_refused(server):
    status, _, answer = server.predict(101)
    assert status == 400
    assert "may have 100 rows. Received: 101" in answer["error"]


def test_a_large_answer_is_refused_before_it_is_computed():
    with running(toy.Toy(width=10_000), max_answer=1) as server:
        status, _, answer = server.predict(9)
        assert status == 400
        assert "fewer rows, or for `png`" in answer["error"]
        assert server.models.calls == []
        assert server.predict(8)[0] == 200


def test_answers_that_cannot_be_foreseen_are_refused_when_they_grow():
    model = toy.Toy()
    text = toy.signature(
        lambda x: {"y": tf.repeat("a" * 100_000, len(x))}, None, {"y": ("string", [-1])}
    )
    model.signatures["text"] = text
    body = b'{"signature_name": "text", "instances": [%s]}'
    with running(model, max_answer=1) as server:
        assert server.ask(request(body % b"1, 2, 3"))[0] == 200
        status, _, answer = server.ask(request(body % b", ".join([b"1"] * 64)))
        assert status == 400
        assert "--max-answer" in answer["error"]


def test_long_requests_wait_in_a_bounded_queue_and_short_ones_go_on():
    with running(max_requests=2) as server:
        server.models.hold.clear()
        waiting = [server.connect(request(rows(50))) for _ in range(2)]
        wait_until(lambda: server.models.calls)
        status, headers, answer = server.predict(50)
        assert (status, headers["retry-after"]) == (503, "1")
        assert "has 2 long requests in work" in answer["error"]
        short = server.connect(request(rows(1)))
        server.models.hold.set()
        assert read(short)[0] == 200
        assert [read(connection)[0] for connection in waiting] == [200, 200]
        for connection in (short, *waiting):
            connection.close()


def test_large_bodies_share_a_budget_and_small_ones_go_on(server):
    part = b" " * (900 * 1024)
    begun = [server.connect(head(10**6) + part) for _ in range(2)]
    api = server.server.config.app.routes[3].app
    wait_until(lambda: api.bodies.held == 2 * len(part))
    status, _, answer = server.ask(request(rows(1) + part))
    assert status == 503
    assert "as many large requests" in answer["error"]
    assert server.predict(1)[0] == 200
    for connection in begun:
        connection.close()
    wait_until(lambda: api.bodies.held == 0)
    assert server.ask(request(rows(1) + part))[0] == 200


def test_an_abandoned_request_is_not_computed_to_the_end():
    with running() as server:
        server.models.hold.clear()
        with server.connect(request(rows(4000))):
            wait_until(lambda: server.models.calls)
        api = server.server.config.app.routes[3].app
        wait_until(lambda: api.num_requests == 0)
        server.models.hold.set()
        assert server.predict(1)[0] == 200
        assert server.models.calls == [64, 1]


def test_an_upload_that_breaks_off_is_no_trace_in_the_log(server, caplog, capfd):
    caplog.set_level(logging.DEBUG, "uvicorn.error")
    with server.connect(head(1000) + b"{"):
        wait_until(lambda: server.connections.open)
    wait_until(lambda: not server.connections.open)
    assert server.predict(1)[0] == 200
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())


SLOW = {
    "a header": (head(5)[:-2], "header"),
    "a body": (head(5) + b"{", "body"),
    "a body after its refusal": (head(5, path="/v1/models/other:predict"), "body"),
}


@pytest.mark.parametrize("case", SLOW)
def test_what_does_not_come_in_time_is_refused(case):
    data, part = SLOW[case]
    with running(header_seconds=0.1, silence_seconds=0.1) as server:
        status, headers, answer = server.ask(data)
        assert (status, headers["connection"]) == (408, "close")
        assert f"The {part} of the request" in answer["error"]
        assert server.connections.cut[f"slow {part}"] == 1


def test_a_body_that_dribbles_has_a_time_in_all():
    with running(transfer_seconds=0.3) as server, server.connect(head(99)) as slow:
        start = time.monotonic()
        while server.connections.open and time.monotonic() < start + 10:
            slow.send(b" ")
            time.sleep(0.03)
            if server.connections.cut:
                break
        assert read(slow)[0] == 408
        assert time.monotonic() - start < 5


def test_a_connection_on_which_nothing_comes_is_closed():
    with running(silence_seconds=0.1) as server:
        assert server.ask(b"") is None
        assert server.ask(b"\r\n") is None
        with server.connect(request(rows(1))) as connection:
            assert read(connection)[0] == 200
            assert connection.recv(1) == b""


def test_a_client_that_does_not_read_is_cut():
    with running(toy.Toy(width=200_000), silence_seconds=0.2) as server:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(request(rows(8)))
            wait_until(lambda: server.connections.cut["does not read"])
        api = server.server.config.app.routes[3].app
        wait_until(lambda: api.answers.held == 0)
        assert server.predict(1)[0] == 200


def test_idle_connections_are_replaced_and_busy_ones_are_not():
    work = connections.Phase.WORK

    def phases():
        return [connection.phase for connection in server.connections.open]

    with running(max_connections=2) as server, server.connect() as first:
        wait_until(lambda: len(phases()) == 1)
        with server.connect() as second:
            wait_until(lambda: len(phases()) == 2)
            assert server.predict(1)[0] == 200
            assert first.recv(1) == b""
            wait_until(lambda: len(phases()) == 1)
            server.models.hold.clear()
            second.sendall(request(rows(1)))
            wait_until(lambda: phases() == [work])
            with server.connect(request(rows(1))) as third:
                wait_until(lambda: phases() == [work, work])
                status, headers, answer = server.ask(b"")
                assert (status, headers["retry-after"]) == (503, "1")
                assert "Too many connections" in answer["error"]
                server.models.hold.set()
                assert (read(second)[0], read(third)[0]) == (200, 200)


def test_a_few_requests_may_be_sent_ahead_and_not_thousands(server):
    few = request(rows(1)) * 5
    with server.connect(few) as connection:
        assert [read(connection)[0] for _ in range(1)] == [200]
    many = head(path="/models", method="GET") * 5000
    with server.connect(many) as connection:
        wait_until(lambda: not server.connections.open)
    assert server.predict(1)[0] == 200


@pytest.mark.parametrize("held_by", ["a body", "a call", "an answer"])
def test_a_server_that_stops_waits_for_a_bounded_time(held_by):
    with running(toy.Toy(width=200_000), drain_seconds=0.3) as server:
        data = request(rows(8))
        if held_by == "a body":
            data = data[:-1]
        elif held_by == "a call":
            server.models.hold.clear()
        with server.connect(data):
            wait_until(lambda: server.connections.open)
            if held_by != "a body":
                wait_until(lambda: server.models.calls)
            assert server.stop() < 3


@pytest.mark.parametrize("name", ["max_body", "silence_seconds"])
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_limit_must_be_positive(name, value):
    option = "--" + name.replace("_", "-")
    with pytest.raises(ValueError, match=f"{option} must be positive"):
        Limits(**{name: value})
