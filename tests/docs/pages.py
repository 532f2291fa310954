"""What is in a page of Markdown: blocks of code, links, headings."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[a-z]*/*.md")}
)
_BLOCK = re.compile(
    r"(?P<before>[^\n]*)\n```(?P<language>\w+)\n(?P<text>.*?)^ *```", re.S | re.M
)


@dataclass
class Block:
    """A fenced block of a page, and the line that stands before it."""

    page: Path
    line: int
    before: str
    text: str

    @property
    def is_quote(self):
        """Whether it quotes a file, which a comment before it names."""
        return self.before.startswith("<!--")

    @property
    def place(self):
        return f"{name_of(self.page)}:{self.line}"


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks(page, *languages):
    """The fenced blocks of a page in some languages, in order."""
    text = "\n" + page.read_text()
    return [
        Block(
            page,
            text[: found.start("text")].count("\n"),
            found["before"],
            found["text"],
        )
        for found in _BLOCK.finditer(text)
        if found["language"] in languages
    ]


def prose(page):
    """A page without its fenced blocks and its code spans."""
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.S | re.M)
    return re.sub(r"`[^`\n]+`", lambda span: "x" * len(span[0]), text)


LINK = re.compile(r"\]\(([^)\s]+)\)")


def links(page):
    """The targets of a page's links and pictures."""
    return LINK.findall(prose(page))


def anchors(page):
    """What a page's headings are called in an address, as code hosts make it."""
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.S | re.M)
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *$", text, flags=re.M):
        plain = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found.add(next(s for s in _numbered(slug) if s not in found))
    return found


def _numbered(slug):
    yield slug
    number = 1
    while True:
        yield f"{slug}-{number}"
        number += 1
