"""The report: what is in it, and what a browser makes of it."""

import base64
import io
import json
import re
import shutil
import time

import chromium
import pytest
from PIL import Image

from keras_gan.runs import report
from keras_gan.runs.report import pictures

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.fixture(scope="module")
def page(folder):
    return report.write(folder)


def test_it_is_one_file_that_asks_no_other_host(page):
    text = page.read_text()
    assert page.name == "report.html"
    assert not re.search(r"(src|href)=.(?!data:|#)", text)
    assert not re.search(r"https?://|url\(|@import|fetch\(", text)
    assert text.count("data:image/png;base64,") == 31 + 1
    assert text.count("data:image/webp;base64,") == 1


def test_what_is_no_markup_is_escaped(page):
    text = page.read_text()
    assert "<b>mine" not in text
    assert "&lt;b&gt;mine &amp; yours&lt;/b&gt;" in text


def test_markup_in_any_file_of_the_folder_is_escaped(folder, tmp_path):
    evil = "</script><script>alert(1)</script>"
    settings = json.loads((folder / "settings.json").read_text())
    names = {"name": evil, "description": evil, evil: {evil: [evil]}}
    preset = settings["preset"] | names
    changed = settings | {"preset": preset, "command": [evil, 1], evil: evil}
    (tmp_path / "settings.json").write_text(json.dumps(changed))
    log = f"epoch,images,seconds,val_{evil}\n1,8,0.5,2\n"
    (tmp_path / "log.csv").write_text(log)
    measured = {"epoch": 1, "metrics": {evil: 1.0}, "described": [evil, 2]}
    (tmp_path / "metrics.json").write_text(json.dumps(measured))
    page = report.write(tmp_path).read_text()
    assert "<script>alert" not in page
    assert page.count("alert(1)") >= 10


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"is not the folder of a run"):
        report.write(tmp_path)


def test_a_run_that_has_just_begun(folder, tmp_path):
    shutil.copy(folder / "settings.json", tmp_path)
    text = report.write(tmp_path).read_text()
    assert "<dd>running</dd>" in text
    assert text.count("None yet.") == 2
    assert 'id="time"' not in text


def test_a_long_run_shows_forty_grids_evenly():
    grids = pictures.thin_out({epoch: epoch for epoch in range(0, 2001, 10)})
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
    browser = chromium.open_browser(tmp_path_factory.mktemp("profile"))
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
    charts = browser.find_elements("css selector", ".chart")
    assert len(charts) == 4
    ends = [
        (float(c.get_attribute("data-left")), float(c.get_attribute("data-right")))
        for c in charts
    ]
    cursors = browser.find_elements("css selector", ".cursor")
    for (left, right), cursor in zip(ends, cursors, strict=True):
        chart = cursor.find_element("xpath", "..")
        x = (cursor.rect["x"] - chart.rect["x"]) / chart.rect["width"]
        expected = left + 19 / 29 * (right - left)
        assert 100 * x == pytest.approx(expected, abs=0.3)
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
    for words in ("keras 3.15.0", "0.0002 to 5e-05, along a cosine", "19,200", "3.333"):
        assert words in text
    assert "keras-gan train mine --images 19200" in text
    assert "1 min 45 s" in text


def test_nothing_is_logged_and_nothing_is_asked(browser, page):
    assert browser.get_log("browser") == []
    asked = chromium.requested_urls(browser, page.as_uri())
    others = [url for url in asked if not url.startswith("data:")]
    assert set(others) == {page.as_uri()}


TALKATIVE = """<!doctype html><title>x</title>
<img src="http://127.0.0.1:9/picture.png">
<iframe src='data:text/html,<img src="http://127.0.0.1:9/frame.png">'></iframe>
<script>
fetch("http://127.0.0.1:9/script").catch(() => 0).then(() => setTimeout(() => {
  document.title = "asked"; location = "http://127.0.0.1:9/next"; }, 200));
</script>
"""


def test_a_page_that_asks_another_host_is_found_out(browser, tmp_path):
    page = tmp_path / "talkative.html"
    page.write_text(TALKATIVE)
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    try:
        browser.get(page.as_uri())
        wanted = {"picture.png", "frame.png", "script", "next"}
        deadline = time.monotonic() + 30
        found = set()
        while not wanted <= found:
            assert time.monotonic() < deadline, found
            urls = chromium.requested_urls(browser, page.as_uri())
            found = {url.split("/")[-1] for url in urls if "127.0.0.1:9/" in url}
            time.sleep(0.05)
        assert page.as_uri() in urls
    finally:
        browser.close()
        browser.switch_to.window(first)


def test_the_start_page_of_the_browser_is_not_counted():
    page, other = "http://127.0.0.1:80/", "http://example.com/"
    start = "chrome://new-tab-page/"

    def event(url, loader, frame="main", kind="Image", tab="tab"):
        params = {"loaderId": loader, "frameId": frame, "type": kind}
        params["request"] = {"url": url}
        message = {"method": "Network.requestWillBeSent", "params": params}
        return {"webview": tab, "message": message}

    before = [
        event(start, "start", kind="Document"),
        event(start + "frame", "start frame", "child", "Document"),
        event(page, "page", kind="Document"),
        event(start + "late.js", "start"),  # of a document that goes
        event(start + "late frame", "new", "child", "Document"),
        event(start, "another", "another", "Document", tab="another"),
        event("chrome-untrusted://bar", "bar", "late", "Document"),  # a new frame of it
        event("chrome-untrusted://bar.js", "bar", "late"),
    ]
    assert chromium.requests_of_page(before, page) == [page]
    for asked in (
        event(other, "page"),
        event(other, "next", kind="Document"),  # a navigation
        event(other, "inner", "inner"),  # a frame of the page
        event(start, "next", kind="Document"),  # a navigation to the browser's
        event(other, "", None),  # a worker
        event(start, "page"),
    ):
        url = asked["message"]["params"]["request"]["url"]
        assert chromium.requests_of_page([*before, asked], page) == [page, url]
    with pytest.raises(ValueError, match="never asked for"):
        chromium.requests_of_page(before[:2], page)


def test_the_columns_of_a_translation_are_named(folder, tmp_path):
    from PIL import PngImagePlugin

    copied = shutil.copytree(folder, tmp_path / "run")
    page = report.write(copied).read_text()
    assert "The same latents after each epoch." in page
    text = PngImagePlugin.PngInfo()
    text.add_text("Description", "input | <b>output")
    path = copied / "samples" / "epoch_0030.png"
    with Image.open(path) as grid:
        grid.save(path, pnginfo=text)
    page = report.write(copied).read_text()
    assert "Columns: input | &lt;b&gt;output." in page
    assert "The same latents" not in page
