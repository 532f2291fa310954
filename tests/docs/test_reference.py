"""The API reference is built without a warning, and every public name is in it."""

import os
import re
import subprocess
import sys

import pages
import public
import pytest

pytestmark = pytest.mark.backends("torch", reason="no backend code: run once")

pytest.importorskip("pdoc")
# To colour the source and to index the pages takes longer than all else.
QUICK = ("--no-show-source", "--no-search")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        ["bash", pages.ROOT / "docs" / "reference" / "build", folder, *QUICK],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_every_public_name_has_its_place(site):
    for name, _ in public.names():
        module, _, own = name.rpartition(".")
        page = site / f"{module.replace('.', '/')}.html"
        assert f'id="{own}"' in page.read_text(), f"{name} is not on {page.name}"


def test_links_within_the_reference(site):
    for page in site.rglob("*.html"):
        text = re.sub(r"<script.*?</script>", "", page.read_text(), flags=re.S)
        for link in re.findall(r'href="([^"]+)"', text):
            if not link.startswith(("http", "data:", "#")):
                path = page.parent / link.split("#")[0]
                assert path.exists(), f"{link} on {page.name}"


def test_docstrings_are_rendered(site):
    """Sections are lists, fenced code is code, and no Markdown is left over."""
    page = (site / "keras_gan" / "losses.html").read_text()
    text = re.sub(r"<pre>.*?</pre>", "", page, flags=re.S)
    assert "```" not in text
    assert re.search(r"<strong>label_smoothing:</strong>", page)


def test_constructors_show_their_arguments(site):
    page = (site / "keras_gan" / "losses.html").read_text()
    assert 'id="NonSaturating.__init__"' in page
    assert 'id="NonSaturating.get_config"' not in page
