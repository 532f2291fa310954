"""The report: what is in it, and what a browser makes of it."""

import base64
import io
import json
import re
import shutil
import time

import pytest
from PIL import Image

from keras_gan.runs import report
from keras_gan.runs.report import pictures

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


@pytest.fixture(scope="module")
def page(folder):
    return report.write(folder)


def test_it_is_one_file_that_asks_no_other_host(page):
    text = page.read_text()
    assert page.name == "report.html"
    assert not re.search(r"(src|href)=.(?!data:)", text)
    assert not re.search(r"https?://|url\(|@import|fetch\(", text)
    assert text.count("data:image/png;base64,") == 31 + 1
    assert text.count("data:image/webp;base64,") == 1


def test_what_is_no_markup_is_escaped(page):
    text = page.read_text()
    assert "<b>mine" not in text
    assert "&lt;b&gt;mine &amp; yours&lt;/b&gt;" in text


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"is not the folder of a run"):
        report.write(tmp_path)


def test_a_run_that_has_just_begun(folder, tmp_path):
    shutil.copy(folder / "settings.json", tmp_path)
    text = report.write(tmp_path).read_text()
    assert "under way" in text
    assert text.count("None yet.") == 2
    assert 'id="time"' not in text


def test_a_long_run_shows_forty_grids_evenly():
    grids = pictures.thinned({epoch: epoch for epoch in range(0, 2001, 10)})
    assert len(grids) == 40
    assert (min(grids), max(grids)) == (0, 2000)
    steps = [b - a for a, b in zip(list(grids), list(grids)[1:], strict=False)]
    assert set(steps) <= {50, 60}


def test_large_grids_are_packed(tmp_path):
    path = tmp_path / "grid.png"
    Image.effect_noise((600, 600), 80).save(path)
    uri = pictures.data_uri(path)
    kind, data = uri.split(";base64,")
    assert kind == "data:image/webp"
    assert len(data) < path.stat().st_size
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        assert image.size == (600, 600)
    Image.new("L", (8, 8)).save(path)  # read again when the file has changed
    assert pictures.data_uri(path).startswith("data:image/png")


@pytest.fixture(scope="module")
def browser(page, tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    if not (BROWSER and DRIVER):
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-dev-shm-usage",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
        "window-size=1200,1100",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    browser.get(page.as_uri())
    yield browser
    browser.quit()


def move(browser, value):
    browser.execute_script(
        "const e = document.getElementById('time'); e.value = arguments[0];"
        "e.dispatchEvent(new Event('input'));",
        value,
    )


def shown_epoch(browser):
    """The epoch that the shown picture tells by its first pixel."""
    source = browser.find_element("id", "grid").get_attribute("src")
    with Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))) as image:
        return image.getpixel((0, 0))


def test_the_slider_goes_through_time(browser):
    assert shown_epoch(browser) == 30
    for epoch in (0, 7, 30):
        move(browser, epoch)
        assert shown_epoch(browser) == epoch
        assert browser.find_element("id", "epoch").text == str(epoch)


def test_the_slider_points_into_the_curves(browser):
    move(browser, 20)
    charts = browser.find_elements("css selector", ".curves svg")
    assert len(charts) == 4
    ends = [
        (float(c.get_attribute("data-left")), float(c.get_attribute("data-right")))
        for c in charts
    ]
    cursors = browser.find_elements("css selector", ".cursor")
    for (left, right), cursor in zip(ends, cursors, strict=True):
        x = float(cursor.get_attribute("x1"))
        assert x == pytest.approx(left + 19 / 29 * (right - left), abs=0.1)
    values = [o.text for o in browser.find_elements("css selector", ".legend output")]
    assert values[0] == "5"  # the distance after epoch 20 is 100 / 20
    move(browser, 21)
    assert browser.find_element("css selector", ".legend output").text == "\u2013"


def test_play_runs_from_the_first_to_the_last(browser):
    move(browser, 30)
    button = browser.find_element("id", "play")
    button.click()
    assert button.text == "Stop"
    deadline = time.monotonic() + 30
    seen = set()
    while button.text == "Stop":
        assert time.monotonic() < deadline
        seen.add(browser.find_element("id", "epoch").text)
        time.sleep(0.05)
    assert {"0", "15", "30"} <= seen
    assert shown_epoch(browser) == 30


def test_all_pictures_load(browser):
    sizes = browser.execute_script(
        "return [...document.images].map(i => [i.naturalWidth, i.naturalHeight])"
    )
    assert sizes == [[64, 64], [64, 64]]


def test_light_and_dark(browser):
    backgrounds = set()
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        backgrounds.add(
            browser.execute_script(
                "return getComputedStyle(document.body).backgroundColor"
            )
        )
    assert backgrounds == {"rgb(251, 250, 248)", "rgb(23, 24, 26)"}


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_no_scrolling_sideways(browser, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": True},
    )
    try:
        needed = browser.execute_script("return document.documentElement.scrollWidth")
        assert needed <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_settings_versions_and_metrics_are_shown(browser):
    text = browser.find_element("tag name", "body").text
    for words in ("keras 3.15.0", "0.0002 to 5e-05, burning in", "19,200", "3.333"):
        assert words in text
    assert "keras-gan train mine --images 19200" in text
    assert "1 min 45 s" in text


def test_nothing_is_logged_and_nothing_is_asked(browser, page):
    assert browser.get_log("browser") == []
    asked = []
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
    others = [u for u in asked if not u.startswith(("data:", "chrome:"))]
    assert set(others) <= {page.as_uri()}
