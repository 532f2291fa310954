"""A headless Chromium for the tests of pages, and what a page asked for."""

import json
import shutil

import pytest

BROWSERS = ("chrome:", "chrome-untrusted:")  # the schemes of the browser's own pages
BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

FLAGS = (
    "headless=new",
    "no-sandbox",
    "disable-gpu",
    "disable-dev-shm-usage",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "window-size=1200,1100",
)


def open_browser(profile):
    """Start a browser that logs its console and its requests.

    Args:
        profile: an empty folder for the browser's files.

    Returns:
        A `selenium.webdriver.Chrome`.
    """
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
    if not (BROWSER and DRIVER):
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    browser.events = []
    return browser


def requested_urls(browser, address):
    """List the URLs that the page at an address asked for, its own included.

    Args:
        browser: from `open_browser`.
        address: str, what `browser.get` was called with.
    """
    for entry in browser.get_log("performance"):  # each entry is given once
        browser.events.append(json.loads(entry["message"]))
    return requests_of_page(browser.events, address)


def requests_of_page(events, address):
    """List the requests that begin with a page's document, in its own tab.

    The browser shows a start page in the tab before. That page may still ask for
    its parts while ours is loading. So a request is left out if its document, or
    its frame, was there before our document was requested, or if it opens a new frame
    with a page of the browser's, which pages from elsewhere cannot. All else counts:
    frames, scripts, and navigations to another place.

    Args:
        events: list of dicts with `webview` and `message`, as Chromium logs them.
        address: str, the URL of the page's document.
    """
    tab, frame, seen = None, None, []
    old = set()  # the documents and frames that were there before
    requests = [
        (event["webview"], event["message"]["params"])
        for event in events
        if event["message"]["method"] == "Network.requestWillBeSent"
    ]
    for webview, request in requests:
        url = request["request"]["url"]
        is_document = request.get("type") == "Document"
        is_ours = url.rstrip("/") == address.rstrip("/")
        if tab is None and is_ours and is_document:
            tab, frame = webview, request["frameId"]
            old -= {frame, "", None}
        ids = {request["loaderId"], request.get("frameId")}
        of_browser = is_document and url.startswith(BROWSERS)
        if tab is None or (of_browser and request["frameId"] != frame):
            old |= ids
        elif webview == tab and not ids & old:
            seen.append(url)
    if tab is None:
        raise ValueError(f"The browser never asked for {address}.")
    return seen
