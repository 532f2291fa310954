"""Every link of every page leads somewhere."""

from urllib.parse import urlsplit

import pages
import pytest

pytestmark = pytest.mark.backends("tensorflow", reason="no backend code: run once")


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name_of)
def test_links(page):
    for link in pages.links(page):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", f"{link} is not encrypted"
            assert "." in parts.netloc, f"{link} names no host"
            continue
        assert not parts.path.startswith("/"), f"{link} is not relative"
        target = (page.parent / parts.path).resolve() if parts.path else page
        assert target.exists(), f"{link}: there is no such file"
        assert target.is_relative_to(pages.ROOT), f"{link} leaves the repository"
        if parts.fragment:
            assert parts.fragment in pages.anchors(target), f"{link}: no such heading"


def test_every_page_is_found_from_the_readme_in_two_clicks():
    found = {pages.ROOT / "README.md"}
    for _ in range(2):
        found |= {
            (page.parent / link.split("#")[0]).resolve()
            for page in found
            if page.suffix == ".md"
            for link in pages.links(page)
            if "://" not in link
        }
    lost = {page for page in pages.PAGES if page not in found}
    assert not lost, sorted(map(pages.name_of, lost))


def test_anchors_are_those_of_code_hosts(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# `fit`: what *it* does\n\n## One\n\n## One\n\n```\n# no\n```\n")
    assert pages.anchors(page) == {"fit-what-it-does", "one", "one-1"}
