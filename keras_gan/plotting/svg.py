"""Figures as SVG elements of an HTML page, coloured by the style sheet of reports."""

import io
import re
from html import escape
from importlib import resources

import matplotlib
from matplotlib.figure import Figure

from keras_gan.plotting import style

# Matplotlib draws in these colours. In the page each is the variable of this name of
# the style sheet, which has a light and a dark value.
COLOURS = {
    "data": style.DATA,
    "generator": style.GENERATOR,
    "discriminator": style.DISCRIMINATOR,
    "other": style.OTHER,
    "faint": style.FAINT,
    "line": style.RULE,
}


def style_sheet() -> str:
    """Return the style sheet that reports share."""
    path = resources.files("keras_gan.plotting") / "report.css"
    return path.read_text(encoding="utf-8")


def settings(title: str) -> dict:
    """Return the settings with which Matplotlib draws for a page.

    Args:
        title: str, of the figure; the ids in the file depend on it alone.
    """
    return {
        "svg.fonttype": "none",  # text stays text, in the font of the page
        "svg.hashsalt": title,
        "font.family": "DejaVu Sans",
        "font.size": 8,
    }


def inline(figure: Figure, title: str) -> str:
    """Return a figure as an SVG element. The same figure gives the same bytes.

    Args:
        figure: a `matplotlib.figure.Figure`.
        title: str, the accessible name.
    """
    with matplotlib.rc_context(settings(title)):
        file = io.StringIO()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    text = file.getvalue()
    element = text[text.index("<svg") :]
    # HTML knows the namespaces. The style sheet of the file would be the page's.
    element = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", element)
    element = element.replace("xlink:href", "href")
    element = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", element, flags=re.S)
    used = set(re.findall(r'href="#([^"]*)"', element))
    used |= set(re.findall(r"url\(#([^)]*)\)", element))
    element = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in used else "", element)
    for name, colour in COLOURS.items():
        element = element.replace(colour, f"var(--{name})")
    element = re.sub(r"\s*\n\s*", " ", element).strip()
    return element.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
