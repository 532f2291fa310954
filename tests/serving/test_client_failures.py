"""The REST client, before servers that are busy, slow, broken or of another kind."""

import contextlib
import http.server
import json
import threading
import time

import pytest

from keras_gan.serving import Client, ServingError

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")

SIGNATURES = {
    "sample": {
        "inputs": {"seed": {}, "truncation": {}},
        "outputs": {"images": {"dtype": "DT_FLOAT"}},
    },
    "png": {
        "inputs": {"seed": {}, "truncation": {}},
        "outputs": {"image_bytes": {"dtype": "DT_STRING"}},
    },
}
METADATA = {"metadata": {"signature_def": {"signature_def": SIGNATURES}}}
OUTPUTS = {"outputs": [[[[0.5]]], [[[1.0]]]]}


class Fake(http.server.ThreadingHTTPServer):
    """A server that gives its `answers` to calls, one after another.

    An answer is `(status, JSON)`, or a function of the handler that writes it.
    """

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.num_calls, self.metadata = list(answers), 0, METADATA
        self.url = f"http://127.0.0.1:{self.server_port}/v1/models/x"

    def handle_error(self, request, client_address):
        """Say nothing of clients that leave."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, self.server.metadata)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.num_calls += 1
        answer = self.server.answers.pop(0)
        if callable(answer):
            answer(self)
        else:
            self.answer(*answer)

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def fake(*answers):
    with Fake(*answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_busy_server_is_asked_again():
    with fake((503, {}), (429, {}), (200, OUTPUTS)) as server:
        assert Client(server.url).sample(2, seed=0).shape == (2, 1, 1, 1)
        server.answers += [(503, {}), (503, {})]
        with pytest.raises(ServingError, match="answered 503") as caught:
            Client(server.url, retries=1).sample(2)
        assert caught.value.status == 503


def hang(handler):
    time.sleep(1)


def dribble(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.03)


@pytest.mark.parametrize("answer", [hang, dribble])
def test_the_time_is_the_whole_calls_and_what_is_computed_is_not_repeated(answer):
    with fake(answer, (200, OUTPUTS)) as server:
        start = time.monotonic()
        with pytest.raises(
            ServingError, match=r"No answer .* within 0.3 sec"
        ) as caught:
            Client(server.url, timeout=0.3).sample(2)
        assert caught.value.status == 504
        assert time.monotonic() - start < 0.9
        time.sleep(0.5)
        assert server.num_calls == 1


def break_off(handler):
    handler.close_connection = True
    handler.connection.close()


@pytest.mark.parametrize("answer", [break_off, (504, {"error": "upstream"})])
def test_an_answer_that_breaks_off_is_not_asked_for_again(answer):
    with fake(answer, (200, OUTPUTS)) as server:
        with pytest.raises(ServingError):
            Client(server.url).sample(2)
        assert server.num_calls == 1


OTHERS = {
    "another key": {"predictions": []},
    "a list": [1, 2],
    "ragged rows": {"outputs": [[1.0], [1.0, 2.0]]},
    "words": {"outputs": ["a", "b"]},
    "fewer rows": {"outputs": [[[[0.5]]]]},
    "a number": {"outputs": 3.0},
}


@pytest.mark.parametrize("case", OTHERS)
def test_an_answer_of_another_kind_is_an_error_of_its_own(case):
    with fake((200, OTHERS[case])) as server:
        expected = (
            "of another kind than expected|Expected the output 'images' of 2 rows"
        )
        with pytest.raises(ServingError, match=expected) as caught:
            Client(server.url).sample(2)
        assert caught.value.status == 502


def test_a_server_of_another_kind_is_named():
    with fake() as server:
        server.metadata = {"swagger": "2.0"}
        with pytest.raises(ServingError, match="metadata is of another kind"):
            Client(server.url).sample(2)
        with pytest.raises(ServingError, match="models is of another kind"):
            Client(server.url.partition("/v1")[0])


def test_no_png_is_an_error_of_its_own():
    with fake((200, {"outputs": [{"b64": "AA=="}]})) as server:
        with pytest.raises(ServingError, match="'image_bytes' of 2 rows"):
            Client(server.url).png(2)
        server.answers.append((200, {"outputs": [{"b65": "AA=="}]}))
        with pytest.raises(ServingError, match="of another kind"):
            Client(server.url).png(1)


def test_no_server_is_an_error_that_names_the_address():
    client = Client("http://127.0.0.1:9/v1/models/x", retries=0, timeout=2)
    with pytest.raises(ServingError, match=r"No answer from http://127.0.0.1:9"):
        client.predict({})
