"""The page, driven in a headless browser as a person would."""

import base64
import json
import time

import chromium
import numpy as np
import pytest

from keras_gan.serving import Client

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
pytestmark = pytest.mark.backends("tensorflow", reason="the server runs TensorFlow")


@pytest.fixture(scope="module")
def one_model(models, serve):
    with serve(models / "classes") as (address, _):
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory, one_model):
    browser = chromium.open_browser(tmp_path_factory.mktemp("profile"))
    browser.get(one_model)
    wait_for(browser, "document.querySelectorAll('#grid img').length === 16")
    yield browser
    browser.quit()


def wait_for(browser, condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not browser.execute_script(f"return {condition}"):
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)


def choose_model(browser, name):
    browser.execute_script(
        "const e = document.getElementById('model'); e.value = arguments[0];"
        "e.dispatchEvent(new Event('change'));",
        name,
    )
    wait_for(
        browser, f"document.getElementById('about').innerText.startsWith('{name}')"
    )


def wait_until_drawn(browser):
    wait_for(browser, "document.querySelector('#grid[aria-busy=false] img') !== null")


def move(browser, name, value):
    browser.execute_script(
        "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
        "e.dispatchEvent(new Event('input'));",
        name,
        value,
    )
    wait_until_drawn(browser)


def pictures(browser):
    return browser.execute_script(
        "return [...document.querySelectorAll('#grid img')].map(i => i.src)"
    )


def text(browser, name):
    return browser.find_element("id", name).text


def test_the_seed_slider_is_deterministic(browser, one_model):
    move(browser, "class", -1)
    move(browser, "seed", 100)
    first = pictures(browser)
    move(browser, "seed", 101)
    second = pictures(browser)
    assert second[:15] == first[1:]  # each seed has its picture
    move(browser, "seed", 100)
    assert pictures(browser) == first
    assert len(set(first)) == 16
    files = Client(one_model).png(16, seed=100)
    shown = [base64.b64decode(p.split(",")[1]) for p in first]
    assert shown == files


def test_class_and_truncation_change_the_pictures(browser):
    move(browser, "seed", 5)
    free = pictures(browser)
    move(browser, "class", 2)
    of_class = pictures(browser)
    assert of_class != free
    assert text(browser, "class-value") == "2"
    move(browser, "truncation", 0.3)
    assert pictures(browser) != of_class
    assert float(text(browser, "truncation-value")) == pytest.approx(0.3)
    move(browser, "truncation", 3)
    assert text(browser, "truncation-value") == "none"
    assert pictures(browser) == of_class


def test_new_samples_are_new(browser):
    move(browser, "seed", 3)
    before = pictures(browser)
    browser.find_element("id", "fresh").click()
    time.sleep(0.05)
    wait_until_drawn(browser)
    assert pictures(browser) != before


def test_the_curl_line_fetches_what_is_shown(browser, one_model):
    move(browser, "seed", 40)
    line = text(browser, "curl")
    command, body, url = line.split("'")[0], line.split("'")[1], line.split()[-1]
    assert command == "curl -d "
    assert url == f"{one_model}/v1/models/classes:predict"
    request = json.loads(body)
    answer = Client(one_model).predict(
        {k: np.array(v) for k, v in request["inputs"].items()},
        request["signature_name"],
    )
    shown = [base64.b64decode(p.split(",")[1]) for p in pictures(browser)]
    assert list(answer["image_bytes"]) == shown


def test_the_walk_plays_from_one_chosen_picture_to_another(browser):
    move(browser, "seed", 0)
    tiles = browser.find_elements("css selector", "#grid button")
    tiles[3].click()
    tiles[9].click()
    ends = [
        browser.execute_script(f"return {i}.value")
        for i in ('document.getElementById("from")', 'document.getElementById("to")')
    ]
    assert sorted(ends) == ["3", "9"]
    browser.find_element("id", "play").click()
    seen = set()
    deadline = time.monotonic() + 30
    while len(seen) < 10:
        assert time.monotonic() < deadline
        seen.add(browser.find_element("id", "walk-picture").get_attribute("src"))
        time.sleep(0.03)
    assert text(browser, "play") == "Stop"
    browser.find_element("id", "play").click()
    assert text(browser, "play") == "Play"
    move(browser, "position", 0)
    assert text(browser, "position-value") == "0 %"


def test_the_grid_downloads_as_one_png(browser):
    move(browser, "seed", 0)
    size = browser.execute_async_script(
        "const done = arguments[0];"
        "HTMLAnchorElement.prototype.click = function () {"
        "  const i = new Image(); i.onload = () => done([this.download, i.width,"
        "  i.height]); i.src = this.href; };"
        "document.getElementById('download').click();"
    )
    assert size == ["classes-seed-0.png", 112, 112]


def test_everything_is_reached_by_keyboard(browser):
    keys = webdriver.Keys
    browser.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    body = browser.find_element("tag name", "body")
    reached = []
    for _ in range(30):
        webdriver.ActionChains(browser).send_keys(keys.TAB).perform()
        reached.append(browser.switch_to.active_element.get_attribute("id"))
    assert body is not None
    wanted = {"seed", "truncation", "class", "count", "fresh", "download"}
    assert wanted | {"from", "to", "play", "position", "copy"} <= set(reached)
    seed = browser.find_element("id", "seed")
    before = int(seed.get_attribute("value"))
    seed.send_keys(keys.ARROW_RIGHT)
    wait_until_drawn(browser)
    assert text(browser, "seed-value") == str(before + 1)


def test_a_phone_shows_it_without_scrolling_sideways(browser):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True},
    )
    try:
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert width <= 360
        heights = browser.execute_script(
            "return [...document.querySelectorAll('.buttons button, #play, #copy')]"
            ".filter(e => e.offsetParent !== null)"
            ".map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 40  # a finger's width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_is_logged_and_no_other_host_is_asked(browser, one_model):
    move(browser, "seed", 1)
    assert browser.get_log("browser") == []
    asked = chromium.requested_urls(browser, one_model)
    assert any(url.endswith(":predict") for url in asked)
    others = [url for url in asked if not url.startswith((one_model, "data:"))]
    assert others == []


def test_a_model_without_classes_has_no_class_slider(browser, models, serve):
    first = browser.current_window_handle
    with serve(models / "plain") as (address, _):
        browser.switch_to.new_window("tab")
        try:
            browser.get(address)
            wait_until_drawn(browser)
            assert not browser.find_element("id", "class-control").is_displayed()
            assert browser.find_element("id", "seed").is_displayed()
            picture = "document.getElementById('walk-picture')"
            wait_for(browser, f"{picture}.complete && {picture}.naturalWidth > 0")
        finally:
            browser.close()
            browser.switch_to.window(first)
