"""The site has every page, no broken link, and asks no other host for anything."""

import os
import re
import subprocess
import sys
from urllib.parse import unquote

import chromium
import pages
import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")

pytest.importorskip("material", reason="needs mkdocs-material")
ASKS = re.compile(r'<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)="([^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir"]
    done = subprocess.run(
        [sys.executable, *command, folder],
        cwd=pages.ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def texts(site):
    return {page: page.read_text() for page in sorted(site.rglob("*.html"))}


def at(site, page):
    """Where a page of the repository is on the site."""
    path = page.relative_to(pages.ROOT)
    return site / path.with_name(
        "index.html" if path.name == "README.md" else f"{path.stem}.html"
    )


def test_every_page_is_there_and_in_the_navigation(site, texts):
    start = texts[site / "index.html"]
    for page in pages.PAGES:
        place = at(site, page)
        assert place in texts, pages.name_of(page)
        link = f'href="{place.relative_to(site).as_posix()}"'
        assert link in start or page.name == "README.md", link
    assert 'href="reference/keras_gan.html"' in start


def test_every_link_leads_somewhere(site, texts):
    """MkDocs checked the links of Markdown; these are those of the theme too."""
    for page, text in texts.items():
        for link in re.findall(r'(?:href|src)="([^"#]*)(?:#[^"]*)?"', text):
            if ":" not in link and page.name != "404.html":
                target = page.parent / unquote(link).partition("?")[0]
                assert target.exists(), f"{link} on {page.relative_to(site)}"


def test_no_page_asks_another_host(site, texts):
    for page, text in texts.items():
        for link in ASKS.findall(text):
            own = not re.match(r"(?:[a-z]+:)?//", link) or 'rel="canonical"' in link
            assert own, f"{link} on {page.relative_to(site)}"


def test_sources_folders_and_notebooks_are_pages(site, texts):
    losses = texts[site / "keras_gan" / "losses.py.html"]
    assert "NonSaturating" in losses
    layers = texts[site / "keras_gan" / "layers" / "index.html"]
    assert 'href="packing.py.html"' in layers
    notebook = texts[site / "notebooks" / "first_gan.ipynb.html"]
    assert "<code>" in notebook
    assert '"cell_type"' not in notebook


def test_lists_and_tables_are_those_of_a_code_host(site, texts):
    """Where a list goes on after a table, Markdown's dialects differ."""
    for page in pages.PAGES:
        article = texts[at(site, page)].partition("<article")[2].partition("</art")[0]
        prose = pages.prose(page)
        items = re.findall(r"^ *(?:[-*]|[1-9]\.) ", prose, re.M)
        assert article.count("<li>") == len(items), pages.name_of(page)
        tables = re.findall(r"^ *\|(?:[ :]*-+[ :]*\|)+$", prose, re.M)
        assert article.count("<table>") == len(tables), pages.name_of(page)


def test_mathematics_is_drawn_without_a_script(site, texts):
    game = texts[site / "docs" / "guide" / "game.html"]
    assert game.count("<math xmlns=") > 20
    assert not any("arithmatex" in text for text in texts.values())


def test_a_browser_shows_a_page(site, tmp_path):
    browser = chromium.open_browser(tmp_path)
    try:
        address = (site / "docs" / "guide" / "game.html").as_uri()
        browser.get(address)
        asked = chromium.requested_urls(browser, address)
        assert len(asked) > 3
        assert all(url.startswith(("file:", "data:", "blob:")) for url in asked), asked
        height = "return document.querySelector('math mfrac').clientHeight"
        assert browser.execute_script(height) > 15  # numerator above denominator
        problems = [e["message"] for e in browser.get_log("browser")]
        problems = [p for p in problems if "search" not in p]  # it needs a server
        assert not problems, problems
    finally:
        browser.quit()
