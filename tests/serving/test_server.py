"""The server's life: what it loads, what it survives, what it refuses."""

import pathlib
import signal
import socket
import subprocess
import sys
import time
import types

import numpy as np
import pytest

from keras_gan import export
from keras_gan.latents.priors import Normal
from keras_gan.serving import Client, ServingError, server
from keras_gan.serving.locate import locate

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


LOAD = """
import runpy, sys
server = runpy.run_path(sys.argv[1], run_name="serving")["_load"]()
from keras_gan_serving.app import application
from keras_gan_serving.models import Models
models = Models(server.locate(sys.argv[2]))
models.refresh()
application(models)
loaded = {name.split(".")[0] for name, module in sys.modules.items() if module}
print(models.get("plain")[0], sorted(loaded & {"keras", "keras_gan", "tensorflow"}))
"""


def test_the_server_knows_no_keras(models):
    start = pathlib.Path(server.__file__).with_name("__main__.py")
    process = subprocess.run(
        [sys.executable, "-P", "-c", LOAD, start, models / "plain"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "1 ['tensorflow']"


def test_new_versions_are_taken_while_it_runs(plain, tmp_path, serve, latents):
    prior = Normal(6)
    path = tmp_path / "growing"
    export.saved_model(plain, path, prior=prior)
    with serve(path) as (address, _):
        url = f"{address}/v1/models/growing"
        first = Client(url).generate(latents)
        weights = plain.get_weights()
        try:
            plain.set_weights([-w for w in weights])
            export.saved_model(plain, path, prior=prior)
        finally:
            plain.set_weights(weights)
        deadline = time.monotonic() + 30
        while np.allclose(Client(url).generate(latents), first):  # never an error
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with pytest.raises(ServingError, match=r"Specific\(growing, 1\)"):
            Client(url, version=1).generate(latents)
        (path / "9").mkdir()  # a number, and no model
        (path / "9" / "saved_model.pb").write_bytes(b"junk")
        time.sleep(1.5)
        assert Client(url).generate(latents).shape == (4, 28, 28, 1)


def test_models_are_found_where_they_lie(models, config):
    assert [m.name for m in locate(models / "plain")] == ["plain"]
    assert [m.name for m in locate(models)] == ["classes", "half_plus_three", "plain"]
    (one,) = locate(models / "classes" / "1")
    assert (one.name, [*one.wanted()]) == ("classes", [1])
    assert [*locate(models / "classes")[0].wanted()] == [2]
    listed = {m.name: m for m in locate(config)}
    assert listed["classes"].labels == {"stable": 1, "canary": 2}
    assert [*listed["classes"].wanted()] == [1, 2]


def test_what_is_no_model_is_explained(tmp_path, models):
    with pytest.raises(ValueError, match="There is nothing at"):
        locate(tmp_path / "none")
    with pytest.raises(ValueError, match=r"holds no SavedModel. Expected a file"):
        locate(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="is a SavedModel without a version"):
        locate(tmp_path)
    (tmp_path / "x.config").write_text("nonsense {")
    with pytest.raises(ValueError, match=r"is no models.config"):
        locate(tmp_path / "x.config")


def test_ctrl_c_ends_it_without_a_fuss(models, serve):
    with serve(models / "plain") as (_, process):
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        assert "Traceback" not in output
        assert process.returncode == 0


def test_an_address_of_ipv6_is_printed_as_one_can_open_it(capsys):
    try:
        listener = server.listen("[::1]", 0)
    except OSError:
        pytest.skip("there is no IPv6 here")
    with listener:
        port = listener.getsockname()[1]
        server.announce(types.SimpleNamespace(loaded={}), listener)
    assert capsys.readouterr().out == f"Serving on http://[::1]:{port}\n"


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"Cannot listen on 127.0.0.1:{port}.*--port"):
            server.listen("127.0.0.1", port)


def test_a_broken_model_ends_the_server_with_a_reason(tmp_path):
    (tmp_path / "broken" / "1").mkdir(parents=True)
    (tmp_path / "broken" / "1" / "saved_model.pb").write_bytes(b"junk")
    process = subprocess.run(
        server.command([tmp_path / "broken"], "127.0.0.1", 0),
        capture_output=True,
        text=True,
    )
    assert process.returncode == 1
    assert "keras-gan serve: No model could be loaded. broken 1:" in process.stderr
