"""Rows of a table from the server: those of `sample`, or an error that says why."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import chromium
import numpy as np
import pandas as pd
import pytest
import toy

from keras_gan import serving
from keras_gan.serving import by_file
from keras_gan.serving.models import Models
from keras_gan.serving.sources import ModelSource

sys.path.append(str(Path(__file__).parents[1] / "tables"))
from small_tables import mixed, small_gan

pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture(scope="module")
def gan():
    frame = mixed(128)
    gan = small_gan(frame)
    gan.fit(frame, batch_size=64, verbose=0)
    return gan


@pytest.fixture(scope="module")
def address(gan, tmp_path_factory):
    """The address of a server in a thread."""
    folder = tmp_path_factory.mktemp("models") / "people"
    gan.export(folder)
    models = Models([ModelSource("people", folder)])
    models.refresh()
    server = toy.Running(models, {})
    yield server.address
    server.stop()


@pytest.fixture
def ask(address):
    import urllib3

    def ask(method, **request):
        url = f"{address}/v1/models/people:{method}"
        answer = urllib3.request("POST", url, body=json.dumps(request))
        return answer.status, answer.data

    return ask


def test_rows_of_a_seed_are_those_of_sample(gan, address, ask):
    where = {"job": "cook", "age": (30, 60)}
    rows = serving.Client(address).rows(20, seed=3, where=where)
    expected = gan.sample(20, seed=3, where=where)
    found = pd.DataFrame(rows)
    assert list(found) == list(expected)
    same = found["age"] == expected["age"]
    assert same.mean() > 0.9  # a row may fall to another side by the last bit
    if same.all():
        np.testing.assert_allclose(found["gap"].astype(float), expected["gap"])
        assert found["text_day"].tolist() == expected["text_day"].tolist()
        assert found["day"].tolist() == expected["day"].astype(str).tolist()
        assert found["is_old"].tolist() == expected["is_old"].tolist()
    assert (found["job"] == "cook").all()
    assert found["age"].between(30, 60).all()
    status, body = ask("rows", num_rows=2, seed=1)
    assert status == 200
    assert json.loads(body)["seed"] == 1
    assert len(json.loads(ask("rows")[1])["rows"]) == 10


def test_rows_are_decoded_without_keras_and_pandas():
    code = (
        "import importlib.util, pathlib, sys\n"
        "for name in ('keras', 'keras_gan', 'pandas'):\n"
        "    sys.modules[name] = None\n"
        f"path = {by_file.__file__!r}\n"
        "spec = importlib.util.spec_from_file_location('by_file', path)\n"
        "by_file = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(by_file)\n"
        "print(by_file.module('tables', 'row_draw').RowDraw.__name__)\n"
    )
    process = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True
    )
    assert process.stdout.strip() == "RowDraw", process.stderr


def test_csv_has_the_same_rows(ask):
    asked = {
        "num_rows": 30,
        "seed": 2,
        "where": {"day": {"from": "2021-01-01", "to": "2030-01-01"}},
    }
    rows = json.loads(ask("rows", **asked)[1])["rows"]
    status, body = ask("csv", **asked)
    assert status == 200
    read = list(csv.DictReader(io.StringIO(body.decode())))
    assert [row["day"] for row in read] == [row["day"] for row in rows]
    assert min(row["day"] for row in read) >= "2021-01-01"
    assert [row["gap"] == "" for row in read] == [row["gap"] is None for row in rows]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"where": {"jobs": "cook"}}, "names the column 'jobs'. The columns are"),
        ({"where": {"job": "baker"}}, "which no training row has. There are: 'cook'"),
        ({"where": {"age": {"from": 90, "to": 99}}}, "whose values run from 18 to"),
        ({"where": {"age": {"low": 9}}}, 'or {"from": low, "to": high}'),
        ({"where": {"day": "soon"}}, "in the column 'day', whose values run from 2020"),
        ({"where": ["job"]}, "'where' must be an object"),
        ({"num_rows": 0}, "'num_rows' must be an integer from 1 to 4096. Received: 0"),
        ({"num_rows": 5000}, "from 1 to 4096. Received: 5000"),
        ({"num_rows": "5"}, "from 1 to 4096"),
        ({"seed": -1}, "'seed' must be an integer from 0"),
        ({"rows": 5}, "the keys ['rows']. Expected 'num_rows'"),
    ],
)
def test_what_cannot_be_answered_has_status_400(ask, request_, message):
    status, body = ask("rows", **request_)
    assert status == 400
    assert message in json.loads(body)["error"]


def test_the_page_shows_the_table(address, tmp_path):
    browser = chromium.open_browser(tmp_path)
    try:
        browser.get(address)
        count = "return document.querySelectorAll('#rows tbody tr').length"
        for _ in range(2000):
            if browser.execute_script(count) == 20:
                break
        names = [
            cell.text for cell in browser.find_elements("css selector", "#rows th")
        ]
        assert names[:3] == ["age", "debt", "job"]
        assert browser.find_element("id", "row-save").is_displayed()
        assert not browser.find_element("id", "controls").is_displayed()
        assert ":rows" in browser.find_element("id", "curl").text
        browser.save_screenshot(str(tmp_path / "table.png"))
    finally:
        browser.quit()
