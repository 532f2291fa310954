"""What the pages ask a server, by curl and by the client, is answered as printed."""

import json
import re
import shutil
import subprocess

import numpy as np
import pages
import pytest

from keras_gan.serving import server

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")
PAGES = [pages.ROOT / "docs" / "serving.md", pages.ROOT / "docs" / "guide/server.md"]
PRINTED = "http://127.0.0.1:8501"


@pytest.fixture
def address(given, tiny):
    """A server of the models that the pages name, on a free port."""
    given["gan"].export(tiny / "savedmodels" / "fashion")
    shutil.copytree(tiny / "savedmodels/fashion", tiny / "savedmodels/clothes")
    command = server.command([tiny / "savedmodels"], "127.0.0.1", 0)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            lines = iter(process.stdout.readline, "")
            yield next(filter(None, (re.search(r"http://\S+", li) for li in lines)))[0]
        finally:
            process.terminate()


def curls(page, address):
    for block in pages.blocks(page, "sh", "shell", "bash"):
        text = block.text.replace(PRINTED, address).replace("\\\n", " ")
        yield from (line for line in text.splitlines() if line.startswith("curl "))


def test_curl_and_the_client(address, given):
    commands = [command for page in PAGES for command in curls(page, address)]
    assert len(commands) >= 5
    for command in commands if shutil.which("curl") else ():
        done = subprocess.run(
            command, shell=True, capture_output=True, text=True, check=True
        )
        answer = json.loads(done.stdout)
        assert "error" not in answer, f"{command}\n{done.stdout}"

    for page in PAGES:
        found = [b for b in pages.blocks(page, "python") if "Client(" in b.text]
        assert found, page
        for block in found:
            exec(block.text.replace(PRINTED, address), given)
            assert given["images"].shape == (8, 28, 28, 1)
    assert given["files"][0].startswith(b"\x89PNG")
    assert np.abs(given["images"]).max() <= 1
