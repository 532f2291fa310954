"""What MkDocs does for this site besides turning Markdown into pages.

The pages have the paths that they have in the repository, so that each link leads to
the same place here and on a code host. A source, a folder or a notebook that a page
links to becomes a page. Mathematics becomes MathML, which browsers draw themselves.
"""

import ast
import html
import json
import logging
import posixpath
import re
from pathlib import Path

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).parents[2]
PAGES = ("*.md", "docs/**/*.md", "savedmodels/*.md")
STATIC = (".png", ".webp", ".txt")  # links to these lead to the file itself
LINK = re.compile(r"(?<=\]\()(?![a-z]+:)([^)\s#]+)(?=[)#])")
CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]+`", re.S | re.M)
MATH = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.S)
REFERENCE = "reference/keras_gan.md"  # the place of what pdoc writes afterwards

SHALLOW = re.compile(r"\n\n {1,3}\S.*")  # list items go on after four spaces

log = logging.getLogger("mkdocs.hooks.site")


def on_config(config):
    """Take the navigation from the tables of docs/README.md and docs/guide.md."""
    guide = _entries("docs/guide.md", (ROOT / "docs/guide.md").read_text())
    config.nav = [{"Start": "README.md"}, {"All pages": "docs/README.md"}]
    for part in (ROOT / "docs/README.md").read_text().split("\n## ")[1:]:
        title = part.partition("\n")[0]
        entries = _entries("docs/README.md", part)
        if title == "Learn":
            entries[0] = {"The guide": ["docs/guide.md", *guide]}
        config.nav.append({title: entries})
    project = [
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "savedmodels/README.md",
    ]
    config.nav[-1][title] = [{"API reference": REFERENCE}, *project]
    return config


def _entries(page, text):
    """The first links of the rows of a page's tables, for the navigation."""
    rows = re.findall(r"^\| *\[([^\]]+)\]\(([^)]+)\)", text, re.M)
    return [{title: _page_at(page, link)} for title, link in rows]


def on_files(files, config):
    """Put the repository's pages, and what they link to, in place of docs/."""
    site = {
        file.src_uri: file
        for file in files
        if not Path(file.abs_src_path or "/").is_relative_to(ROOT / "docs")
    }

    def add(uri, level=InclusionLevel.INCLUDED, **source):
        if uri not in site:
            site[uri] = File.generated(config, uri, inclusion=level, **source)

    pages = [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]
    linked = {}
    for path in pages:
        uri = path.relative_to(ROOT).as_posix()
        add(uri, abs_src_path=str(path))
        text = CODE.sub("", path.read_text())
        linked |= {_target(uri, link): None for link in LINK.findall(text)}
    pages = {name: _page_at("", name) for name in linked}
    for name, uri in pages.items():
        path = ROOT / name
        if path.suffix == ".ipynb":
            add(uri, content=_notebook(path))
        elif path.is_dir() and not (path / "README.md").exists():
            add(uri, InclusionLevel.NOT_IN_NAV, content=_folder(path, pages))
        elif path.suffix in STATIC:
            add(uri, abs_src_path=str(path))
        elif path.is_file():  # a link to nothing is reported by MkDocs
            add(uri, InclusionLevel.NOT_IN_NAV, content=_source(path))
    add(REFERENCE, content="# API reference\n\n`bash docs/build` writes it here.\n")
    return Files(site.values())


def _target(page, link):
    """The path in the repository that a link of a page means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def _page_at(page, link):
    """The site's file that a link of a page leads to."""
    name = _target(page, link)
    if (ROOT / name).is_dir():
        has_page = (ROOT / name / "README.md").exists()
        return posixpath.join(name, "README.md" if has_page else "index.md")
    return name if name.endswith((".md", *STATIC)) else f"{name}.md"


def _title(path):
    return f"---\nsearch:\n  exclude: true\n---\n\n# `{path.relative_to(ROOT)}`\n\n"


def _source(path):
    return f"{_title(path)}```````python\n{path.read_text()}\n```````\n"


def _folder(path, pages):
    """List the modules and folders of a folder, with their first lines."""
    rows = ["| | |", "|---|---|"]
    for entry in sorted(path.iterdir()):
        module = entry / "__init__.py" if entry.is_dir() else entry
        if module.suffix != ".py" or not module.exists():
            continue
        line = (ast.get_docstring(ast.parse(module.read_text())) or "").partition("\n")
        known = entry.relative_to(ROOT).as_posix() in pages
        name = f"[`{entry.name}`]({entry.name})" if known else f"`{entry.name}`"
        rows.append(f"| {name} | {html.escape(line[0])} |")
    return _title(path) + "\n".join(rows) + "\n"


def _notebook(path):
    """A notebook as a page: text and code, in order."""
    cells = []
    for cell in json.loads(path.read_text())["cells"]:
        text = "".join(cell["source"])
        is_code = cell["cell_type"] == "code"
        cells.append(f"```python\n{text}\n```" if is_code else text)
    return "\n\n".join(cells) + "\n"


def on_page_markdown(markdown, page, config, files):
    """Let links lead to the pages of sources, folders and notebooks."""
    for line in SHALLOW.findall(CODE.sub("", markdown)):
        log.warning("%s: indent by four: %s", page.file.src_uri, line.strip())
    here = posixpath.dirname(page.file.src_uri)

    def follow(link):
        uri = _page_at(page.file.src_uri, link[1])
        return posixpath.relpath(uri, here or ".")

    parts, end = [], 0
    for code in (*CODE.finditer(markdown), None):
        start = code.start() if code else len(markdown)
        parts += [LINK.sub(follow, markdown[end:start]), code[0] if code else ""]
        end = code.end() if code else start
    return "".join(parts)


def on_page_content(content, page, config, files):
    """Write mathematics as MathML."""

    def draw(math):
        tex = html.unescape(math[2])
        markup = convert(tex, display="inline" if math[1] == "span" else "block")
        if "\\" in markup:
            log.warning("%s: MathML does not know this: %s", page.file.src_uri, tex)
        return markup

    return MATH.sub(draw, content)
