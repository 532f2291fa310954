"""Client of TensorFlow Serving's REST API."""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import threading
import urllib.parse

import numpy as np

from .errors import ServingError

DTYPES = {"DT_FLOAT": "float32", "DT_DOUBLE": "float64", "DT_BOOL": "bool"}


class RestTransport:
    """An HTTP connection to one model.

    Args:
        parts: the `urllib.parse.SplitResult` of the model's address.
        version: int, or None for the latest.
        timeout: float, seconds for a whole call, with all that is tried again.
        retries: int.
    """

    def __init__(self, parts, version: int | None, timeout: float, retries: int):
        import urllib3

        # Once a request was sent, the server may be computing it: only what was not
        # begun, or was refused, is tried again.
        retry = urllib3.Retry(
            retries,
            read=False,
            other=False,
            backoff_factor=0.2,
            status_forcelist=(429, 502, 503),
            allowed_methods=None,
            raise_on_status=False,
        )
        self.timeout = timeout
        self.pool = urllib3.PoolManager(retries=retry, timeout=timeout)
        self.url = urllib.parse.urlunsplit(parts).rstrip("/")
        if not parts.path.strip("/"):
            self.url += f"/v1/models/{self._only_model()}"
        if version is not None:
            self.url += f"/versions/{version}"
        self._signatures = None

    def predict(self, inputs: dict, signature_name: str) -> dict:
        """Call a signature: arrays by name in, arrays by name out."""
        columns = {name: _jsonable(value) for name, value in inputs.items()}
        body = {"signature_name": signature_name, "inputs": columns}
        outputs = self.signature(signature_name)["outputs"]
        answer = self._call("POST", f"{self.url}:predict", body)
        with _reading(f"{self.url}:predict", answer):
            return _read_outputs(answer["outputs"], outputs)

    def rows(self, request: dict) -> list[dict]:
        """Ask for rows of a table: `num_rows`, `seed` and `where`."""
        answer = self._call("POST", f"{self.url}:rows", request)
        with _reading(f"{self.url}:rows", answer):
            return list(answer["rows"])

    def input_names(self, signature_name: str) -> dict[str, tuple[bool, tuple]]:
        """Return a signature's inputs: whether each is float, and a row's shape."""
        return {
            name: (info.get("dtype") == "DT_FLOAT", _row_shape(info))
            for name, info in self.signature(signature_name)["inputs"].items()
        }

    def signature(self, name: str) -> dict:
        """Return a signature's inputs and outputs, as the metadata describe them."""
        if self._signatures is None:
            answer = self._call("GET", f"{self.url}/metadata")
            with _reading(f"{self.url}/metadata", answer):
                metadata = answer["metadata"]
                self._signatures = metadata["signature_def"]["signature_def"]
        if name not in self._signatures:
            raise ServingError(
                f"The model at {self.url} has no signature {name!r}, but "
                f"{sorted(self._signatures)}."
            )
        return self._signatures[name]

    def _only_model(self):
        answer = self._call("GET", f"{self.url}/models")
        with _reading(f"{self.url}/models", answer):
            names = [model["name"] for model in answer]
        if len(names) != 1:
            raise ValueError(
                f"The server has the models {names}. Name one: "
                f"Client('{self.url}/v1/models/NAME')."
            )
        return names[0]

    def _call(self, method, url, body=None):
        import urllib3

        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}

        def request():
            return self.pool.request(method, url, body=content, headers=headers)

        try:
            answer = _within(self.timeout, request)
        except (queue.Empty, urllib3.exceptions.ReadTimeoutError) as error:
            raise ServingError(
                f"No answer from {url} within {self.timeout:g} seconds.", 504
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise ServingError(f"No answer from {url}: {error}", 503) from error
        try:
            value = json.loads(answer.data)
        except ValueError as error:
            raise ServingError(
                f"{url} answered {answer.status} and no JSON: {answer.data[:200]!r}",
                answer.status,
            ) from error
        if answer.status != 200:
            reason = value.get("error") if isinstance(value, dict) else value
            raise ServingError(
                f"{url} answered {answer.status}: {reason}", answer.status
            )
        return value


def _within(seconds, function):
    """Call a function in a thread, as a time limit of a socket is not one of a call.

    Raises:
        queue.Empty: if it took longer. The thread ends with its connection.
    """
    results = queue.SimpleQueue()

    def run():
        try:
            results.put((function(), None))
        except Exception as error:
            results.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    result, error = results.get(timeout=seconds)
    if error is not None:
        raise error
    return result


@contextlib.contextmanager
def _reading(url, answer):
    """Turn any failure to read an answer into a `ServingError`."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ServingError(
            f"{url} is of another kind than expected. It answered: {str(answer)[:200]}",
            502,
        ) from error


def _read_outputs(answer, outputs):
    """Return the arrays of an answer, where a single output has no name."""
    if len(outputs) == 1:
        answer = {next(iter(outputs)): answer}
    return {name: _to_array(answer[name], i["dtype"]) for name, i in outputs.items()}


def _jsonable(value):
    value = np.asarray(value)
    if value.dtype.kind in "OS":
        return [{"b64": base64.b64encode(item).decode()} for item in value.tolist()]
    return value.tolist()


def _to_array(value, dtype):
    if dtype != "DT_STRING":
        return np.array(value, DTYPES.get(dtype, "int64"))
    values = [
        base64.b64decode(item["b64"]) if isinstance(item, dict) else item.encode()
        for item in value
    ]
    return np.array(values, object)


def _row_shape(info):
    """Return the shape of a row from the metadata of an input."""
    dims = info.get("tensor_shape", {}).get("dim", [])
    return tuple(int(dim["size"]) for dim in dims[1:])
