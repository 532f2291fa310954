"""Remake the guide's figures, and put the printed numbers into its text.

    python examples/guide/make_all.py             all of them
    python examples/guide/make_all.py balance     one

Writes `docs/images/guide/NAME.png`, and what each script prints into
`docs/images/guide/numbers.txt` and into the guide's pages.
"""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image

SCRIPTS = Path(__file__).parent
DOCS = SCRIPTS.parent.parent / "docs"
IMAGES = DOCS / "images" / "guide"
NAMES = sorted({path.stem for path in SCRIPTS.glob("*.py")} - {Path(__file__).stem})


def shrink(path):
    """Save a figure with 128 colours, at a third of its size."""
    with Image.open(path) as picture:
        if picture.mode != "L":
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
            few.save(path, optimize=True)


def read_numbers():
    """Return what every script printed, by its name."""
    path = IMAGES / "numbers.txt"
    text = path.read_text() if path.exists() else ""
    sections = re.split(r"^\$ python examples/guide/(\w+)\.py\n", text, flags=re.M)
    printed = (section.strip("\n") + "\n" for section in sections[2::2])
    return dict(zip(sections[1::2], printed, strict=True))


def write_numbers(numbers):
    text = "\n".join(
        f"$ python examples/guide/{name}.py\n{printed}"
        for name, printed in sorted(numbers.items())
    )
    (IMAGES / "numbers.txt").write_text(text)


def quote_numbers(numbers):
    """Put the numbers below the commands that printed them."""
    for page in (DOCS / "guide").glob("*.md"):
        text = page.read_text()
        for name, printed in numbers.items():
            command = f"```console\n$ python examples/guide/{name}.py\n"
            before, found, after = text.partition(command)
            if found:
                _, fence, rest = after.partition("```")
                text = before + command + printed + fence + rest
        page.write_text(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    args = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in args.names:
        start = time.perf_counter()
        command = [sys.executable, SCRIPTS / f"{name}.py"]
        command += ["--output", IMAGES / f"{name}.png"]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        shrink(IMAGES / f"{name}.png")
        numbers = {**read_numbers(), name: printed.stdout.strip("\n") + "\n"}
        write_numbers(numbers)
        quote_numbers(numbers)
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
